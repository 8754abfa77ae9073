package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeTunnel;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKey;
import dev.scc.host.net.TunnelKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelEntriesTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final Alive MACHINE = Alive.at("instance", Ipv4.parse("10.99.0.1"));
    private static final TunnelKey OTHER = new TunnelKey("b".repeat(42) + "A=");

    private final MemoryTree tree = new MemoryTree();
    private final Enrolment enrolment =
            new Enrolment(tree, new Identity(N1, MACHINE.instance(), MACHINE.underlay(), "", "eth1", "test"));
    private Instant now = Instant.EPOCH;
    private int signals;
    private final TunnelKeys keys = new TunnelKeys(new MemoryText("keys"), () -> now, new SplittableRandom(1));
    private final TunnelEntries entries = new TunnelEntries(tree, N1, enrolment, Optional.of(keys), () -> signals++);

    @BeforeEach
    void enrol() throws Exception {
        tree.put(Paths.node(N1), Json.write(NodeRecord.enrolled(N1, MACHINE)));
        assertThat(enrolment.ensure()).isTrue();
        tree.put(Paths.TUNNELS, "");
        tree.put(Paths.tunnel(N2), Json.write(new NodeTunnel(OTHER)));
    }

    private Optional<TunnelKey> said() {
        return tree.get(Paths.tunnel(N1))
                .map(entry -> entry.read(NodeTunnel.class))
                .map(NodeTunnel::key);
    }

    @Test
    void aNodeSaysItsKeyOnceAndLearnsThoseOfWhomItMeets() throws Exception {
        Map<NodeName, TunnelKey> known = entries.of(List.of(N1, N2, N3));
        entries.of(List.of(N1, N2, N3));

        assertThat(known).isEqualTo(Map.of(N1, keys.current(), N2, OTHER));
        assertThat(said()).contains(keys.current());
        assertThat(tree.get(Paths.tunnel(N1)).map(Entry::version)).contains(0);
    }

    @Test
    void anotherKeyTakesTheFormersPlaceAndTheAgentHearsOfOthers() throws Exception {
        entries.of(List.of(N2));
        TunnelKey first = keys.current();
        now = now.plus(Duration.ofDays(2));

        Map<NodeName, TunnelKey> known = entries.of(List.of(N2));

        assertThat(known).containsEntry(N1, keys.current()).doesNotContainValue(first);
        assertThat(said()).contains(keys.current());
        int before = signals;
        tree.put(Paths.tunnel(N3), Json.write(new NodeTunnel(first)));
        assertThat(signals).isGreaterThan(before);
        assertThat(entries.of(List.of(N2, N3))).containsEntry(N3, first);
    }

    @Test
    void whatSomebodyElseWroteInItsPlaceIsPutRight() throws Exception {
        entries.of(List.of());
        tree.put(Paths.tunnel(N1), "nonsense");

        entries.of(List.of());

        assertThat(said()).contains(keys.current());
    }

    /** Another machine may be the node by now. */
    @Test
    void aMachineThatMayNotBeTheNodeAnyMoreSaysNothing() throws Exception {
        tree.put(Paths.node(N1), Json.write(NodeRecord.enrolled(N1, MACHINE)));

        entries.of(List.of(N2));

        assertThat(said()).isEmpty();
    }

    @Test
    void aNodeThatIsInNoEncryptedVpcAnyMoreIsForgotten() throws Exception {
        entries.forget();
        assertThat(keys.made()).isFalse();
        entries.of(List.of(N2));
        TunnelKey first = keys.current();

        entries.forget();

        assertThat(said()).isEmpty();
        assertThat(keys.made()).isFalse();
        assertThat(entries.of(List.of(N2))).doesNotContainEntry(N1, first);
    }

    @Test
    void aNodeThatCanHaveNoTunnelsSaysNothing() throws Exception {
        TunnelEntries none = new TunnelEntries(tree, N1, enrolment, Optional.empty(), () -> signals++);

        assertThat(none.of(List.of(N1, N2))).isEqualTo(Map.of(N2, OTHER));
        none.forget();
        assertThat(said()).isEmpty();
    }
}
