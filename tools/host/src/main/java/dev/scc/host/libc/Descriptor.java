package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** An open file descriptor that programs started later do not inherit. */
public final class Descriptor implements AutoCloseable {
    private static final MethodHandle OPEN = Binding.variadic("open", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = Binding.function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETNS = Binding.function("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle UNSHARE = Binding.function("unshare", JAVA_INT, JAVA_INT);
    // From Linux's fcntl.h and sched.h.
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_NOFOLLOW = 0x20000;
    private static final int O_DIRECTORY = 0x10000;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int CLONE_NEWIPC = 0x08000000;

    private final int number;

    Descriptor(int number) {
        this.number = number;
    }

    /** Opens a file for reading. */
    public static Descriptor open(Path file) throws LibcFailed {
        return open(file.toString(), 0);
    }

    /**
     * Stands for a directory without opening it.
     *
     * @param directory as {@link KernelText} has it
     */
    public static Descriptor directory(String directory) throws LibcFailed {
        return open(directory, O_PATH | O_DIRECTORY);
    }

    /**
     * Opens a file for reading, whatever it is, without waiting for a writer or a device. A process that opens {@link #path}
     * gets the same file, wherever the path that led to it leads by then.
     */
    public static Descriptor withoutWaiting(Path file) throws LibcFailed {
        return open(file.toString(), O_NONBLOCK | O_NOCTTY);
    }

    /** The same, and a symbolic link is not followed. */
    public static Descriptor ownFile(Path file) throws LibcFailed {
        return open(file.toString(), O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    }

    /**
     * Opens a FIFO so that there is a reader and a writer, and who opens it anew does not wait. A symbolic link is not followed.
     */
    public static Descriptor bothEnds(Path fifo) throws LibcFailed {
        return open(fifo.toString(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    }

    private static Descriptor open(String file, int flags) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            byte[] bytes = KernelText.encode(file);
            MemorySegment path = arena.allocate(bytes.length + 1L);
            path.copyFrom(MemorySegment.ofArray(bytes));
            int number = (int) OPEN.invokeExact(errno, path, O_CLOEXEC | flags);
            if (number < 0) {
                throw Binding.failed("open " + file, errno);
            }
            return new Descriptor(number);
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /**
     * A new IPC namespace, which lasts as long as this descriptor or a process in it. The calling thread is in it from then
     * on, and is to end.
     */
    public static Descriptor newIpcNamespace() throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            if ((int) UNSHARE.invokeExact(errno, CLONE_NEWIPC) != 0) {
                throw Binding.failed("a new IPC namespace", errno);
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
        return open(Path.of("/proc/thread-self/ns/ipc"));
    }

    /** Where other processes find what this is open on. */
    public Path path() {
        return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(number));
    }

    int number() {
        return number;
    }

    /**
     * Puts the calling thread into the network namespace that this descriptor is open on. The process's other threads stay
     * where they are; what this thread starts (programs, and threads too) and the sockets that it makes are in there.
     */
    public void enterNetworkNamespace() throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            if ((int) SETNS.invokeExact(errno, number, CLONE_NEWNET) != 0) {
                throw Binding.failed("setns to a network namespace", errno);
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** Closes it; what the kernel says to that does not matter, the number is free afterwards. */
    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(Binding.errno(arena), number);
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }
}
