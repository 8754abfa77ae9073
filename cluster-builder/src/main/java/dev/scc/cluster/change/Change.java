package dev.scc.cluster.change;

import dev.scc.cluster.leftover.Leftover;
import java.util.Optional;

/** Something that a controller has decided to change in the tree. What is decided together takes effect together, or not at all. */
public sealed interface Change
        permits NodeChange,
                ClusterChange,
                NumberChange,
                RequestChange,
                JournalChange,
                VpcChange,
                PlugChange,
                GroupChange,
                Change.RemoveLeftover,
                Change.Rely {

    /** Entries that belong to nothing go. */
    record RemoveLeftover(Leftover.Entries entries) implements Change {}

    /**
     * Nothing of what is decided with it takes effect unless what the tree holds of a user is still what was read.
     *
     * @param version of his entry; that of somebody who was put out and let in again begins anew
     * @param putOut version of the entry that says so; empty if he never was
     */
    record Rely(String person, int version, Optional<Integer> putOut) implements Change {}
}
