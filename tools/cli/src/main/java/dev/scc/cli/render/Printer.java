package dev.scc.cli.render;

import dev.scc.cli.failure.Problem;
import dev.scc.cli.view.View;
import dev.scc.cluster.view.EventList;
import dev.scc.cluster.view.PoolView;
import dev.scc.host.Json;
import dev.scc.host.Visible;
import java.io.PrintStream;
import java.util.Map;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Writes answers to standard output, failures and remarks to standard error, and nothing that a terminal would obey. */
public final class Printer {
    private final OutputFormat format;
    private final boolean quiet;
    private final PrintStream out;
    private final PrintStream err;

    public Printer(OutputFormat format, boolean quiet, PrintStream out, PrintStream err) {
        this.format = format;
        this.quiet = quiet;
        this.out = out;
        this.err = err;
    }

    public OutputFormat format() {
        return format;
    }

    /** About the pool. */
    public void answer(PoolView view) {
        switch (format) {
            case table -> out.print(Visible.text(Tables.of(view)));
            case name -> Names.of(view).stream().map(Visible::line).forEach(out::println);
            case json, yaml -> data(view);
        }
        out.flush();
    }

    /** About this machine. */
    public void answer(View view) {
        switch (format) {
            case table -> out.print(Visible.text(Tables.of(view)));
            case name -> Names.of(view).stream().map(Visible::line).forEach(out::println);
            case json, yaml -> data(view);
        }
        out.flush();
    }

    /** A drawing of ours that goes with a table, with its colours: nothing that others supplied may be in it as it is. */
    public void drawing(String lines) {
        if (format == OutputFormat.table) {
            out.print(lines);
            out.flush();
        }
    }

    private void data(Object view) {
        if (format == OutputFormat.yaml) {
            out.print(Visible.text(yaml(view)));
        } else {
            out.println(Visible.text(Json.pretty(view)));
        }
    }

    /** One of many answers that come one by one: a line each, whatever the format. */
    public void line(EventList.Row event) {
        switch (format) {
            case table -> out.println(Tables.line(event));
            case json, yaml -> out.println(Visible.line(Json.write(event)));
            case name -> out.println(Visible.line(event.what()));
        }
        out.flush();
    }

    /** What is worth saying but is not the answer; not said with {@code --quiet}. */
    public void remark(String text) {
        if (!quiet) {
            err.println(Visible.text(text));
        }
    }

    public void problem(Problem problem) {
        switch (format) {
            case json -> err.println(Visible.line(Json.write(Map.of("error", problem))));
            case yaml -> err.print(Visible.text(yaml(Map.of("error", problem))));
            case table, name -> err.print(text(problem));
        }
        err.flush();
    }

    private static String text(Problem problem) {
        StringBuilder text =
                new StringBuilder("scc: ").append(indented(problem.what())).append('\n');
        line(text, "node", problem.node());
        line(text, "step", problem.step());
        line(text, "why", problem.why());
        line(text, "done", problem.done());
        line(text, "next", problem.next());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("  %-4s  ".formatted(name)).append(indented(value)).append('\n');
        }
    }

    /** Whatever stands in it, no line of it can be taken for the beginning of another one of ours. */
    private static String indented(String value) {
        return Visible.text(value).replace("\n", "\n        ");
    }

    private static String yaml(Object value) {
        return YAMLMapper.builder()
                .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                .build()
                .writeValueAsString(value);
    }
}
