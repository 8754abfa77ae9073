package dev.scc.cluster.world;

/** A value with the version of the entry that it was read from. */
public record Held<T>(T value, int version) {}
