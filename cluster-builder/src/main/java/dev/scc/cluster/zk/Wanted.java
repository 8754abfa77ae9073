package dev.scc.cluster.zk;

import dev.scc.cluster.TreeEntry;
import java.util.Comparator;
import java.util.Optional;

/**
 * An entry that is to be read together with others.
 *
 * @param kind what tells entries of one kind from those of another
 * @param largest bytes that it may have
 * @param measured it may be so large that its length has to be known before
 */
record Wanted(String path, String kind, int largest, boolean measured) {
    static final Comparator<Wanted> BY_KIND = Comparator.comparing(Wanted::kind);

    static Wanted at(String path) {
        Optional<TreeEntry> entry = TreeEntry.at(path);
        return entry.isPresent()
                ? new Wanted(
                        path,
                        entry.get().name(),
                        entry.get().largest(),
                        entry.get().mayBeLarge())
                : new Wanted(path, "", Limits.LARGEST_PACKET, false);
    }
}
