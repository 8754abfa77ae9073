package dev.scc.fabric.verbs;

import java.io.IOException;

/**
 * A device's connection with itself: a pair of queues whose two ends are both here. Of one thread. All addresses are in the memory
 * that it was opened with. The library has to be loaded before.
 */
final class SelfConnection implements AutoCloseable {
    /** What an end can be asked to do; in the native half they have the same order. */
    enum Operation {
        RECEIVE,
        SEND,
        WRITE,
        READ
    }

    /** The end that begins, and the other one. */
    enum End {
        NEAR,
        FAR
    }

    private final long connection;
    private int under;

    /**
     * Opens the device and connects it with itself.
     *
     * @param gidIndex of the GID at which both ends are
     * @throws IOException naming the call that failed; nothing is left then
     */
    SelfConnection(String device, int gidIndex, long memory, int size) throws IOException {
        connection = open(device, gidIndex, memory, size);
    }

    void receive(End end, long to, int length) throws IOException {
        post(end, Operation.RECEIVE, to, 0, length);
    }

    void send(End end, long from, int length) throws IOException {
        post(end, Operation.SEND, from, 0, length);
    }

    void write(End end, long from, long to, int length) throws IOException {
        post(end, Operation.WRITE, from, to, length);
    }

    void read(End end, long from, long to, int length) throws IOException {
        post(end, Operation.READ, to, from, length);
    }

    @SuppressWarnings("EnumOrdinal") // The native half has the same order.
    private void post(End end, Operation operation, long here, long there, int length) throws IOException {
        post(connection, end.ordinal(), operation.ordinal(), here, there, length);
        under++;
    }

    /**
     * Waits until all that was asked for is done.
     *
     * @param missing what it means if it does not end, for the reason of a failure
     */
    void flush(Deadline deadline, String missing) throws IOException, ProbeFailed, InterruptedException {
        while (under > 0) {
            if (completed(connection, deadline.slice())) {
                under--;
            } else {
                deadline.check(missing);
            }
        }
    }

    @Override
    public void close() {
        release(connection);
    }

    private static native long open(String device, int gidIndex, long memory, int size) throws IOException;

    private static native void post(long connection, int end, int operation, long here, long there, int length)
            throws IOException;

    private static native boolean completed(long connection, int timeoutMillis) throws IOException;

    private static native void release(long connection);
}
