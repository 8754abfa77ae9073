package dev.scc.cluster.rpc;

/**
 * A connection that has ended before anything was asked on it: the other side did not show who it is, or may not come in.
 *
 * @param door what it was to: {@code api} or {@code zookeeper}
 * @param who a certificate names that was good; else {@code unknown}
 * @param address host and port that it came from
 * @param why it was refused
 */
public record RefusedConnection(String door, String who, String address, String why) {}
