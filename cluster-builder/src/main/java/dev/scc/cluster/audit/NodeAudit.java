package dev.scc.cluster.audit;

import dev.scc.cluster.rpc.Connections;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log of an agent or of a keeper of jobs, beside its state and for its owner alone: whom it has refused, connections
 * too, and what people have done with jobs. Its end is noted nowhere else, so whoever is root on the node can shorten it.
 * Servers read it through the agent. Thread-safe.
 */
public final class NodeAudit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeAudit.class);

    /** In the directory of such a process's state. */
    public static final String DIRECTORY = "audit";

    private static final AuditLog.Size SIZE = new AuditLog.Size(1 << 20, 4);

    /** In bytes; a file more than there are, because one is begun before another one goes. */
    public static final long LARGEST = (long) SIZE.bytes() * (SIZE.files() + 1);

    private static final long PAUSE_MILLIS = 10_000;

    private final AuditLog audit;
    private final AuditTrail trail;
    private final Thread thread;

    private NodeAudit(AuditLog audit) {
        this.audit = audit;
        trail = AuditTrail.ofNode(audit);
        thread = Thread.ofVirtual().name("audit").unstarted(this::run);
    }

    /**
     * Goes on with the one beside that state, or begins one.
     *
     * @throws IOException if its directory cannot be made, or what is in it cannot be read
     */
    public static NodeAudit open(Path state) throws IOException {
        Path directory = state.resolve(DIRECTORY);
        NodeAudit opened = new NodeAudit(AuditLog.open(directory, SIZE, InstantSource.system()));
        opened.thread.start();
        log.atInfo().addKeyValue("directory", directory).log("refused calls and connections are told in files here");
        return opened;
    }

    /** From now on it tells of calls on connections that these accept. */
    public void observe(Connections connections) {
        connections.observe(trail);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                settle();
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the process ends");
        }
    }

    private void settle() {
        trail.settle();
        try {
            audit.force();
        } catch (IOException e) {
            log.atError().setCause(e).log("what the audit log was told may not survive a power cut");
        }
    }

    /** What is told afterwards opens its file again. */
    @Override
    public void close() {
        thread.interrupt();
        settle();
        audit.close();
    }
}
