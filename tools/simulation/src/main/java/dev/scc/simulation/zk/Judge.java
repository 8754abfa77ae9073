package dev.scc.simulation.zk;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies all operations of a transaction to a tree, or none, in the order of checks that ZooKeeper has. */
final class Judge {
    private final Entries entries;
    private final long session;
    private final List<Change> changes = new ArrayList<>();

    private Judge(Entries entries, long session) {
        this.entries = entries;
        this.session = session;
    }

    /**
     * Applies them.
     *
     * @return what was changed
     * @throws IllegalStateException if ZooKeeper refuses an operation for a reason that is no conflict
     */
    static List<Change> commit(Entries entries, long session, List<Op> ops) throws Conflict {
        Judge judge = new Judge(entries, session);
        boolean done = false;
        try {
            for (int i = 0; i < ops.size(); i++) {
                judge.apply(i, ops.get(i));
            }
            done = true;
            return judge.changes;
        } finally {
            if (!done) {
                judge.changes.reversed().forEach(entries::revert);
            }
        }
    }

    private void apply(int index, Op op) throws Conflict {
        switch (op) {
            case Op.Check check -> present(index, op, check.version());
            case Op.Create create -> create(index, op, new Entry(create.text(), 0, 0));
            case Op.CreateEphemeral create -> create(index, op, new Entry(create.text(), 0, session));
            case Op.Set set -> {
                Entry before = present(index, op, set.version());
                // The root belongs to ZooKeeper; nobody has a reason to write there.
                refuseRoot(op);
                change(
                        op,
                        Optional.of(before),
                        Optional.of(new Entry(set.text(), before.version() + 1, before.owner())));
            }
            case Op.Delete delete -> {
                Entry before = present(index, op, delete.version());
                refuseRoot(op);
                if (entries.hasChildren(op.path())) {
                    throw new Conflict(index, op, Conflict.Why.HAS_CHILDREN);
                }
                change(op, Optional.of(before), Optional.empty());
            }
        }
    }

    private Entry present(int index, Op op, int version) throws Conflict {
        Entry entry = entries.get(op.path());
        if (entry == null) {
            throw new Conflict(index, op, Conflict.Why.NOT_THERE);
        }
        if (version != Op.ANY && version != entry.version()) {
            throw new Conflict(index, op, Conflict.Why.OTHER_VERSION);
        }
        return entry;
    }

    private void create(int index, Op op, Entry entry) throws Conflict {
        if (op.path().equals(Entries.ROOT)) {
            throw new Conflict(index, op, Conflict.Why.ALREADY_THERE);
        }
        Entry parent = entries.get(Entries.parent(op.path()));
        if (parent == null) {
            throw new Conflict(index, op, Conflict.Why.NOT_THERE);
        }
        if (entries.get(op.path()) != null) {
            throw new Conflict(index, op, Conflict.Why.ALREADY_THERE);
        }
        if (parent.owner() != 0) {
            throw new IllegalStateException("ZooKeeper refuses children of ephemeral entries: " + op.path());
        }
        change(op, Optional.empty(), Optional.of(entry));
    }

    private static void refuseRoot(Op op) {
        if (op.path().equals(Entries.ROOT)) {
            throw new IllegalStateException("ZooKeeper refuses changes of its root");
        }
    }

    private void change(Op op, Optional<Entry> before, Optional<Entry> after) {
        Change change = new Change(op.path(), before, after);
        entries.apply(change);
        changes.add(change);
    }
}
