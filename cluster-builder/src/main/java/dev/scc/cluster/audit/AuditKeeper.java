package dev.scc.cluster.audit;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it once a second that an audit log is on the disk, and once in ten that the tree says how far it goes. Before the first
 * time it compares what the tree says with the files, and tells in the log what does not fit: afterwards nobody could.
 * Thread-safe.
 */
public final class AuditKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditKeeper.class);
    private static final long PAUSE_MILLIS = 1000;
    private static final int PAUSES = 10;

    private final Tree tree;
    private final AuditLog audit;
    private final AuditTrail trail;
    private final String server;
    private final Thread thread;
    private Optional<AuditHead> noted = Optional.empty();

    private AuditKeeper(Tree tree, AuditLog audit, AuditTrail trail, String server) {
        this.tree = tree;
        this.audit = audit;
        this.trail = trail;
        this.server = server;
        thread = Thread.ofVirtual().name("audit").unstarted(this::run);
    }

    /** @param server what tells this server's data directory from all others */
    public static AuditKeeper start(Tree tree, AuditLog audit, AuditTrail trail, String server) {
        AuditKeeper keeper = new AuditKeeper(tree, audit, trail, server);
        keeper.thread.start();
        return keeper;
    }

    public String server() {
        return server;
    }

    /** The latest entries, the oldest first. */
    public List<AuditEntry> recent() {
        return audit.recent();
    }

    /** Compares the files with what is in the tree after all that was told before is noted there. */
    public AuditChain.Finding check() throws IOException, ConnectionLost, InterruptedException {
        while (true) {
            note();
            AuditHead head = inTree().orElse(AuditHead.NOTHING);
            AuditChain.Finding finding = AuditChain.check(audit.directory(), head);
            // Else the oldest file went while it was read.
            if (finding.broken().isEmpty() || audit.force().oldest() == head.oldest()) {
                return finding;
            }
        }
    }

    private void run() {
        try {
            for (int pauses = 0; ; pauses++) {
                force();
                if (pauses % PAUSES == 0 || noted.isEmpty()) {
                    trail.settle();
                    tryToNote();
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the process ends");
        }
    }

    private void force() {
        try {
            audit.force();
        } catch (IOException e) {
            log.atError().setCause(e).log("what the audit log was told may not survive a power cut");
        }
    }

    private void tryToNote() throws InterruptedException {
        try {
            note();
        } catch (IOException | ConnectionLost e) {
            log.atDebug().setCause(e).log("how far the audit log goes is not noted in the tree at the moment");
        }
    }

    private synchronized void note() throws IOException, ConnectionLost, InterruptedException {
        if (noted.isEmpty()) {
            compare();
        }
        AuditHead head = audit.force();
        if (noted.filter(head::equals).isPresent()) {
            return;
        }
        String path = Paths.audit(server);
        String text = Json.write(head);
        try {
            tree.commit(List.of(tree.get(path).isEmpty() ? new Op.Create(path, text) : new Op.Set(path, text, Op.ANY)));
            noted = Optional.of(head);
        } catch (Conflict e) {
            // A tree of which no controller has made the folders yet.
            log.atDebug().setCause(e).log("how far the audit log goes is not noted in the tree yet");
        }
    }

    private void compare() throws IOException, ConnectionLost, InterruptedException {
        Optional<AuditHead> head = inTree();
        if (head.isEmpty()) {
            return;
        }
        AuditChain.Finding finding = AuditChain.check(audit.directory(), head.get());
        if (!finding.broken().isEmpty()) {
            log.atError()
                    .addKeyValue("directory", audit.directory())
                    .addKeyValue("broken", finding.broken())
                    .log("THE AUDIT LOG IS NOT AS THIS SERVER HAS LEFT IT; scc audit log verify tells more");
            audit.add(AuditEntry.Fact.own(AuditChain.CHECK, finding.broken().getFirst(), 0));
        }
    }

    private Optional<AuditHead> inTree() throws ConnectionLost, InterruptedException {
        Optional<Entry> entry = tree.get(Paths.audit(server));
        return entry.map(there -> there.read(AuditHead.class));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            trail.settle();
            note();
        } catch (IOException | ConnectionLost e) {
            log.atWarn().setCause(e).log("the tree does not say how far the audit log goes; the next start tells so");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        audit.close();
    }
}
