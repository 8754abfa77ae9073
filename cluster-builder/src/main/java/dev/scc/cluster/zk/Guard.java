package dev.scc.cluster.zk;

import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Revocations;

/**
 * What guards a ZooKeeper server.
 *
 * @param credentials what it shows, and by whose roots it lets sessions in
 * @param revocations whose sessions it ends
 */
public record Guard(LiveCredentials credentials, Revocations revocations) {}
