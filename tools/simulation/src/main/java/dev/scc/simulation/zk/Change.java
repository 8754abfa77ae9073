package dev.scc.simulation.zk;

import dev.scc.cluster.tree.Entry;
import java.util.Optional;

/**
 * What a committed transaction did at one path.
 *
 * @param before empty if the entry was made
 * @param after empty if it was removed
 */
public record Change(String path, Optional<Entry> before, Optional<Entry> after) {}
