package dev.scc.cluster.pool;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.SessionState;
import dev.scc.cluster.tree.Tree;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A real tree whose commits go wrong where the test wants it. */
final class FaultyTree implements Tree {
    /** What happens at a commit; {@code number} counts from 1. */
    interface Fault {
        default void before(int number, List<Op> ops) throws ConnectionLost {}

        default void after(int number, List<Op> ops) throws ConnectionLost {}
    }

    private final Tree tree;
    private final Fault fault;
    private final AtomicInteger commits = new AtomicInteger();

    FaultyTree(Tree tree, Fault fault) {
        this.tree = tree;
        this.fault = fault;
    }

    int commits() {
        return commits.get();
    }

    @Override
    public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        int number = commits.incrementAndGet();
        fault.before(number, ops);
        tree.commit(ops);
        fault.after(number, ops);
    }

    @Override
    public Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
        return tree.get(path);
    }

    @Override
    public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
        return tree.get(paths);
    }

    @Override
    public void sync() throws ConnectionLost, InterruptedException {
        tree.sync();
    }

    @Override
    public List<String> children(String path) throws ConnectionLost, InterruptedException {
        return tree.children(path);
    }

    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {
        tree.watch(path, anything);
    }

    @Override
    public void onSession(Consumer<SessionState> listener) {
        tree.onSession(listener);
    }

    @Override
    public long session() throws ConnectionLost, InterruptedException {
        return tree.session();
    }
}
