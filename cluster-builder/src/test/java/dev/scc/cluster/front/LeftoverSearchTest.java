package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Failure;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.agent.LeftoverRpc;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.view.LeftoverReport;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a tree with something left in it, while the test does what a controller would. */
@Timeout(240)
class LeftoverSearchTest {
    private static final Outcome DONE = new Outcome.Done(1, List.of());

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private final List<Request> asked = new ArrayList<>();

    private interface Answer {
        Outcome to(int number) throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        tree.commit(List.of(new Op.Create(folder("a"), ""), new Op.Create(folder("b"), "")));
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private static String folder(String cluster) {
        return Paths.rosters(new ClusterName(cluster));
    }

    private void remove(String cluster) throws Exception {
        tree.commit(List.of(new Op.Delete(folder(cluster), 0)));
    }

    /** What could not be removed of the rosters of each cluster, and why. */
    private List<String> problems(boolean remove, Answer controller) throws Exception {
        LeftoverReport report = new LeftoverSearch(tree, Connections.plain(), remove)
                .run(
                        request -> {
                            asked.add(request);
                            try {
                                return controller.to(asked.size());
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        },
                        Duration.ofSeconds(1));
        assertThat(report.items())
                .extracting(LeftoverReport.Item::what)
                .containsExactly("rosters of a", "rosters of b");
        return report.items().stream().map(LeftoverReport.Item::problem).toList();
    }

    @Test
    void whoOnlyLooksAsksNobody() throws Exception {
        assertThat(problems(false, _ -> DONE)).containsExactly("", "");
        assertThat(asked).isEmpty();
    }

    @Test
    void theControllerIsAskedUntilAllIsGone() throws Exception {
        assertThat(problems(true, number -> {
                    remove(number == 1 ? "a" : "b");
                    return DONE;
                }))
                .containsExactly("", "");
        assertThat(asked).containsExactly(new Request.Collect(), new Request.Collect());
    }

    @Test
    void whatTheControllerLeavesIsNamed() throws Exception {
        String why = "the controller does not take it for a leftover; look again";

        assertThat(problems(true, number -> {
                    if (number == 1) {
                        remove("a");
                    }
                    return DONE;
                }))
                .containsExactly("", why);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatTheControllerRefusesIsAskedOnceAndNamed() throws Exception {
        assertThat(problems(true, _ -> new Outcome.Refused(1, Refusal.BUSY, "not now")))
                .containsExactly("not now", "not now");
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoDoesNotSayWhereItsAgentIsIsNotAsked() throws Exception {
        enrol("n1", Optional.empty(), true);

        assertThat(new LeftoverSearch(tree, Connections.plain(), false)
                        .run(_ -> DONE, Duration.ofSeconds(1))
                        .unasked())
                .containsExactly(new LeftoverReport.Unasked(new NodeName("n1"), "it has not said where its agent is"));
    }

    @Test
    void whatFailsIsNamedIfItIsThereStill() throws Exception {
        assertThat(problems(true, _ -> {
                    remove("b");
                    return new Outcome.Failed(1, Failure.of("gc", "no quorum"));
                }))
                .containsExactly("no quorum", "");
    }

    private void enrol(String name, Optional<String> agent, boolean alive) throws Exception {
        NodeName node = new NodeName(name);
        Alive machine = new Alive("of " + name, Ipv4.parse("10.99.0.1"), agent);
        List<Op> ops = new ArrayList<>(List.of(
                new Op.Create(Paths.node(node), Json.write(NodeRecord.enrolled(node, machine))),
                new Op.Create(Paths.assign(node), Json.write(new Assignment.Free(1, 0)))));
        if (alive) {
            ops.add(new Op.CreateEphemeral(Paths.alive(node), Json.write(machine)));
        }
        tree.commit(ops);
    }

    /** Finds one thing on the node that is meant, and says that it is the node that it is told to be. */
    private static RpcServer agent(Optional<String> name, List<LeftoverRpc.Look> looks) throws Exception {
        return RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService("scc.Leftovers")
                        .unary(LeftoverRpc.LOOK, (_, look) -> {
                            looks.add(look);
                            return new LeftoverRpc.Looked(
                                    name.map(NodeName::new).orElse(look.node()),
                                    List.of(NodeLeftover.of("link:eni0", "it is of cluster gone")
                                            .withProblem("it is busy")));
                        })
                        .definition()));
    }

    @Test
    void whatIsLeftOnNodesIsToldInTheirOrderAndWhoCouldNotBeAsked() throws Exception {
        List<LeftoverRpc.Look> looks = new CopyOnWriteArrayList<>();
        try (RpcServer agent = agent(Optional.empty(), looks);
                RpcServer another = agent(Optional.of("n9"), new CopyOnWriteArrayList<>())) {
            for (int number = 1; number <= 5; number++) {
                enrol("n" + number, Optional.of(agent.address()), true);
                enrol("m" + number, Optional.of(agent.address()), false);
            }
            enrol("n6", Optional.of(another.address()), true);

            LeftoverReport report = new LeftoverSearch(tree, Connections.plain(), true)
                    .run(_ -> new Outcome.Refused(1, Refusal.BUSY, "not now"), Duration.ofSeconds(20));

            assertThat(report.items())
                    .extracting(LeftoverReport.Item::place)
                    .containsExactly("tree", "tree", "n1", "n2", "n3", "n4", "n5");
            assertThat(report.items().getLast())
                    .isEqualTo(new LeftoverReport.Item("n5", "link:eni0", "it is of cluster gone", "it is busy"));
            assertThat(report.unasked())
                    .extracting(LeftoverReport.Unasked::node)
                    .extracting(NodeName::value)
                    .containsExactly("m1", "m2", "m3", "m4", "m5", "n6");
            assertThat(report.unasked().getFirst().why()).isEqualTo("its agent is gone");
            assertThat(report.unasked().getLast().why()).isEqualTo("who answers there says that it is node n9");
            assertThat(looks).hasSize(5).contains(new LeftoverRpc.Look(new NodeName("n3"), true));
        }
    }

    @Test
    void whoseAgentDoesNotAnswerIsNamed() throws Exception {
        enrol("n1", Optional.of("127.0.0.1:1"), true);

        assertThat(new LeftoverSearch(tree, Connections.plain(), false)
                        .run(_ -> DONE, Duration.ofSeconds(20))
                        .unasked())
                .singleElement()
                .satisfies(one -> assertThat(one.why()).contains("cannot be reached"));
    }
}
