package dev.scc.cluster.tree;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A tree with what a test has written into it, which nobody else changes. Not thread-safe. */
public final class WrittenTree implements Tree {
    private final NavigableMap<String, Entry> entries = new TreeMap<>();

    /** An entry of that text, there or replaced. */
    public WrittenTree write(String path, String text) {
        entries.put(path, new Entry(text, 0, 0));
        return this;
    }

    @Override
    public Optional<Entry> get(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    @Override
    public Map<String, Entry> get(Collection<String> paths) {
        return paths.stream().filter(entries::containsKey).collect(Collectors.toMap(path -> path, entries::get));
    }

    @Override
    public void sync() {}

    @Override
    public List<String> children(String path) {
        return entries.keySet().stream()
                .filter(entry -> entry.startsWith(path + "/") && entry.indexOf('/', path.length() + 1) < 0)
                .map(entry -> entry.substring(path.length() + 1))
                .toList();
    }

    @Override
    public void commit(List<Op> ops) {
        throw new UnsupportedOperationException("only tests write here");
    }

    @Override
    public void watch(String path, Consumer<String> named, Runnable anything) {}

    @Override
    public void onSession(Consumer<SessionState> listener) {}

    @Override
    public long session() {
        return 1;
    }
}
