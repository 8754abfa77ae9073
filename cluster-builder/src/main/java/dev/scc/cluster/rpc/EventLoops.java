package dev.scc.cluster.rpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The threads that read and write all connections of this process, and those that callers are told on. Thread-safe. */
public final class EventLoops {
    /** Handlers run elsewhere. */
    private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());

    private static final AtomicBoolean USED = new AtomicBoolean();

    private EventLoops() {}

    /** There until {@link #end}, or for good: its threads end with the process. */
    static EventLoopGroup shared() {
        EventLoopGroup group = Shared.GROUP;
        USED.set(true);
        return group;
    }

    /**
     * Closes all connections and ends their threads, within a second. For a process that is about to end and has nothing to say
     * to anybody any more: the JVM's own end waits 0.3 s for threads that wait in the kernel, as these do.
     */
    public static void end() {
        if (USED.get()) {
            var _ = Shared.GROUP
                    .shutdownGracefully(0, 0, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
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
