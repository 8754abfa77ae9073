package dev.scc.cluster.world;

/**
 * Somebody who was put out.
 *
 * @param signedBeforeMillis what was signed for him until then counts for nothing
 */
public record Revoked(long signedBeforeMillis) {}
