package dev.scc.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that listen in a network namespace which this process is not in. A socket stays in the namespace that it was made
 * in, and so do those that it accepts; who made it may be anywhere.
 */
final class NamespaceSockets extends ServerSocketFactory {
    private static final int USUAL_BACKLOG = 50;

    private final Path namespace;

    NamespaceSockets(Path namespace) {
        this.namespace = namespace;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        // A thread that ends right after: whatever it started itself, such as another thread, would stay in the
        // namespace. So it does nothing but make the socket.
        FutureTask<ServerSocket> task = new FutureTask<>(() -> {
            Kernel.enter(namespace);
            ServerSocket socket = new ServerSocket();
            // Java puts off asking the kernel for a socket until it needs one.
            socket.setReuseAddress(true);
            return socket;
        });
        Thread thread = Thread.ofPlatform().name("namespace-socket").start(task);
        try {
            thread.join();
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a socket was made in " + namespace, e);
        } catch (ExecutionException e) {
            throw new IOException("cannot make a socket in " + namespace + ": " + e.getCause(), e);
        }
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, USUAL_BACKLOG, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port, backlog, null);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        ServerSocket socket = createServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The system calls that Java has no words for: open(2), setns(2), close(2). */
    @SuppressWarnings("restricted") // No part of Java reaches a namespace.
    private static final class Kernel {
        private static final int O_RDONLY_CLOEXEC = 0x80000;
        private static final int CLONE_NEWNET = 0x40000000;
        private static final Linker LINKER = Linker.nativeLinker();
        private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
        private static final VarHandle ERRNO_OF =
                Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle OPEN = handle(
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        private static final MethodHandle SETNS = handle(
                "setns", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final MethodHandle CLOSE =
                handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private Kernel() {}

        private static MethodHandle handle(String name, FunctionDescriptor form, Linker.Option... more) {
            Linker.Option[] options = new Linker.Option[more.length + 1];
            options[0] = ERRNO;
            System.arraycopy(more, 0, options, 1, more.length);
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), form, options);
        }

        /** Moves the calling thread into the namespace. */
        static void enter(Path namespace) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
                int file = (int) OPEN.invokeExact(state, arena.allocateFrom(namespace.toString()), O_RDONLY_CLOEXEC);
                if (file < 0) {
                    throw new IOException("cannot open " + namespace + ": error " + (int) ERRNO_OF.get(state, 0L));
                }
                int entered = (int) SETNS.invokeExact(state, file, CLONE_NEWNET);
                int error = (int) ERRNO_OF.get(state, 0L);
                int closed = (int) CLOSE.invokeExact(state, file);
                if (entered != 0 || closed != 0) {
                    throw new IOException("cannot enter network namespace " + namespace + ": error " + error);
                }
            } catch (IOException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a system call could not be made", e);
            }
        }
    }
}
