package dev.scc.fabric.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The memory of all probes of one run, registered anew for each connection: one slot to send messages from, some to receive
 * them in, one block whose bytes go out and one where bytes come in.
 */
final class ProbeMemory implements AutoCloseable {
    /** How many messages may arrive before the first is looked at. */
    static final int RECEIVE_SLOTS = 4;

    /** How much is written and read at a time, in bytes. */
    static final int BLOCK = 256 * 1024;

    private static final int PAGE = 4096;
    private static final int MESSAGES = (RECEIVE_SLOTS + 1) * Message.MAX;
    private static final int OUT = (MESSAGES + PAGE - 1) / PAGE * PAGE;
    private static final int IN = OUT + BLOCK;
    private static final int SIZE = IN + BLOCK;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(SIZE, PAGE);
    private final ByteBuffer bytes = memory.asByteBuffer();

    int size() {
        return SIZE;
    }

    long address() {
        return memory.address();
    }

    ByteBuffer sendSlot() {
        return bytes.slice(0, Message.MAX);
    }

    long sendAddress() {
        return address();
    }

    ByteBuffer receiveSlot(int slot) {
        return bytes.slice((1 + slot) * Message.MAX, Message.MAX);
    }

    long receiveAddress(int slot) {
        return address() + (1L + slot) * Message.MAX;
    }

    /** What this side writes, or lets the other read. */
    ByteBuffer out() {
        return bytes.slice(OUT, BLOCK);
    }

    long outAddress() {
        return address() + OUT;
    }

    /** What this side reads, or lets the other write. */
    ByteBuffer in() {
        return bytes.slice(IN, BLOCK);
    }

    long inAddress() {
        return address() + IN;
    }

    @Override
    public void close() {
        arena.close();
    }
}
