package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A process that stays the same while this is open, also when it has ended and its number has been given to another. */
public final class ProcessDescriptor implements AutoCloseable {
    private static final MethodHandle OPEN =
            Binding.variadicAfter(1, "syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SEND =
            Binding.variadicAfter(1, "syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    // The same on all machines, as all calls of Linux since 5.1.
    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PIDFD_OPEN = 434;

    private final Descriptor descriptor;

    private ProcessDescriptor(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** The process that has that number now. */
    public static ProcessDescriptor open(long pid) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            long number = (long) OPEN.invokeExact(errno, PIDFD_OPEN, pid, 0L);
            if (number < 0) {
                throw Binding.failed("open process " + pid, errno);
            }
            return new ProcessDescriptor(new Descriptor((int) number));
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** @param signal its number */
    public void send(int signal) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            long result = (long) SEND.invokeExact(
                    errno, PIDFD_SEND_SIGNAL, (long) descriptor.number(), (long) signal, MemorySegment.NULL, 0L);
            if (result != 0) {
                throw Binding.failed("signal " + signal, errno);
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
