package dev.scc.cluster.rpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** The threads that read and write all connections of this process, and those that callers are told on. */
final class EventLoops {
    /** Handlers run elsewhere. */
    private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private EventLoops() {}

    /** There for good: its threads end with the process. */
    static EventLoopGroup shared() {
        return Shared.GROUP;
    }

    /** There for good, too. */
    static Executor forAnswers() {
        return Shared.ANSWERS;
    }

    private static final class Shared {
        static final Executor ANSWERS = Executors.newVirtualThreadPerTaskExecutor();
        static final EventLoopGroup GROUP = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("rpc", true));
    }
}
