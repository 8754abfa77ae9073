package dev.scc.cluster.agent;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Repair;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's place in the pool: that it is enrolled, that its agent lives, what it has. */
final class Enrolment {
    private static final Logger log = LoggerFactory.getLogger(Enrolment.class);

    private final Tree tree;
    private final Identity identity;
    private final AtomicInteger doubts = new AtomicInteger();
    /** How often there had been doubts when everything was found as it should be. */
    private int settled = -1;
    /** Of the record by which this machine was the node when that was looked at last. */
    private int record = Op.ANY;

    Enrolment(Tree tree, Identity identity) {
        this.tree = tree;
        this.identity = identity;
        tree.watch(Paths.node(identity.node()), _ -> doubts.incrementAndGet(), doubts::incrementAndGet);
    }

    /** Changes whenever something may have changed. */
    int doubts() {
        return doubts.get();
    }

    /** Whether everything was as it should be when it was looked at last, and nothing has happened since. */
    boolean sure() {
        return settled == doubts.get();
    }

    /** Everything was as it should be when there had been so many doubts. */
    void settle(int since) {
        settled = since;
    }

    /**
     * Makes sure of it.
     *
     * @return false if it is not so yet: not enrolled, or another machine is, or another agent lives under this name
     */
    boolean ensure() throws ConnectionLost, InterruptedException {
        String enrol = Paths.enrol(identity.node());
        Optional<Entry> record = tree.get(Paths.node(identity.node()));
        Optional<NodeRecord> enrolled = Optional.empty();
        if (record.isPresent()) {
            enrolled = read(Paths.node(identity.node()), record.get(), NodeRecord.class);
            if (enrolled.isEmpty()) {
                return false;
            }
        }
        if (enrolled.isEmpty() || !me(enrolled.get())) {
            // It may have been this machine until a moment ago. Nobody could become the node while this one seems to be
            // it.
            disown(Paths.alive(identity.node()));
            own(enrol, List.of());
            return false;
        }
        this.record = record.get().version();
        if (!own(Paths.alive(identity.node()), List.of(unchanged()))) {
            return false;
        }
        if (enrolled.get().machine().reachedAs(alive()).equals(enrolled.get().machine())) {
            disown(enrol);
        } else {
            // It is reached elsewhere than it was. Others go there once the controller has seen to it.
            own(enrol, List.of());
        }
        return true;
    }

    /** Without which nothing may be said: another machine may be the node by now, and it would be taken for its word. */
    Op unchanged() {
        return new Op.Check(Paths.node(identity.node()), record);
    }

    /** Empty if nobody understands it: then nothing is done until somebody has mended it, or it is gone. */
    private <T> Optional<T> read(String path, Entry entry, Class<T> type) {
        try {
            return Optional.of(entry.read(type));
        } catch (IllegalArgumentException e) {
            log.atError()
                    .addKeyValue("path", path)
                    .addKeyValue("why", e.getMessage())
                    .log("entry cannot be read");
            return Optional.empty();
        }
    }

    private void disown(String path) throws ConnectionLost, InterruptedException {
        Optional<Entry> there = tree.get(path);
        if (there.isPresent() && there.get().owner() == tree.session()) {
            commit(List.of(new Op.Delete(path, there.get().version())));
        }
    }

    /**
     * What another machine of this name says of itself would be taken for the state of the one that is enrolled: a node would be
     * given out while its networks are still there.
     */
    private boolean me(NodeRecord record) {
        if (record.machine().sameMachine(alive())) {
            return true;
        }
        log.atError()
                .addKeyValue("node", identity.node())
                .addKeyValue("instance", record.machine().instance())
                .addKeyValue("address", record.machine().underlay())
                .log(
                        "another machine is enrolled under this node's name; this one does nothing until that one is gone and"
                                + " nothing of a cluster can be on it, or until this one is given that one's instance");
        return false;
    }

    private Alive alive() {
        return new Alive(
                identity.instance(),
                identity.underlay(),
                Optional.of(identity.address()).filter(address -> !address.isEmpty()));
    }

    /**
     * An ephemeral entry of this very session.
     *
     * @param conditions without which it is not made
     */
    private boolean own(String path, List<Op> conditions) throws ConnectionLost, InterruptedException {
        Optional<Entry> there = tree.get(path);
        List<Op> ops = new ArrayList<>(conditions);
        if (there.isPresent()) {
            if (there.get().owner() == tree.session()) {
                return true;
            }
            if (read(path, there.get(), Alive.class)
                    .filter(other -> other.instance().equals(identity.instance()))
                    .isEmpty()) {
                log.atError()
                        .addKeyValue("node", identity.node())
                        .log(
                                "another agent lives under this node's name; this one does nothing until that one is gone");
                return false;
            }
            // Ours, of a session before a restart, that has not expired yet.
            ops.add(new Op.Delete(path, there.get().version()));
        }
        ops.add(new Op.CreateEphemeral(path, Json.write(alive())));
        return commit(ops);
    }

    /** What came of a report. */
    enum Reported {
        AS_IT_WAS,
        WRITTEN,
        /** Somebody else has written it meanwhile: while this machine was looked at, another one may have become the node. */
        NOT_FIT
    }

    /** Says what the node has, unless that stands there already. */
    Reported report(NodeInventory has, Optional<Repair> repaired, List<Finding> findings, Optional<Unreached> unreached)
            throws ConnectionLost, InterruptedException {
        String path = Paths.inventory(identity.node());
        String text = InventoryText.of(
                new Inventory(
                        identity.node(), identity.rdmaNetdev(), identity.version(), has, repaired, findings, unreached),
                identity.underlay());
        Optional<Entry> there = tree.get(path);
        if (there.isEmpty()) {
            return written(new Op.Create(path, text));
        }
        if (!there.get().text().equals(text)) {
            return written(new Op.Set(path, text, there.get().version()));
        }
        return Reported.AS_IT_WAS;
    }

    private Reported written(Op op) throws ConnectionLost, InterruptedException {
        return commit(List.of(op)) ? Reported.WRITTEN : Reported.NOT_FIT;
    }

    /** Returns false if it does not fit: somebody else was there in between, and the next pass will see. */
    private boolean commit(List<Op> ops) throws ConnectionLost, InterruptedException {
        try {
            tree.commit(ops);
            return true;
        } catch (Conflict e) {
            log.atDebug().addKeyValue("why", e.getMessage()).log("looking again");
            return false;
        }
    }
}
