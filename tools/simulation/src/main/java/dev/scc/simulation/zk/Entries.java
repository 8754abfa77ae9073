package dev.scc.simulation.zk;

import dev.scc.cluster.tree.Entry;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The entries of one copy of the tree, the root aside, which is always there. */
final class Entries {
    static final String ROOT = "/";
    private static final Entry ROOT_ENTRY = new Entry("", 0, 0);

    private final NavigableMap<String, Entry> entries = new TreeMap<>();
    private final NavigableMap<String, Entry> view = Collections.unmodifiableNavigableMap(entries);
    /** Names below each path that has any. */
    private final Map<String, NavigableSet<String>> children = new HashMap<>();

    @Nullable
    Entry get(String path) {
        return path.equals(ROOT) ? ROOT_ENTRY : entries.get(path);
    }

    List<String> children(String path) {
        NavigableSet<String> names = children.get(path);
        return names == null ? List.of() : List.copyOf(names);
    }

    boolean hasChildren(String path) {
        return children.containsKey(path);
    }

    NavigableMap<String, Entry> view() {
        return view;
    }

    void apply(Change change) {
        put(change.path(), change.after());
    }

    void revert(Change change) {
        put(change.path(), change.before());
    }

    private void put(String path, Optional<Entry> entry) {
        if (entry.isPresent()) {
            if (entries.put(path, entry.get()) == null) {
                children.computeIfAbsent(parent(path), _ -> new TreeSet<>()).add(name(path));
            }
        } else if (entries.remove(path) != null) {
            children.computeIfPresent(parent(path), (_, names) -> {
                names.remove(name(path));
                return names.isEmpty() ? null : names;
            });
        }
    }

    void replace(Map<String, Entry> others) {
        entries.clear();
        children.clear();
        others.forEach((path, entry) -> put(path, Optional.of(entry)));
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? ROOT : path.substring(0, slash);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
