package dev.scc.bench;

import java.util.List;
import java.util.Locale;

/** What a benchmark came to; its JSON form is part of the contract with scripts. */
public record Result(String name, List<Row> rows, List<String> notes) {
    public Result {
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }

    /** The same as a Markdown table. */
    public String markdown() {
        StringBuilder text = new StringBuilder("# ").append(name).append("\n\n");
        text.append("| what | ours | other | ratio | target | met |\n|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.3f | %.3f | %.2f | %s | %s |%n",
                    row.what(),
                    row.ours(),
                    row.other(),
                    row.ratio(),
                    row.target(),
                    row.met() ? "yes" : "no"));
        }
        notes.forEach(note -> text.append("\n").append(note).append("\n"));
        return text.toString();
    }
}
