package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.host.NodeName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    @Test
    void whatWasCapturedIsExaminedWithoutAServer() throws IOException {
        Path file = directory.resolve("facts.json");
        FactsFile.write(file, List.of(facts("n1", "6.8"), facts("n2", "6.8"), facts("n3", "5.10")));

        assertThat(run("doctor", "--from", file.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("warning   n3    differs  kernel is 5.10; 2 of 3 nodes have 6.8")
                .contains("1 findings on 3 nodes");
        out.reset();

        assertThat(run("doctor", "--from", file.toString(), "--ignore", "kernel"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("0 findings on 3 nodes");
    }

    @Test
    void anErrorIsStatusFour() throws IOException {
        Path file = directory.resolve("facts.json");
        NodeFacts.Segment segment = new NodeFacts.Segment("demo", "rxe0", "eth1.70", "10.70.0.1/24", Optional.empty());
        FactsFile.write(
                file, List.of(member(facts("n1", "6.8"), segment, 4200), member(facts("n2", "6.8"), segment, 1500)));

        assertThat(run("-o", "json", "doctor", "--from", file.toString())).isEqualTo(4);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"rule\" : \"mtu-unequal\"");
    }

    @Test
    void aFileThatIsNoCaptureIsTheUsersMistake() throws IOException {
        Path file = Files.writeString(directory.resolve("facts.json"), "{}");

        assertThat(run("doctor", "--from", file.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is no file of scc doctor --capture");
    }

    private static NodeFacts facts(String node, String kernel) {
        return new NodeFacts(
                new NodeName(node),
                new NodeFacts.Host(kernel, "", "unlimited", "", Optional.empty(), Map.of(), List.of(), List.of()),
                List.of(),
                List.of(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static NodeFacts member(NodeFacts facts, NodeFacts.Segment segment, int mtu) {
        return new NodeFacts(
                facts.node(),
                facts.host(),
                List.of(new NodeFacts.Netdev(
                        segment.link(),
                        mtu,
                        "UP",
                        List.of(segment.address()),
                        "",
                        Optional.empty(),
                        0,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                List.of(),
                "",
                Optional.of(segment),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private int run(String... words) {
        return CommandLineRun.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
