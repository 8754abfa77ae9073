package dev.scc.cluster.agent;

import dev.scc.cluster.Holding;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import java.util.ArrayList;
import java.util.HashMap;
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
 * Who is where in the VPCs that a node is in: read as a whole at first, and where it is not known what has changed; else only
 * what a watch has named. One thread reads; watches may signal on any.
 */
final class VpcDirectory {
    private static final Logger log = LoggerFactory.getLogger(VpcDirectory.class);

    private final Tree tree;
    private final Runnable signal;
    private final Map<String, Followed> followed = new HashMap<>();

    /** @param signal is called when something has changed */
    VpcDirectory(Tree tree, Runnable signal) {
        this.tree = tree;
        this.signal = signal;
    }

    /** A VPC that is looked at. */
    private static final class Followed {
        final Set<String> named = ConcurrentHashMap.newKeySet();
        final AtomicInteger doubts = new AtomicInteger();
        final NavigableMap<String, Holding> holdings = new TreeMap<>();
        /** Some trees never name anything; what they do not signal must not be taken for unchanged. */
        volatile boolean names;

        int settled = -1;
    }

    /** Everybody in that VPC, by the names of their entries; empty if it is not there. */
    NavigableMap<String, Holding> of(String vpc) throws ConnectionLost, InterruptedException {
        String path = TreeEntry.VPC.path(vpc);
        Followed known = followed.computeIfAbsent(vpc, _ -> follow(path));
        int doubt = known.doubts.get();
        List<String> changed = new ArrayList<>(known.named);
        known.named.removeAll(changed);
        boolean all = !known.names || doubt != known.settled;
        known.settled = -1;
        List<String> paths = changed;
        if (all) {
            known.holdings.clear();
            paths = tree.children(path).stream()
                    .map(entry -> path + "/" + entry)
                    .toList();
        }
        read(known, path, paths);
        known.settled = doubt;
        return new TreeMap<>(known.holdings);
    }

    private void read(Followed known, String path, List<String> paths) throws ConnectionLost, InterruptedException {
        List<String> below =
                paths.stream().filter(each -> each.startsWith(path + "/")).toList();
        if (below.isEmpty()) {
            return;
        }
        Map<String, Entry> entries = tree.get(below);
        for (String each : below) {
            String entry = each.substring(path.length() + 1);
            understood(each, Optional.ofNullable(entries.get(each)))
                    .ifPresentOrElse(holding -> known.holdings.put(entry, holding), () -> known.holdings.remove(entry));
        }
    }

    private Followed follow(String path) {
        Followed fresh = new Followed();
        tree.watch(
                path,
                each -> {
                    fresh.names = true;
                    fresh.named.add(each);
                    signal.run();
                },
                () -> {
                    fresh.doubts.incrementAndGet();
                    signal.run();
                });
        return fresh;
    }

    private static Optional<Holding> understood(String path, Optional<Entry> entry) {
        try {
            return entry.map(there -> there.read(Holding.class));
        } catch (IllegalArgumentException e) {
            log.atError()
                    .addKeyValue("path", path)
                    .addKeyValue("why", e.getMessage())
                    .log("holding cannot be read");
            return Optional.empty();
        }
    }
}
