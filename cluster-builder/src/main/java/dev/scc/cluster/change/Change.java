package dev.scc.cluster.change;

import dev.scc.cluster.leftover.Leftover;

/** Something that a controller has decided to change in the tree. What is decided together takes effect together, or not at all. */
public sealed interface Change
        permits NodeChange,
                ClusterChange,
                NumberChange,
                RequestChange,
                JournalChange,
                VpcChange,
                Change.RemoveLeftover {

    /** Entries that belong to nothing go. */
    record RemoveLeftover(Leftover.Entries entries) implements Change {}
}
