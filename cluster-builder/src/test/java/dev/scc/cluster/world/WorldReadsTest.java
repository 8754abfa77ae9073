package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader that is told of each change reads of it, and nothing else. */
class WorldReadsTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final GroupName WEB = new GroupName("web");

    private final MemoryTree tree = new MemoryTree();
    private final WorldReader reader = WorldReader.watching(tree);

    @BeforeEach
    void somethingIsNamed() throws Exception {
        tree.put(Paths.plugs(N1), Json.write(NodePlugs.NONE));
        tree.put(Paths.plugged(N1), Json.write(new PlugStatus(0, Optional.empty())));
        reader.read(Instant.EPOCH);
        tree.taken();
    }

    private World read() throws Exception {
        return reader.read(Instant.EPOCH);
    }

    @Test
    void ofANodeThatIsKnownOnlyWhatHasChangedIsRead() throws Exception {
        tree.put(Paths.plugged(N1), Json.write(new PlugStatus(1, Optional.empty())));

        assertThat(read().enis().get(N1))
                .satisfies(enis -> assertThat(enis.said()).contains(new PlugStatus(1, Optional.empty())));

        assertThat(tree.taken()).containsExactly(Paths.POOLS, Paths.plugged(N1));
        assertThat(tree.lists()).isEqualTo(5);
    }

    @Test
    void aGroupComesAndGoes() throws Exception {
        GroupRecord group = new GroupRecord(WEB, new VpcName("lab"), List.of(), Optional.empty(), 0);
        tree.put(Paths.group(WEB), Json.write(group));
        assertThat(read().groups()).containsOnlyKeys(WEB);

        tree.remove(Paths.group(WEB));
        assertThat(read().groups()).isEmpty();
        assertThat(tree.lists()).isEqualTo(5);
    }
}
