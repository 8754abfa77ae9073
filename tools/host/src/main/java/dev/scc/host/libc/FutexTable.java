package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.OptionalInt;

/**
 * Where the kernel keeps the threads of this process that wait for each other (futex(2)).
 *
 * <p>Since Linux 6.16 each process has a table of its own, whose size goes by the machine's processors: 16 slots on two. With
 * thousands of threads that wait, each wakeup walks past hundreds of others. Older kernels have one large table for all.
 */
public final class FutexTable {
    private static final MethodHandle PRCTL =
            Binding.variadicAfter(1, "prctl", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    // From Linux's prctl.h.
    private static final int PR_FUTEX_HASH = 78;
    private static final long SET_SLOTS = 1;
    private static final long GET_SLOTS = 2;

    private FutexTable() {}

    /**
     * Gives it a slot for each of so many threads, or more, whatever it has had.
     *
     * @param threads that wait at the same time; at most 2^30
     * @return false if this kernel does not let a process choose
     */
    public static boolean fit(int threads) {
        if (threads < 1 || threads > 1 << 30) {
            throw new IllegalArgumentException(threads + " threads: 1 to 2^30 can wait");
        }
        // The kernel takes powers of two only.
        long slots = Math.max(2, Integer.highestOneBit(2 * threads - 1));
        return call(SET_SLOTS, slots) == 0;
    }

    /** How many there are; 0 if the process uses the table of all; empty if this kernel does not say. */
    public static OptionalInt slots() {
        int slots = call(GET_SLOTS, 0);
        return slots < 0 ? OptionalInt.empty() : OptionalInt.of(slots);
    }

    private static int call(long what, long argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            return (int) PRCTL.invokeExact(errno, PR_FUTEX_HASH, what, argument, 0L, 0L);
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }
}
