package dev.scc.cluster;

/** How long a named part of some work took, in milliseconds. */
public record PhaseTime(String name, long millis) {}
