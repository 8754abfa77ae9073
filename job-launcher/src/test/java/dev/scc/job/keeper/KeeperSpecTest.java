package dev.scc.job.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.job.node.JobPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeeperSpecTest {
    /** A keeper that outlives its agent's upgrade has left such a file. */
    @Test
    void whatAKeeperOfAnEarlierVersionHasWrittenIsRead() throws Exception {
        KeeperSpec.Node node = new KeeperSpec.Node(
                new NodeName("n1"),
                Ipv4.parse("10.0.0.1"),
                2,
                "10.0.0.1:1",
                "/cgroups",
                "/jobs",
                Optional.of("/stages"),
                Optional.empty(),
                JobPolicy.usual(),
                "/credentials");
        KeeperSpec now = new KeeperSpec("1", 600, List.of(node));
        String written = Json.write(now);
        String before = written.replaceAll("\"stages\" ?: ?\"/stages\" ?,", "");

        assertThat(before).isNotEqualTo(written).doesNotContain("stages");
        KeeperSpec read = Json.read(before, KeeperSpec.class);
        assertThat(read.nodes().getFirst().stages()).isEmpty();
        assertThat(Json.read(Json.write(now), KeeperSpec.class)).isEqualTo(now);
    }
}
