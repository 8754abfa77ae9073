package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.agent.LeftoverRpc;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.view.LeftoverReport;
import dev.scc.cluster.world.World;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents that answer, that say they are another's, that fail, that are gone, and of whom nobody knows where they are. */
@Timeout(240)
class AskedAgentsTest {
    private static final Duration EACH = Duration.ofSeconds(20);
    private static final NodeName GOOD = new NodeName("n1");
    private static final NodeName LIAR = new NodeName("n2");
    private static final NodeName BROKEN = new NodeName("n3");
    private static final NodeName GONE = new NodeName("n4");
    private static final NodeName NOWHERE = new NodeName("n5");
    private static final NodeName UNKNOWN = new NodeName("n6");

    private final MemoryTree tree = new MemoryTree();
    private final List<RpcServer> servers = new ArrayList<>();
    private final List<String> removing = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();

    private interface Answer {
        LeftoverRpc.Looked to(LeftoverRpc.Look look) throws RpcFailed;
    }

    @BeforeEach
    void start() throws Exception {
        node(GOOD, true, agent(look -> {
            removing.add(look.node() + " " + look.remove());
            return new LeftoverRpc.Looked(
                    GOOD,
                    List.of(
                            NodeLeftover.of("link:b", "of nobody"),
                            NodeLeftover.of("link:a", "of nobody").withProblem("busy")));
        }));
        node(LIAR, true, agent(_ -> new LeftoverRpc.Looked(GOOD, List.of())));
        node(BROKEN, true, agent(_ -> {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "it cannot look");
        }));
        node(GONE, false, Optional.of("127.0.0.1:1"));
        node(NOWHERE, true, Optional.empty());
    }

    @AfterEach
    void stop() {
        servers.forEach(RpcServer::close);
    }

    private Optional<String> agent(Answer answer) throws Exception {
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService("scc.Leftovers")
                        .unary(LeftoverRpc.LOOK, (_, look) -> answer.to(look))
                        .definition()));
        servers.add(server);
        return Optional.of(server.address());
    }

    /** Connections that count those that have not been given back. */
    private Connections counted() {
        Connections plain = Connections.plain();
        return Connections.over(peer -> new Counted(plain.to(peer), open));
    }

    private record Counted(RpcChannel channel, AtomicInteger open) implements RpcChannel {
        private Counted {
            open.incrementAndGet();
        }

        @Override
        public Peer peer() {
            return channel.peer();
        }

        @Override
        public void connect(Duration within) throws RpcFailed, InterruptedException {
            channel.connect(within);
        }

        @Override
        public <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
            return channel.open(method, within);
        }

        @Override
        public void close() {
            channel.close();
            open.decrementAndGet();
        }
    }

    private void node(NodeName name, boolean alive, Optional<String> agent) {
        Alive machine = new Alive("i-" + name, Ipv4.parse("10.99.0.1"), agent);
        tree.put(Paths.node(name), Json.write(NodeRecord.enrolled(name, machine)));
        tree.put(Paths.assign(name), Json.write(new Assignment.Free(1, 0)));
        if (alive) {
            tree.put(Paths.alive(name), Json.write(machine));
        }
    }

    @Test
    void whoAnswersIsHeardAndOfAllOthersItIsSaidWhyNot() throws Exception {
        AskedAgents<Integer> asked = new AskedAgents<Integer>(World.read(tree), counted())
                .ask(
                        List.of(GOOD, BROKEN, GONE, NOWHERE, UNKNOWN),
                        (agent, node) -> agent.call(LeftoverRpc.LOOK, new LeftoverRpc.Look(node, false), EACH)
                                .found()
                                .size());

        assertThat(asked.answers()).isEqualTo(Map.of(GOOD, 2));
        assertThat(asked.silent())
                .isEqualTo(Map.of(
                        BROKEN,
                        "it cannot look",
                        GONE,
                        "its agent is gone",
                        NOWHERE,
                        "it has not said where its agent is",
                        UNKNOWN,
                        "its agent is gone"));
        assertThat(open).as("connections that were not given back").hasValue(0);
    }

    @Test
    void whoIsInterruptedWhileHeAsksSaysSo() throws Exception {
        AskedAgents<Integer> asked = new AskedAgents<Integer>(World.read(tree), Connections.plain())
                .ask(List.of(GOOD), (_, _) -> {
                    throw new InterruptedException("the caller has gone");
                });

        assertThat(asked.answers()).isEmpty();
        assertThat(asked.silent()).isEqualTo(Map.of(GOOD, "interrupted"));
    }

    @Test
    void whatIsLeftOnNodesIsToldWithItsPlaceAndWhoCouldNotBeAskedByName() throws Exception {
        LeftoverReport report = new LeftoverSearch(tree, counted(), false)
                .run(
                        request -> {
                            throw new AssertionError(request);
                        },
                        EACH);

        assertThat(report.items())
                .containsExactly(
                        new LeftoverReport.Item("n1", "link:b", "of nobody", ""),
                        new LeftoverReport.Item("n1", "link:a", "of nobody", "busy"));
        assertThat(report.unasked())
                .containsExactly(
                        new LeftoverReport.Unasked(LIAR, "who answers there says that it is node n1"),
                        new LeftoverReport.Unasked(BROKEN, "it cannot look"),
                        new LeftoverReport.Unasked(GONE, "its agent is gone"),
                        new LeftoverReport.Unasked(NOWHERE, "it has not said where its agent is"));
        assertThat(removing).containsExactly("n1 false");
        assertThat(open).as("connections that were not given back").hasValue(0);
    }
}
