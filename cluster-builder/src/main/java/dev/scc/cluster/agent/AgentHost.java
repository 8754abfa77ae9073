package dev.scc.cluster.agent;

import dev.scc.cluster.zk.TreeSessions;
import dev.scc.host.NodeName;
import dev.scc.host.libc.FutexTable;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many agents in one process, up to thousands, each with a session of its own: one that stops or expires is lost to the pool,
 * and the others are not. Each is the same {@link Agent} as in a process of its own. Safe for use by several threads.
 */
public final class AgentHost implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentHost.class);

    /** A session has two threads that wait for something most of the time. A slot has 64 bytes. */
    private static final int WAITING = 16_384;

    private final String server;
    private final RunningAgent.Holding holding;
    private final Map<NodeName, RunningAgent> agents = new ConcurrentHashMap<>();

    /**
     * A host without agents.
     *
     * @param server where ZooKeeper is, {@code host:port} with commas between several
     * @param session how long an agent may be silent before its node counts as lost; 2 to 20 s
     */
    public AgentHost(String server, Duration session) {
        this.server = server;
        this.holding = new RunningAgent.Holding(
                shown -> TreeSessions.openLean(server, shown, session), Thread::ofVirtual, TreeTexts.ofManyAgents());
        boolean fits = FutexTable.fit(WAITING);
        log.atDebug().addKeyValue("fits", fits).log("room for waiting threads");
    }

    /**
     * Starts the node's agent. It connects to ZooKeeper in the background, for as long as that takes.
     *
     * @throws IOException if its ledger cannot be read or its services cannot listen
     * @throws IllegalArgumentException if the node's agent runs here already
     */
    public void start(HostedNode node) throws IOException {
        NodeName name = node.identity().node();
        RunningAgent agent = RunningAgent.start(node, server, holding);
        if (agents.putIfAbsent(name, agent) != null) {
            agent.close();
            throw new IllegalArgumentException("the agent of node " + name + " runs here already");
        }
        log.atDebug()
                .addKeyValue("node", name)
                .addKeyValue("address", agent.identity().address())
                .log("agent started");
    }

    /** What the node serves at the moment. */
    public Optional<ServedCluster> served(NodeName node) {
        return Optional.ofNullable(agents.get(node))
                .flatMap(hosted -> hosted.agent().served());
    }

    /** Answers for all agents here, for those that have no services of their own. */
    public ServerServiceDefinition leftovers() {
        return new LeftoverService(node -> Optional.ofNullable(agents.get(node))
                        .map(hosted -> new LeftoverService.Place(List.of(hosted.agent()::leftovers), hosted::signal)))
                .definition();
    }

    /** Stops the node's agent; its session ends, its networks stay as they are. One that does not run is stopped already. */
    public void stop(NodeName node) {
        Optional.ofNullable(agents.remove(node)).ifPresent(RunningAgent::close);
    }

    /** Stops all agents, many at a time: the end of a session is a round trip. */
    @Override
    public void close() {
        List<Thread> stopping = agents.keySet().stream()
                .map(node -> Thread.ofVirtual().start(() -> stop(node)))
                .toList();
        try {
            for (Thread thread : stopping) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
