package dev.scc.cluster.front;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.EntryFacts;
import dev.scc.cluster.tree.InspectedTree;
import dev.scc.cluster.view.TreeReport;
import dev.scc.cluster.view.TreeReport.Kind;
import dev.scc.host.Bounds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares a live tree with the table of its entries. A guarded tree is looked at from its top, one of somebody else's from
 * scc's own entries on. Never more than some megabytes are read at a time; entries that come and go meanwhile are no findings.
 * Not thread-safe.
 */
final class TreeAudit {
    private static final String TOP = "/";

    /** ZooKeeper's own. */
    private static final Set<String> OF_ZOOKEEPER = Set.of(TOP, "/zookeeper", "/zookeeper/config", "/zookeeper/quota");

    /** More names than that may not fit in one answer of ZooKeeper's. */
    private static final int MOST_CHILDREN = 200_000;

    private static final int MOST_FINDINGS = 1000;
    private static final int PATHS_AT_ONCE = 1024;
    private static final int BYTES_AT_ONCE = 4 << 20;
    private static final int LONGEST_PATH = 300;
    private static final int LONGEST_REASON = 300;

    private final InspectedTree tree;
    private final List<TreeReport.Row> findings = new ArrayList<>();
    private long entries;
    private long more;

    private TreeAudit(InspectedTree tree) {
        this.tree = tree;
    }

    static TreeReport of(InspectedTree tree) throws ConnectionLost, InterruptedException {
        TreeAudit audit = new TreeAudit(tree);
        List<String> level = List.of(tree.guarded() ? TOP : TreeEntry.TOP);
        while (!level.isEmpty()) {
            List<String> next = new ArrayList<>();
            for (int begin = 0; begin < level.size(); begin += PATHS_AT_ONCE) {
                audit.look(level.subList(begin, Math.min(level.size(), begin + PATHS_AT_ONCE)), next);
            }
            level = next;
        }
        audit.findings.sort(Comparator.comparing(TreeReport.Row::path).thenComparing(TreeReport.Row::kind));
        return new TreeReport(audit.entries, tree.guarded(), audit.findings, audit.more);
    }

    /** @param below gets the paths of what is right below these */
    private void look(Collection<String> paths, List<String> below) throws ConnectionLost, InterruptedException {
        Map<String, EntryFacts> there = tree.facts(paths);
        List<String> listed = new ArrayList<>();
        Map<String, Integer> read = new TreeMap<>();
        there.forEach((path, facts) -> {
            entries++;
            judge(path, facts);
            if (facts.children() > MOST_CHILDREN) {
                find(path, Kind.CROWD, facts.children() + " entries are below it, which were not looked at");
            } else if (facts.children() > 0) {
                listed.add(path);
            }
            TreeEntry.at(path)
                    .filter(kind -> facts.bytes() <= kind.largest())
                    .ifPresent(_ -> read.put(path, facts.bytes()));
        });
        read(read);
        tree.children(listed)
                .forEach((path, names) ->
                        names.forEach(name -> below.add(path.equals(TOP) ? TOP + name : path + "/" + name)));
    }

    private void judge(String path, EntryFacts facts) {
        if (tree.guarded() && facts.access() != EntryFacts.Access.TABLE) {
            find(
                    path,
                    Kind.ACCESS,
                    (facts.access() == EntryFacts.Access.OPEN ? "it is open to everybody: " : "it is not the table's: ")
                            + facts.accessList());
        }
        Optional<TreeEntry> kind = TreeEntry.at(path);
        if (kind.isEmpty()) {
            if (!OF_ZOOKEEPER.contains(path)) {
                find(path, Kind.UNKNOWN, "no entry of scc's stands there");
            }
            return;
        }
        EntryForm.objectionToName(kind.get(), path).ifPresent(why -> find(path, Kind.UNKNOWN, why));
        judge(path, kind.get(), facts);
    }

    private void judge(String path, TreeEntry kind, EntryFacts facts) {
        boolean goes = kind.lifetime() == TreeEntry.Lifetime.SESSION;
        if (goes && facts.life() != EntryFacts.Life.SESSION) {
            find(path, Kind.LIFETIME, "it stays when the session has ended that has made it, and has to go then");
        } else if (!goes && facts.life() == EntryFacts.Life.SESSION) {
            find(path, Kind.LIFETIME, "it goes with the session that has made it, and has to stay");
        } else if (!goes && facts.life() == EntryFacts.Life.OTHER) {
            find(path, Kind.LIFETIME, "ZooKeeper removes it by itself, and it has to stay");
        }
        if (facts.bytes() > kind.largest()) {
            find(path, Kind.SIZE, "it has " + facts.bytes() + " bytes, and may have " + kind.largest());
        }
    }

    /** @param lengths of those that are to be read */
    private void read(Map<String, Integer> lengths) throws ConnectionLost, InterruptedException {
        List<String> some = new ArrayList<>();
        int bytes = 0;
        for (Map.Entry<String, Integer> each : lengths.entrySet()) {
            if (!some.isEmpty() && bytes + each.getValue() > BYTES_AT_ONCE) {
                understand(tree.get(some));
                some.clear();
                bytes = 0;
            }
            some.add(each.getKey());
            bytes += each.getValue();
        }
        understand(tree.get(some));
    }

    private void understand(Map<String, Entry> texts) {
        texts.forEach((path, entry) -> {
            // One that has grown since it was measured is reported the next time.
            if (entry.unread() == 0) {
                EntryForm.objectionToText(TreeEntry.at(path).orElseThrow(), entry)
                        .ifPresent(why -> find(path, Kind.TEXT, why));
            }
        });
    }

    private void find(String path, Kind kind, String why) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(new TreeReport.Row(Bounds.cut(path, LONGEST_PATH), kind, Bounds.cut(why, LONGEST_REASON)));
        } else {
            more++;
        }
    }
}
