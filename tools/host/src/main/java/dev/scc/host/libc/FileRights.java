package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What a Unix user may do with files: a process of root's looks at what belongs to a user with the rights of that user, so
 * that it does not read, follow or reveal what the user could not.
 *
 * <p>On Linux the ids for files belong to a thread (setfsuid(2)), and with those of root go its capabilities for files. The
 * real ids of the thread stay root's: otherwise the user could send signals to the process. That is why access(2), on which
 * {@link java.nio.file.Files#isReadable} and its like depend, still answers for root; only opening a file tells.
 *
 * @param groups all supplementary ones
 */
public record FileRights(int uid, int gid, List<Integer> groups) {
    private static final MethodHandle SETFSUID = Binding.function("setfsuid", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETFSGID = Binding.function("setfsgid", JAVA_INT, JAVA_INT);
    /** The C library's setgroups(3) would change all threads; the kernel's changes the calling one. */
    private static final MethodHandle SETGROUPS =
            Binding.variadicAfter(1, "syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);

    public FileRights {
        groups = List.copyOf(groups);
    }

    /**
     * Runs a task on a thread of its own that has these rights, and waits for it. What the task opens stays open for all.
     *
     * @throws IOException from the task, or if this process may not change its rights
     */
    public <T> T inside(Callable<T> task) throws IOException, InterruptedException {
        FutureTask<T> running = new FutureTask<>(() -> {
            take();
            return task.call();
        });
        Thread.ofPlatform()
                .daemon()
                .name("as user " + Integer.toUnsignedString(uid))
                .start(running);
        try {
            return running.get();
        } catch (InterruptedException e) {
            running.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case Error error -> throw error;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Gives a file to the user; of a symbolic link the link itself, not what it leads to. */
    public void own(Path file) throws IOException {
        Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }

    /** The groups first: without root's rights they could not be changed any more. */
    private void take() throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment list = arena.allocate(ValueLayout.JAVA_INT, Math.max(1, groups.size()));
            for (int i = 0; i < groups.size(); i++) {
                list.setAtIndex(ValueLayout.JAVA_INT, i, groups.get(i));
            }
            if ((long) SETGROUPS.invokeExact(errno, setgroups(), (long) groups.size(), list) != 0) {
                throw Binding.failed("setgroups", errno);
            }
            set("setfsgid", SETFSGID, gid, errno);
            set("setfsuid", SETFSUID, uid, errno);
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** Both say only what was before; called again with an id that cannot be, they show what is now. */
    private static void set(String call, MethodHandle function, int id, MemorySegment errno) throws Throwable {
        int ignored = (int) function.invokeExact(errno, id);
        int now = (int) function.invokeExact(errno, -1);
        if (now != id) {
            throw Binding.failed(call, errno);
        }
    }

    /** Its number differs between machines. */
    private static long setgroups() {
        return System.getProperty("os.arch").equals("aarch64") ? 159 : 116;
    }
}
