package dev.scc.cluster.rpc;

import java.time.Duration;

/** What both sides of every connection hold each other to. */
final class RpcLimits {
    /** The largest message, in bytes. */
    static final int LARGEST_MESSAGE = 16 << 20;

    /** How long a connection with a call on it may be silent before it is asked for a sign of life. */
    static final Duration PING_AFTER = Duration.ofSeconds(10);

    /** How long that sign may take. */
    static final Duration PING_WITHIN = Duration.ofSeconds(5);

    private RpcLimits() {}
}
