package dev.scc.cluster.zk;

import dev.scc.cluster.rpc.RefusedConnection;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Revocations;
import java.util.function.Consumer;

/**
 * What guards a ZooKeeper server.
 *
 * @param credentials what it shows, and by whose roots it lets sessions in
 * @param revocations whose sessions it ends
 * @param refused is told whom it does not let in, and whose connections it ends for what they ask; on a thread that reads
 *     connections
 */
public record Guard(LiveCredentials credentials, Revocations revocations, Consumer<RefusedConnection> refused) {}
