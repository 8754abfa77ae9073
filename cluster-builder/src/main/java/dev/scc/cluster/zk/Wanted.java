package dev.scc.cluster.zk;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.TreeRole;
import java.util.Comparator;
import java.util.Optional;

/**
 * An entry that is to be read together with others.
 *
 * @param group only entries of one group are read in one request
 * @param largest bytes that it may have
 * @param atOnce how many of its group are read in one request
 * @param foreign others than controllers write it, so it may be larger than it may be
 */
record Wanted(String path, String group, int largest, int atOnce, boolean foreign) {
    static final Comparator<Wanted> BY_GROUP = Comparator.comparing(Wanted::group);

    static Wanted at(String path) {
        Optional<TreeEntry> known = TreeEntry.at(path);
        if (known.isEmpty()) {
            return new Wanted(path, "", Limits.LARGEST_PACKET, Limits.READ_AT_ONCE, false);
        }
        TreeEntry entry = known.get();
        if (entry.writer() != TreeRole.CONTROLLER) {
            // A node has one of each kind, so it cannot have two in one reply.
            return new Wanted(path, entry.name(), entry.largest(), Limits.READ_AT_ONCE, true);
        }
        return entry.mayBeLarge()
                ? new Wanted(path, "large", entry.largest(), Limits.LARGE_AT_ONCE, false)
                : new Wanted(path, "", entry.largest(), Limits.READ_AT_ONCE, false);
    }
}
