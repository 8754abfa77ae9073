package dev.scc.host.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** How a function of the C library becomes a method handle, and how it says why it failed. */
@SuppressWarnings("restricted") // Calling C is what this package is for; the launcher enables native access.
final class Binding {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(find("strerror"), FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final long LONGEST_WORDS = 256;

    private Binding() {}

    /** A function whose first argument is the place for errno; then come its own. */
    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                find(name), FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }

    /** The same for a function that is declared with "..." after that many arguments. */
    static MethodHandle variadic(String name, MemoryLayout result, MemoryLayout... arguments) {
        return variadicAfter(arguments.length, name, result, arguments);
    }

    /** The same for one that is declared with "..." after {@code fixed} arguments, and is called with more. */
    static MethodHandle variadicAfter(int fixed, String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                find(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    private static MemorySegment find(String name) {
        return LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("this machine's C library has no " + name));
    }

    static MemorySegment errno(Arena arena) {
        return arena.allocate(STATE);
    }

    static LibcFailed failed(String call, MemorySegment errno) {
        return failed(call, (int) ERRNO.get(errno, 0L));
    }

    static LibcFailed failed(String call, int number) {
        try {
            MemorySegment words = (MemorySegment) STRERROR.invokeExact(number);
            return new LibcFailed(call + ": " + words.reinterpret(LONGEST_WORDS).getString(0), number);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** What a method handle may throw and a C function does not. */
    static IllegalStateException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
