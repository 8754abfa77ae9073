package dev.scc.cluster.tree;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A tree that hands everything on to another one, so that a subclass says only what it does otherwise. As thread-safe as the
 * other tree.
 */
public abstract class ForwardingTree implements Tree {
    private final Tree tree;

    protected ForwardingTree(Tree tree) {
        this.tree = tree;
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
    public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
        tree.commit(ops);
    }

    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {
        tree.watch(path, named, anything);
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
