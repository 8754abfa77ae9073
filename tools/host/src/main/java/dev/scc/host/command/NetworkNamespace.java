package dev.scc.host.command;

import dev.scc.host.libc.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace of this machine, entered with setns(2): without a process in between, and without the mount namespace
 * of its own that {@code ip netns exec} makes for {@code /sys} (so {@code /sys}, and {@code /proc/net} too, go on showing the process's own).
 */
public final class NetworkNamespace {
    private static final Path NAMED = Path.of("/run/netns");

    private final Optional<Path> file;

    private NetworkNamespace(Optional<Path> file) {
        this.file = file;
    }

    /** The one that this process is in. */
    public static NetworkNamespace own() {
        return new NetworkNamespace(Optional.empty());
    }

    /** One that {@code ip netns} knows by this name. It is looked up each time it is entered, and not held. */
    public static NetworkNamespace named(String name) {
        return new NetworkNamespace(Optional.of(NAMED.resolve(name)));
    }

    /** One that this file stands for. It is looked up each time it is entered, and not held. */
    public static NetworkNamespace at(Path file) {
        return new NetworkNamespace(Optional.of(file));
    }

    /**
     * What tells it from others for as long as it is there, such as {@code net:[4026531840]}.
     *
     * @throws IOException if it is not there, or is no network namespace
     */
    public String identity() throws IOException, InterruptedException {
        return inside(() ->
                Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString());
    }

    /**
     * Runs a task inside and waits for it, on a platform thread that ends with it. Sockets that the task makes belong to the
     * namespace, wherever they are used later.
     *
     * <p>The task must not start threads, nor anything that does so behind its back (virtual threads with their carriers,
     * {@link ProcessBuilder} with its reaper): they would stay in the namespace, and keep it in being after its removal.
     *
     * @throws IOException if the namespace is not there or cannot be entered, or from the task
     * @throws InterruptedException if interrupted while waiting; the task's thread has then been interrupted, too
     */
    public <T> T inside(Callable<T> task) throws IOException, InterruptedException {
        FutureTask<T> running = begin(task);
        try {
            return running.get();
        } catch (InterruptedException e) {
            running.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw new IOException(this + ": " + io.getMessage(), io);
                case Error error -> throw error;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Commands that run inside, each as one process. */
    public Commands commands() {
        return new DirectCommands(this);
    }

    /** The same as {@link #inside}, without waiting. */
    <T> FutureTask<T> begin(Callable<T> task) {
        FutureTask<T> running = new FutureTask<>(() -> {
            if (file.isPresent()) {
                try (Descriptor namespace = Descriptor.open(file.get())) {
                    namespace.enterNetworkNamespace();
                }
            }
            return task.call();
        });
        Thread.ofPlatform().daemon().name("in " + this).start(running);
        return running;
    }

    @Override
    public String toString() {
        return file.map(path -> "network namespace " + path.getFileName()).orElse("this network namespace");
    }
}
