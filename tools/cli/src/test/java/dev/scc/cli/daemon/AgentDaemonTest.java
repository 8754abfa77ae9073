package dev.scc.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.fabric.PriorityPairs;
import dev.scc.fabric.TrafficClass;
import dev.scc.host.DirectoryLock;
import dev.scc.host.NodeName;
import dev.scc.job.node.JobPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentDaemonTest {
    @TempDir
    private Path data;

    @Test
    void aKernelThatCannotSetDscpsKeepsTheRestOfTheClass() {
        TrafficClass wanted = new TrafficClass(PriorityPairs.parse("0:3"), Optional.of(26));

        assertThat(AgentDaemon.settable(wanted, Optional.empty())).isEqualTo(wanted);
        assertThat(AgentDaemon.settable(wanted, Optional.of("no configfs")))
                .isEqualTo(new TrafficClass(PriorityPairs.parse("0:3"), Optional.empty()));
    }

    /** Its underlay is not there: an agent that looked at the node at all would complain about that. */
    @Test
    void secondAgentOfADataDirectoryTouchesNothing() throws Exception {
        AgentSettings settings = new AgentSettings(
                "127.0.0.1:1",
                new NodeName("n1"),
                "no-such-dev",
                "no-such-dev",
                data,
                0,
                "test",
                new EnsembleDoor.Own());

        try (DirectoryLock _ = DirectoryLock.acquire(data, "scc agent")) {
            assertThatThrownBy(() -> AgentDaemon.joined(
                            settings,
                            Optional.empty(),
                            JobPolicy.usual(),
                            Duration.ofMinutes(1),
                            new FabricSettings(true, TrafficClass.NONE, Optional.empty()),
                            Optional.empty()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("another scc agent uses " + data);
        }
    }
}
