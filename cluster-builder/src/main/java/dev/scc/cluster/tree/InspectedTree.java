package dev.scc.cluster.tree;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A tree of which more is known than the texts of its entries. For servers. */
public interface InspectedTree extends Tree {

    /** Whether its entries are guarded: the ensemble is scc's own, and access lists mean something. */
    boolean guarded();

    /** What is known of those of the paths where something stands, without their texts. */
    Map<String, EntryFacts> facts(Collection<String> paths) throws ConnectionLost, InterruptedException;

    /** Names right below each of those of the paths where something stands, sorted. */
    Map<String, List<String>> children(Collection<String> paths) throws ConnectionLost, InterruptedException;
}
