package dev.scc.cluster.agent;

import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands right below a path, such as who is where in a VPC: read as a whole at first, and where it is not known what has
 * changed; else only what a watch has named. One thread reads; watches may signal on any.
 */
final class FollowedEntries<T> {
    private static final Logger log = LoggerFactory.getLogger(FollowedEntries.class);

    private final Tree tree;
    private final String path;
    private final Class<T> type;
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final AtomicInteger doubts = new AtomicInteger();
    private final NavigableMap<String, T> values = new TreeMap<>();
    /** Some trees never name anything; what they do not signal must not be taken for unchanged. */
    private volatile boolean names;

    private int settled = -1;

    /** @param signal is called when something has changed */
    FollowedEntries(Tree tree, String path, Class<T> type, Runnable signal) {
        this.tree = tree;
        this.path = path;
        this.type = type;
        tree.watch(
                path,
                each -> {
                    names = true;
                    named.add(each);
                    signal.run();
                },
                () -> {
                    doubts.incrementAndGet();
                    signal.run();
                });
    }

    /** Those that can be read, by the names of their entries. */
    NavigableMap<String, T> read() throws ConnectionLost, InterruptedException {
        int doubt = doubts.get();
        List<String> changed = new ArrayList<>(named);
        named.removeAll(changed);
        boolean all = !names || doubt != settled;
        settled = -1;
        List<String> paths = changed;
        if (all) {
            values.clear();
            paths = tree.children(path).stream()
                    .map(entry -> path + "/" + entry)
                    .toList();
        }
        read(paths);
        settled = doubt;
        return new TreeMap<>(values);
    }

    private void read(List<String> paths) throws ConnectionLost, InterruptedException {
        List<String> below =
                paths.stream().filter(each -> each.startsWith(path + "/")).toList();
        if (below.isEmpty()) {
            return;
        }
        Map<String, Entry> entries = tree.get(below);
        for (String each : below) {
            String entry = each.substring(path.length() + 1);
            understood(each, Optional.ofNullable(entries.get(each)))
                    .ifPresentOrElse(value -> values.put(entry, value), () -> values.remove(entry));
        }
    }

    private Optional<T> understood(String at, Optional<Entry> entry) {
        try {
            return entry.map(there -> there.read(type));
        } catch (IllegalArgumentException e) {
            log.atError()
                    .addKeyValue("path", at)
                    .addKeyValue("why", e.getMessage())
                    .log("entry cannot be read");
            return Optional.empty();
        }
    }
}
