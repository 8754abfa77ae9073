package dev.scc.fabric.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The memory of all probes of one run, registered anew for each connection: one slot to send messages from, some to receive
 * them in; and, unless they only watch, one block whose bytes go out and one where bytes come in.
 */
final class ProbeMemory implements AutoCloseable {
    /** How many messages may arrive before the first is looked at. */
    static final int RECEIVE_SLOTS = 4;

    /** How much is written and read at a time, in bytes. */
    static final int BLOCK = 256 * 1024;

    private static final int PAGE = 4096;
    private static final int MESSAGES = (RECEIVE_SLOTS + 1) * Message.MAX;
    private static final int OUT = (MESSAGES + PAGE - 1) / PAGE * PAGE;

    private final Use use;
    private final int block;
    private final int size;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final ByteBuffer bytes;

    /** What probes are for. */
    enum Use {
        /** All that a fabric can do is measured, at whatever price. */
        MEASURE,
        /** It is looked whether somebody is there and how far away, again and again, at the least price. */
        WATCH
    }

    ProbeMemory(Use use) {
        this.use = use;
        this.block = use == Use.MEASURE ? BLOCK : 0;
        this.size = OUT + 2 * block;
        this.memory = arena.allocate(size, PAGE);
        this.bytes = memory.asByteBuffer();
    }

    Use use() {
        return use;
    }

    int size() {
        return size;
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
        return bytes.slice(OUT, block);
    }

    long outAddress() {
        return address() + OUT;
    }

    /** What this side reads, or lets the other write. */
    ByteBuffer in() {
        return bytes.slice(OUT + block, block);
    }

    long inAddress() {
        return address() + OUT + block;
    }

    @Override
    public void close() {
        arena.close();
    }
}
