package dev.scc.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ConfigureBenchmark} compares leaves the same behind. */
class SameStateIT {
    private static final int AT_ONCE = 3;

    @TempDir
    Path directory;

    @Test
    void theAgentsAndTheOneShotShellLeaveTheSame() throws Exception {
        try (NamespaceNodes nodes = new NamespaceNodes(3)) {
            Agents agents = new Agents(nodes.nodes(), directory.resolve("ledgers"), AT_ONCE);
            Shell shell = new Shell(agents, nodes.nodes(), directory.resolve("shell"));
            String nothing = FinalState.of(nodes.nodes());

            agents.build();
            String ours = FinalState.of(nodes.nodes());
            agents.clear();
            assertThat(FinalState.of(nodes.nodes())).isEqualTo(nothing);
            shell.loop();
            String one = FinalState.of(nodes.nodes());
            agents.clear();
            shell.parallel(AT_ONCE);
            String many = FinalState.of(nodes.nodes());

            assertThat(ours).contains("\"vpc70\"", "\"eni0\"", "172.16.0.3", "scc_vpc70");
            assertThat(one).isEqualTo(ours);
            assertThat(many).isEqualTo(ours);
            assertThat(agents.build())
                    .as("agents find what the shell made, and have nothing to do")
                    .allSatisfy(result -> assertThat(result.phases())
                            .extracting(phase -> phase.name())
                            .containsExactly("observe", "gid"));
        }
    }
}
