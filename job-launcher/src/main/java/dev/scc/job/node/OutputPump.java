package dev.scc.job.node;

import dev.scc.cluster.rpc.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one stream of one process away as it is written. It holds one buffer: where the other side is slow, the process
 * itself waits in its next write. Of a process that has written more than that by then, one piece is made of all of it.
 */
final class OutputPump {
    private static final Logger log = LoggerFactory.getLogger(OutputPump.class);
    /** Small, because a thousand ranks have two each. */
    private static final int BUFFER = 8 << 10;

    /** What a pipe holds: each piece costs about as much as its bytes do. */
    private static final int LARGEST = 64 << 10;

    /** How many pumps of this process may hold so much at a time. */
    private static final Semaphore LARGE = new Semaphore(64);

    /** Where it goes. */
    @FunctionalInterface
    interface Sink {
        void send(Bytes bytes) throws InterruptedException;
    }

    private final InputStream from;
    private final Sink sink;
    private final Thread thread;
    private volatile long progress = System.nanoTime();
    private volatile boolean sending;

    private OutputPump(InputStream from, Sink sink, String name) {
        this.from = from;
        this.sink = sink;
        // Not virtual: a read from a pipe holds its carrier thread, and there are two of these for each rank.
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::pump);
    }

    static OutputPump start(InputStream from, String name, Sink sink) {
        OutputPump pump = new OutputPump(from, sink, name);
        pump.thread.start();
        return pump;
    }

    private void pump() {
        byte[] buffer = new byte[BUFFER];
        try (from) {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                sending = true;
                send(buffer, count);
                progress = System.nanoTime();
                sending = false;
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("output of a process ended early");
        } catch (InterruptedException e) {
            log.atDebug().setCause(e).log("nobody wants the output of a process any more");
        } finally {
            sending = false;
        }
    }

    private void send(byte[] buffer, int count) throws IOException, InterruptedException {
        int more = count < buffer.length ? 0 : Math.min(from.available(), LARGEST - count);
        if (more <= 0 || !LARGE.tryAcquire()) {
            sink.send(Bytes.of(buffer, 0, count));
            return;
        }
        try {
            byte[] all = Arrays.copyOf(buffer, count + more);
            int filled = count + from.readNBytes(all, count, more);
            sink.send(filled == all.length ? Bytes.owning(all) : Bytes.of(all, 0, filled));
        } finally {
            LARGE.release();
        }
    }

    /**
     * Waits for the end of the stream; when the process is gone and something that it left behind holds the stream open, no
     * longer than {@code silence} after the last bytes.
     */
    void drain(Duration silence) throws InterruptedException {
        long begin = System.nanoTime();
        while (!thread.join(Duration.ofMillis(20))) {
            long now = System.nanoTime();
            if (!sending && now - Math.max(progress, begin) > silence.toNanos()) {
                return;
            }
        }
    }

    /** Stops a pump whose receiver is gone. */
    void stop() {
        thread.interrupt();
    }
}
