package dev.scc.cluster.pool;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A real tree whose commits go wrong where the test wants it. */
final class FaultyTree extends ForwardingTree {
    /** What happens at a commit; {@code number} counts from 1. */
    interface Fault {
        default void before(int number, List<Op> ops) throws ConnectionLost {}

        default void after(int number, List<Op> ops) throws ConnectionLost {}
    }

    private final Fault fault;
    private final AtomicInteger commits = new AtomicInteger();

    FaultyTree(Tree tree, Fault fault) {
        super(tree);
        this.fault = fault;
    }

    int commits() {
        return commits.get();
    }

    @Override
    public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        int number = commits.incrementAndGet();
        fault.before(number, ops);
        super.commit(ops);
        fault.after(number, ops);
    }

    /** It names nothing: not every tree does. */
    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {
        super.watch(path, _ -> anything.run(), anything);
    }
}
