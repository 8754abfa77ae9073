package dev.scc.fabric.verbs;

import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.fabric.verbs.SelfConnection.End;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One try of a device's traffic with itself: messages both ways, and a block written and read, over a reliable connection both of
 * whose ends are here. Packets do not leave the device.
 *
 * @param gidIndex of the GID at which it talks to itself
 */
record Loopback(RdmaSysfs sysfs, String device, int gidIndex) {
    private static final int MESSAGES = 4;
    private static final int MESSAGE = 256;
    private static final int BLOCK = 16 * 1024;
    private static final int PAGE = 4096;

    /** Twice as long as the kernel answers with what it has read of a device's counters before (drivers/infiniband/core/sysfs.c). */
    static final Duration COUNTERS = Duration.ofMillis(20);

    /** From which end to which, each in a part of the memory of its own. */
    private static final int SIZE = PAGE + 4 * BLOCK;

    /**
     * Returns how many packets the device counted as sent; 0 of an adapter that does not count what does not leave it.
     *
     * @param before what it had counted when nothing of this was on it
     * @throws ProbeFailed if something did not go through, or not as expected
     */
    long run(long seed, RdmaCounters before, Deadline deadline) throws IOException, ProbeFailed, InterruptedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SIZE, PAGE);
            try (SelfConnection connection = new SelfConnection(device, gidIndex, memory.address(), SIZE)) {
                exchange(connection, memory, seed, deadline);
                Thread.sleep(COUNTERS);
                RdmaCounters moved = RdmaCounters.read(sysfs, device).since(before);
                judge(moved);
                return moved.sentPackets();
            }
        }
    }

    private static void exchange(SelfConnection connection, MemorySegment memory, long seed, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        for (int number = 0; number < MESSAGES; number++) {
            pass(connection, memory, End.NEAR, seed + number, deadline);
            pass(connection, memory, End.FAR, ~seed + number, deadline);
        }
        long written = memory.address() + PAGE;
        SeededBytes.fill(block(memory, 0), seed);
        connection.write(End.NEAR, written, written + BLOCK, BLOCK);
        connection.flush(deadline, "no completion of an RDMA WRITE");
        compare("an RDMA WRITE", block(memory, 1), seed);
        SeededBytes.fill(block(memory, 2), ~seed);
        connection.read(End.NEAR, written + 2L * BLOCK, written + 3L * BLOCK, BLOCK);
        connection.flush(deadline, "no completion of an RDMA READ");
        compare("an RDMA READ", block(memory, 3), ~seed);
    }

    private static ByteBuffer block(MemorySegment memory, int number) {
        return memory.asSlice(PAGE + (long) number * BLOCK, BLOCK).asByteBuffer();
    }

    private static void pass(SelfConnection connection, MemorySegment memory, End from, long seed, Deadline deadline)
            throws IOException, ProbeFailed, InterruptedException {
        End to = from == End.NEAR ? End.FAR : End.NEAR;
        ByteBuffer sent = memory.asSlice(0, MESSAGE).asByteBuffer();
        ByteBuffer arrived = memory.asSlice(MESSAGE, MESSAGE).asByteBuffer();
        SeededBytes.fill(sent, seed);
        SeededBytes.clear(arrived);
        connection.receive(to, memory.address() + MESSAGE, MESSAGE);
        connection.send(from, memory.address(), MESSAGE);
        connection.flush(deadline, "a SEND did not arrive");
        compare("a SEND", arrived, seed);
    }

    private static void compare(String what, ByteBuffer arrived, long wanted) throws ProbeFailed {
        Optional<String> difference = SeededBytes.difference(arrived, wanted);
        if (difference.isPresent()) {
            throw new ProbeFailed(what + " changed bytes: " + difference.get());
        }
    }

    /**
     * That the device has counted no errors. How many packets it has counted proves nothing: both ends are queue pairs, and not every
     * adapter counts what does not leave it.
     *
     * @param moved since nothing of this was on the device
     */
    static void judge(RdmaCounters moved) throws ProbeFailed {
        Optional<Map.Entry<String, Long>> error = moved.errors().entrySet().stream()
                // What is still queued when a connection ends is counted as flushed, on some hardware among the errors.
                .filter(counter -> counter.getValue() > 0 && !counter.getKey().contains("flush"))
                .findFirst();
        if (error.isPresent()) {
            throw new ProbeFailed("its counter " + error.get().getKey() + " rose by "
                    + error.get().getValue() + " meanwhile");
        }
    }
}
