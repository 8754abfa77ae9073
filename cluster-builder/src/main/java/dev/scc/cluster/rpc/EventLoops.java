package dev.scc.cluster.rpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The threads that read and write all connections of this process. */
final class EventLoops {
    /** Handlers run elsewhere. */
    private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private EventLoops() {}

    /** There for good: its threads end with the process. */
    static EventLoopGroup shared() {
        return Shared.GROUP;
    }

    private static final class Shared {
        static final EventLoopGroup GROUP = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("rpc", true));
    }
}
