package dev.scc.cluster.agent;

import dev.scc.cluster.Paths;
import dev.scc.cluster.reactor.Reactor;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Rotation;
import dev.scc.cluster.world.RevocationWatch;
import dev.scc.cluster.world.RotationWatch;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetworkEvents;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent and all that it is connected to: its session, its thread, its services, and the events of its node's network. The
 * same for a node that is a machine, a network namespace, or a model in memory.
 */
final class RunningAgent implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningAgent.class);

    private final Identity identity;
    private final ZooKeeperTree tree;
    private final Reactor reactor;
    private final Agent agent;
    private final Optional<AgentFront> front;
    private final Optional<RevocationWatch> revocations;
    private final Optional<RotationWatch> rotation;
    private final AutoCloseable events;

    private RunningAgent(
            Identity identity,
            ZooKeeperTree tree,
            Reactor reactor,
            Agent agent,
            Optional<AgentFront> front,
            Optional<RevocationWatch> revocations,
            Optional<RotationWatch> rotation,
            AutoCloseable events) {
        this.revocations = revocations;
        this.rotation = rotation;
        this.identity = identity;
        this.tree = tree;
        this.reactor = reactor;
        this.agent = agent;
        this.front = front;
        this.events = events;
    }

    /**
     * How a process holds its agents.
     *
     * @param session begins to connect to ZooKeeper, as the node that it is given, and returns at once
     * @param threads virtual ones where a process has thousands of agents
     * @param texts one for all of them
     */
    record Holding(Function<Connections, ZooKeeperTree> session, Supplier<Thread.Builder> threads, TreeTexts texts) {}

    /**
     * Starts it.
     *
     * @param servers where ZooKeeper is, {@code host:port} with commas between several
     * @throws IOException if its ledger cannot be read or its services cannot listen
     */
    static RunningAgent start(HostedNode node, String servers, Holding holding) throws IOException {
        Optional<AgentFront> front = front(node);
        Identity identity =
                front.map(open -> node.identity().at(address(node, open))).orElse(node.identity());
        ZooKeeperTree tree = holding.session().apply(node.connections());
        Agent agent = new Agent(
                tree,
                holding.texts(),
                identity,
                node.machine(),
                node.network(),
                new ServerAddresses(servers).among(node.inventory()),
                node.ledger(),
                front.map(AgentFront::leaveHooks).orElse(List.of()),
                InstantSource.system(),
                System::nanoTime);
        node.names().ifPresent(agent::onNames);
        try {
            agent.recall();
        } catch (IOException e) {
            tree.close();
            front.ifPresent(AgentFront::close);
            throw e;
        }
        Reactor reactor =
                new Reactor("agent-" + identity.node(), agent, holding.threads().get(), Duration.ZERO);
        front.ifPresent(open -> open.answers(agent, tree, reactor::signal));
        agent.onNews(reactor::signal);
        tree.watch(Paths.assign(identity.node()), reactor::signal);
        tree.watch(Paths.plugs(identity.node()), reactor::signal);
        tree.watch(Paths.node(identity.node()), reactor::signal);
        AutoCloseable events = follow(identity.node(), node.machine(), agent, reactor);
        Optional<RevocationWatch> revocations =
                front.map(_ -> RevocationWatch.start(tree, node.connections().revocations()));
        Optional<RotationWatch> rotation = front.flatMap(_ -> node.connections().credentials())
                .map(shown -> RotationWatch.start(tree, latest -> isDone(latest, shown)));
        reactor.start();
        return new RunningAgent(identity, tree, reactor, agent, front, revocations, rotation, events);
    }

    private static boolean isDone(Rotation rotation, LiveCredentials shown) {
        boolean done = rotation.isIn(shown.current().roots());
        if (!done) {
            shown.wantRenewal();
        }
        return done;
    }

    private static AutoCloseable follow(NodeName node, Machine machine, Agent agent, Reactor reactor) {
        try {
            return machine.watch(new NetworkEvents.Listener() {
                @Override
                public void ours() {
                    reactor.signal();
                }

                @Override
                public void others() {
                    agent.doubtInventory();
                    reactor.signal();
                }
            });
        } catch (CommandFailed e) {
            log.atWarn()
                    .addKeyValue("node", node)
                    .setCause(e)
                    .log("changes of the node's network are noticed from time to time only");
            return () -> {};
        }
    }

    private static Optional<AgentFront> front(HostedNode node) throws IOException {
        if (node.services().isEmpty()) {
            return Optional.empty();
        }
        HostedNode.Services services = node.services().get();
        return Optional.of(AgentFront.open(
                services.sockets(),
                services.bind(),
                node.connections(),
                node.identity(),
                services.prober(),
                node.network().paths(),
                services.extensions()));
    }

    private static String address(HostedNode node, AgentFront front) {
        return node.services().orElseThrow().bind().getAddress().getHostAddress() + ":" + front.port();
    }

    Identity identity() {
        return identity;
    }

    Agent agent() {
        return agent;
    }

    /** Has it look at its node anew. */
    void signal() {
        reactor.signal();
    }

    /** Stops it; its session ends, the node's networks stay as they are. */
    @Override
    public void close() {
        try {
            events.close();
        } catch (Exception e) {
            log.atDebug().setCause(e).log("events not closed");
        }
        revocations.ifPresent(RevocationWatch::close);
        rotation.ifPresent(RotationWatch::close);
        reactor.close();
        agent.end();
        tree.close();
        front.ifPresent(AgentFront::close);
    }
}
