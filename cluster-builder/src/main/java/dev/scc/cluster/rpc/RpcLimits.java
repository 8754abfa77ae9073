package dev.scc.cluster.rpc;

import java.time.Duration;

/** What both sides of every connection hold each other to. */
final class RpcLimits {
    /** The largest message, in bytes. */
    static final int LARGEST_MESSAGE = 16 << 20;

    /** How long a connection with a call on it may be silent before it is asked for a sign of life. */
    static final Duration PING_AFTER = Duration.ofSeconds(10);

    /**
     * How long that sign may take: a process answers late, and lives, on a machine whose processors are all taken (one that
     * starts its agent again under emulation took more than 5 s).
     */
    static final Duration PING_WITHIN = Duration.ofSeconds(15);

    /** How often a connection may be asked for a sign of life, before it is closed as a nuisance. */
    static final Duration PINGED_AT_MOST_EVERY = Duration.ofSeconds(4);

    /** How long the other side may take until it has said who it is. */
    static final Duration HANDSHAKE_WITHIN = Duration.ofSeconds(20);

    /** How long a connection without calls stays for the next one. */
    static final Duration KEPT_IDLE = Duration.ofSeconds(30);

    /** How many of these a process has, for each identity. */
    static final int MOST_IDLE = 64;

    /** How many connections one caller may have at a time. */
    static final int CONNECTIONS = 1024;

    /** How many calls may be taken back on one connection within so many seconds; more than a thousand watchers that leave. */
    static final int RESETS = 2000;

    static final int RESETS_WITHIN = 10;

    /** How many calls one connection may have at a time. */
    static final int CALLS_AT_ONCE = 1024;

    /** How long, in seconds, TCP waits before it probes a silent connection, and between probes; how many are lost then. */
    static final int PROBED_AFTER = 10;

    static final int PROBED_EVERY = 5;

    static final int PROBES = 4;

    private RpcLimits() {}
}
