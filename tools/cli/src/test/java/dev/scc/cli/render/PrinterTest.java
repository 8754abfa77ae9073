package dev.scc.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Event;
import dev.scc.cluster.view.EventList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrinterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster",
                "clusters",
                "nodes",
                "node",
                "events",
                "audit",
                "audit-report",
                "audit-tree",
                "gc",
                "dry-run",
                "vpcs",
                "vpc",
                "vpc-dry-run",
                "doctor",
                "enis",
                "eni",
                "group-packets",
                "verify",
                "mesh",
                "testbed",
                "demo",
                "job",
                "jobs",
                "placement",
                "roots"
            })
    void jsonOfEachAnswerIsTheContract(String name) throws IOException {
        answer(printer(OutputFormat.json), name);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(golden(name + ".json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster",
                "clusters",
                "nodes",
                "node",
                "events",
                "audit",
                "audit-report",
                "audit-tree",
                "gc",
                "dry-run",
                "vpcs",
                "vpc",
                "vpc-dry-run",
                "doctor",
                "enis",
                "eni",
                "group-packets",
                "verify",
                "mesh",
                "testbed",
                "demo",
                "job",
                "jobs",
                "placement",
                "roots"
            })
    void tableOfEachAnswerIsAsReviewed(String name) throws IOException {
        answer(printer(OutputFormat.table), name);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(golden(name + ".txt"));
    }

    private static void answer(Printer printer, String name) {
        if (SampleViews.ofThisMachine().containsKey(name)) {
            printer.answer(Objects.requireNonNull(SampleViews.ofThisMachine().get(name)));
        } else {
            printer.answer(Objects.requireNonNull(SampleViews.ofThePool().get(name)));
        }
    }

    @Test
    void whatNodesAndPeopleSupplyIsShownAndNotObeyed() {
        String hostile = "\u001b[2J\u202e\r\nscc: all is well";
        Problem problem = new Problem(hostile, "n1", hostile, hostile, "", "");
        EventList.Row row = new EventList.Row("t", 1, Event.Kind.NODE, hostile, hostile);
        EventList list = new EventList(List.of(row));
        for (OutputFormat format : OutputFormat.values()) {
            printer(format).problem(problem);
            printer(format).answer(list);
            printer(format).line(row);
            printer(format).remark(hostile);
        }

        String all = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
        assertThat(all).doesNotContain("\u001b").doesNotContain("\u202e").doesNotContain("\r");
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).noneMatch(line -> line.startsWith("scc: all"));
    }

    @Test
    void namesAreOneALine() {
        printer(OutputFormat.name)
                .answer(Objects.requireNonNull(SampleViews.ofThePool().get("nodes")));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("n1\nn2\n");
    }

    @Test
    void yamlHasTheSameFieldsAsJson() {
        printer(OutputFormat.yaml)
                .answer(Objects.requireNonNull(SampleViews.ofThePool().get("clusters")));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("- cluster: demo\n  phase: Ready\n  nodes: 2\n  owner: user:ada\n");
    }

    @Test
    void aProblemIsOneJsonObjectOnStandardError() {
        printer(OutputFormat.json).problem(problem());

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"what\":\"create of demo\",\"node\":\"n2\",\"step\":\"add link:eni0\","
                        + "\"why\":\"File exists\",\"done\":\"rolled back\",\"next\":\"scc node show n2\"}}\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void aProblemForPeopleSaysWhatWhereWhyAndWhatNext() {
        printer(OutputFormat.table).problem(problem());

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("""
                scc: create of demo
                  node  n2
                  step  add link:eni0
                  why   File exists
                  done  rolled back
                  next  scc node show n2
                """);
    }

    @Test
    void whatDoesNotApplyIsLeftOut() {
        printer(OutputFormat.table).problem(Problem.of("usage", "no such option", ""));

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("scc: usage\n  why   no such option\n");
    }

    private static Problem problem() {
        return new Problem("create of demo", "n2", "add link:eni0", "File exists", "rolled back", "scc node show n2");
    }

    private Printer printer(OutputFormat format) {
        return new Printer(
                format,
                false,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = PrinterTest.class.getResourceAsStream("/golden/" + name)) {
            return new String(
                    Objects.requireNonNull(in, "no golden file " + name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
