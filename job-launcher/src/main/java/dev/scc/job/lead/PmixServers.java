package dev.scc.job.lead;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.MpiFamily;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.pmix.PmixDelivery;
import dev.scc.job.pmix.PmixExchange;
import dev.scc.job.pmix.PmixFrames;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PMIx servers of one job, as processes of it: what they write goes to the exchange, and what that has for them is given to each
 * as fast as it reads. Safe for use by several threads.
 */
final class PmixServers implements PmixExchange.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PmixServers.class);
    /** PMIx has none from our own programs; Open MPI's abort says this. */
    private static final String NO_MESSAGE = "N/A";

    /** One of them. */
    private record Server(
            NodeSession session, int process, BlockingQueue<PmixDelivery> deliveries, Semaphore taken, Thread thread) {}

    private final PmixExchange exchange;
    private final String space;
    private final String directory;
    private final BlockingQueue<Occurrence> occurrences;
    private final Map<NodeName, Server> servers = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param space the job's name
     * @param directory of the job on each node, its user's
     * @param occurrences that may decide about the job
     */
    PmixServers(List<PmixFrames.Place> places, String space, String directory, BlockingQueue<Occurrence> occurrences) {
        exchange = new PmixExchange(places, this);
        this.space = space;
        this.directory = directory;
        this.occurrences = occurrences;
    }

    /** One has been started. */
    void add(NodeSession session, int process) {
        BlockingQueue<PmixDelivery> deliveries = new LinkedBlockingQueue<>();
        Semaphore taken = new Semaphore(0);
        Thread thread = Thread.ofVirtual().name("job-pmix").start(() -> feed(session, process, deliveries, taken));
        servers.put(session.node(), new Server(session, process, deliveries, taken, thread));
    }

    /** All have been started. */
    void begin() {
        exchange.begin(space, directory);
    }

    private static void feed(
            NodeSession session, int process, BlockingQueue<PmixDelivery> deliveries, Semaphore taken) {
        try {
            while (true) {
                PmixDelivery delivery = deliveries.take();
                for (Bytes piece : delivery.pieces()) {
                    session.send(new NodeOrder.Input(process, piece));
                    taken.acquire();
                }
                delivery.sent().run();
            }
        } catch (InterruptedException e) {
            log.atTrace().addKeyValue("node", session.node()).log("nothing more for a PMIx server");
        }
    }

    private Server of(NodeSession session, int process) {
        Server server = servers.get(session.node());
        if (server == null || server.process() != process) {
            throw new IllegalArgumentException(
                    "node " + session.node() + " speaks of process " + process + ", which is not its PMIx server");
        }
        return server;
    }

    /** One has written something. */
    void heard(NodeSession session, int process, Bytes bytes) {
        exchange.heard(of(session, process).session().node(), bytes);
    }

    /** It has read a piece. */
    void taken(NodeSession session, int process) {
        of(session, process).taken().release();
    }

    /** Whether the rank would leave others waiting if it ended now. */
    boolean unfinished(int rank) {
        return exchange.unfinished(rank);
    }

    @Override
    public void ready(Map<NodeName, Map<String, String>> environments) {
        occurrences.add(new Occurrence.Served(environments));
    }

    @Override
    public void arrived(NodeName node, int rank) {
        occurrences.add(new Occurrence.Arrived(node, rank, MpiFamily.OPENMPI));
    }

    @Override
    public void aborted(int rank, int code, String message) {
        occurrences.add(new Occurrence.Aborted(rank, code, message.equals(NO_MESSAGE) ? "" : message));
    }

    @Override
    public void exceeded(String why) {
        occurrences.add(new Occurrence.Excess(why));
    }

    @Override
    public void deliver(NodeName node, PmixDelivery delivery) {
        Server server = servers.get(node);
        if (server != null) {
            server.deliveries().add(delivery);
        }
    }

    /** Nothing more goes to them. */
    @Override
    public void close() {
        servers.values().forEach(server -> server.thread().interrupt());
    }
}
