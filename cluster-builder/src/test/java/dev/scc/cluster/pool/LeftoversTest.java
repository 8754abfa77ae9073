package dev.scc.cluster.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.view.LeftoverReport;
import dev.scc.cluster.view.LeftoverReport.Item;
import dev.scc.cluster.world.NodeState;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What belongs to nothing is found and removed, with real ZooKeeper, controller and agents on machines in memory. */
@Timeout(240)
class LeftoversTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final Duration EACH = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private static void plantLink(TestPool pool, NodeName node, String name, String owner) throws Exception {
        NetObject link = new NetObject.Link(name, owner, new LinkKind.Vlan("eth1", 99), 1500, Optional.empty());
        pool.fabric().machine(node).apply(List.of(new Step.Add(link)));
    }

    private static List<String> words(LeftoverReport report) {
        return report.items().stream()
                .map(item -> item.place() + ": " + item.what() + ": " + item.problem())
                .toList();
    }

    @Test
    void poolInUseHasNothingLeft() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 2));
            NetState before = pool.fabric().machine(N1).observe();

            LeftoverReport report = pool.client().leftovers(true, EACH);

            assertThat(report).isEqualTo(new LeftoverReport(List.of(), List.of()));
            assertThat(pool.fabric().machine(N1).observe()).isEqualTo(before);
        }
    }

    @Test
    void whatIsLeftInTheTreeAndOnNodesIsShownAndThenRemoved() throws Exception {
        try (TestPool pool = new TestPool(directory);
                ZooKeeperTree tree = pool.openTree()) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 1));
            NetState serving = pool.fabric().machine(N1).observe();
            tree.commit(List.of(
                    new Op.Create(Paths.ROSTERS + "/old", ""),
                    new Op.Create(Paths.ROSTERS + "/old/3", "not even JSON"),
                    new Op.Create(Paths.STATUS + "/x1", "{}")));
            plantLink(pool, N1, "eth1.99", "other");
            plantLink(pool, N2, "eth1.99", "");

            LeftoverReport shown = pool.client().leftovers(false, EACH);

            assertThat(shown.items())
                    .containsExactly(
                            new Item("tree", "rosters of old", "there is no cluster of that name", ""),
                            new Item("tree", "entries of node x1", "it is not enrolled", ""),
                            new Item(
                                    "n1",
                                    "link:eth1.99",
                                    "it is of cluster other, and the node serves cluster demo",
                                    ""),
                            new Item("n2", "link:eth1.99", "it is half made, and the node serves none", ""));
            assertThat(tree.get(Paths.ROSTERS + "/old/3")).isPresent();
            assertThat(pool.bare("n2")).isFalse();

            LeftoverReport removed = pool.client().leftovers(true, EACH);

            assertThat(removed.items()).isEqualTo(shown.items());
            assertThat(tree.children(Paths.ROSTERS)).containsExactly("demo");
            assertThat(tree.get(Paths.STATUS + "/x1")).isEmpty();
            assertThat(pool.bare("n2")).isTrue();
            assertThat(pool.fabric().machine(N1).observe()).isEqualTo(serving);
            assertThat(pool.client().leftovers(false, EACH).items()).isEmpty();
            assertThat(pool.client().events().events().stream().map(event -> event.what()))
                    .anySatisfy(what -> assertThat(what).startsWith("gc, request "));
        }
    }

    @Test
    void whatCannotBeRemovedAndWhoCannotBeAskedIsNamed() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.killAgent("n2");
            await().atMost(TestPool.LONG).until(() -> pool.count(NodeState.LOST) == 1);
            plantLink(pool, N1, "eth1.98", "other");
            plantLink(pool, N1, "eth1.99", "other");
            pool.fabric().machine(N1).refuse(step -> step.object().key().equals("link:eth1.98"));

            LeftoverReport report = pool.client().leftovers(true, EACH);

            assertThat(words(report))
                    .containsExactly(
                            "n1: link:eth1.98: remove link:eth1.98: refused by the test", "n1: link:eth1.99: ");
            assertThat(report.unasked()).containsExactly(new LeftoverReport.Unasked(N2, "its agent is gone"));
        }
    }

    @Test
    void nodeThatWasTakenOutOfThePoolComesBackOnlyAfterItHasProvedItselfClean() throws Exception {
        try (TestPool pool = new TestPool(directory)) {
            pool.start(2);
            pool.create(ClusterSpec.of("demo", 2));
            pool.killAgent("n2");
            assertThat(pool.delete("demo"))
                    .asInstanceOf(type(Outcome.Done.class))
                    .satisfies(done -> assertThat(done.left()).hasSize(1));
            assertThat(forget(pool, false)).isInstanceOf(Outcome.Refused.class);

            assertThat(forget(pool, true)).isInstanceOf(Outcome.Done.class);

            assertThat(pool.client().nodes().nodes()).hasSize(1);
            assertThat(pool.client().leftovers(false, EACH)).isEqualTo(new LeftoverReport(List.of(), List.of()));
            pool.fabric().machine(N2).refuse(step -> step.object().key().equals("link:eni0"));
            pool.startAgent("n2");
            await().atMost(TestPool.LONG).until(() -> pool.count(NodeState.DIRTY) == 1);
            pool.fabric().machine(N2).refuse(_ -> false);
            pool.awaitFree(2);
            assertThat(pool.bare("n2")).isTrue();
        }
    }

    private static Outcome forget(TestPool pool, boolean gone) throws Exception {
        return pool.client().forget(N2, gone, ClusterClient.newRequestId(), TestPool.LONG);
    }
}
