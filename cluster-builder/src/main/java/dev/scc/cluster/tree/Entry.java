package dev.scc.cluster.tree;

/**
 * What stands at one path.
 *
 * @param version from 0, one more with each change of the text
 * @param owner id of the session that an ephemeral entry lives and dies with; 0 for one that stays
 */
public record Entry(String text, int version, long owner) {}
