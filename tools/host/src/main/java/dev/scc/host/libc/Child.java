package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program started with posix_spawn(3): in the namespaces of the calling thread, without the helper process that Java starts
 * in between, and without threads of Java's that would stay in those namespaces.
 */
public final class Child {
    private static final MethodHandle SPAWN =
            Binding.function("posix_spawnp", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle INIT = Binding.function("posix_spawn_file_actions_init", JAVA_INT, ADDRESS);
    private static final MethodHandle DESTROY = Binding.function("posix_spawn_file_actions_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle DUP2 =
            Binding.function("posix_spawn_file_actions_adddup2", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE_FROM =
            Binding.function("posix_spawn_file_actions_addclosefrom_np", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle WAITID =
            Binding.function("waitid", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle WAITPID = Binding.function("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    // From Linux's wait.h; the sizes are those of glibc's types on 64 bits, or more.
    private static final int P_PID = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int EINTR = 4;
    private static final long SIGINFO_BYTES = 128;
    private static final long FILE_ACTIONS_BYTES = 128;
    private static final long ALIGNMENT = 16;

    private final int pid;
    private final String program;
    private boolean reaped;

    private Child(int pid, String program) {
        this.pid = pid;
        this.program = program;
    }

    /**
     * Starts a program, which is looked for on PATH.
     *
     * @param environment all of it
     * @param streams what it finds as standard input, output and errors; it inherits nothing else
     */
    public static Child start(List<String> argv, Map<String, String> environment, List<Descriptor> streams)
            throws LibcFailed {
        String program = argv.getFirst();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment actions = arena.allocate(FILE_ACTIONS_BYTES, ALIGNMENT);
            MemorySegment pid = arena.allocate(JAVA_INT);
            check("posix_spawn_file_actions_init", (int) INIT.invokeExact(errno, actions));
            try {
                for (int number = 0; number < streams.size(); number++) {
                    check("dup2", (int)
                            DUP2.invokeExact(errno, actions, streams.get(number).number(), number));
                }
                // Java's own sockets are not closed by exec.
                check("closefrom", (int) CLOSE_FROM.invokeExact(errno, actions, streams.size()));
                check("start " + program, (int) SPAWN.invokeExact(
                        errno,
                        pid,
                        arena.allocateFrom(program),
                        actions,
                        MemorySegment.NULL,
                        strings(arena, argv.stream()),
                        strings(
                                arena,
                                environment.entrySet().stream()
                                        .map(entry -> entry.getKey() + "=" + entry.getValue()))));
            } finally {
                int ignored = (int) DESTROY.invokeExact(errno, actions);
            }
            return new Child(pid.get(JAVA_INT, 0), program);
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    private static void check(String call, int error) throws LibcFailed {
        if (error != 0) {
            throw Binding.failed(call, error);
        }
    }

    private static MemorySegment strings(Arena arena, Stream<String> words) {
        List<MemorySegment> all = words.map(arena::allocateFrom).toList();
        MemorySegment array = arena.allocate(ADDRESS, all.size() + 1L); // The last one stays null.
        for (int index = 0; index < all.size(); index++) {
            array.setAtIndex(ADDRESS, index, all.get(index));
        }
        return array;
    }

    /** Blocks the calling platform thread until it has ended. Returns its exit status, or 128 + the signal that ended it. */
    public int await() throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment info = arena.allocate(SIGINFO_BYTES, ALIGNMENT);
            // It is first seen to have ended, and then reaped under the lock: so kill() never meets a number given
            // anew.
            while ((int) WAITID.invokeExact(errno, P_PID, pid, info, WEXITED | WNOWAIT) != 0) {
                LibcFailed failed = Binding.failed("wait for " + program, errno);
                if (failed.errno() != EINTR) {
                    throw failed;
                }
            }
            return reap(arena, errno);
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    private synchronized int reap(Arena arena, MemorySegment errno) throws Throwable {
        MemorySegment status = arena.allocate(JAVA_INT);
        if ((int) WAITPID.invokeExact(errno, pid, status, 0) < 0) {
            throw Binding.failed("wait for " + program, errno);
        }
        reaped = true;
        int word = status.get(JAVA_INT, 0);
        int signal = word & 0x7f;
        return signal == 0 ? word >> 8 & 0xff : 128 + signal;
    }

    /** Kills it and its descendants; nothing if it has ended. Children first: those of a dead parent would be out of sight. */
    public synchronized void kill() {
        if (!reaped) {
            ProcessHandle.of(pid).ifPresent(process -> {
                try (Stream<ProcessHandle> descendants = process.descendants()) {
                    descendants.forEach(ProcessHandle::destroyForcibly);
                }
                process.destroyForcibly();
            });
        }
    }
}
