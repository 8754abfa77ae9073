package dev.scc.cluster;

/** The leading controller: which server it runs in, and the epoch it began. */
public record Leader(String server, long epoch) {}
