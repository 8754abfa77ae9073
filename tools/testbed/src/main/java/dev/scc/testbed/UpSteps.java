package dev.scc.testbed;

import dev.scc.host.NativeFiles;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps from nothing to guests that run commands. What a step that fails has made is for {@link Removal} to take away:
 * each process is in the state file, or in the namespace, from its first moment.
 */
final class UpSteps {
    private static final Duration ATTEMPT = Duration.ofMillis(200);

    private final TestbedName name;
    private final Path data;
    private final TestbedSpec spec;
    private final Kernel kernel;
    private final Accelerator accelerator;
    private final Duration bootDeadline;
    private final TestbedNetwork network;
    private final StateFile state;
    private final Consumer<Progress> progress;

    UpSteps(
            TestbedName name,
            Path data,
            TestbedSpec spec,
            Kernel kernel,
            Accelerator accelerator,
            Duration bootDeadline,
            TestbedNetwork network,
            Consumer<Progress> progress) {
        this.name = name;
        this.data = data;
        this.spec = spec;
        this.kernel = kernel;
        this.accelerator = accelerator;
        this.bootDeadline = bootDeadline;
        this.network = network;
        this.state = new StateFile(data);
        this.progress = progress;
    }

    void makeNetwork() throws TestbedFailed {
        try {
            network.create(spec.all(), spec.hosts());
        } catch (CommandFailed e) {
            throw new TestbedFailed(
                    "cannot make the testbed's network",
                    String.valueOf(e.getMessage()),
                    "Network namespaces, bridges and taps need root and a kernel with bridge and tun");
        }
    }

    void startServers() throws TestbedFailed, IOException {
        for (int number = 0; number < spec.serverCommands().size(); number++) {
            Path log = serverLog(number);
            Optional<ProcessId> process =
                    Detached.start(network.enter(), spec.serverCommands().get(number), log);
            ProcessId server = process.orElseThrow(() -> serverEnded(log));
            state.change(known -> known.withServer(server));
        }
    }

    private Path serverLog(int number) {
        return data.resolve(spec.serverCommands().size() == 1 ? "server.log" : "server-" + (number + 1) + ".log");
    }

    void startGuests() throws TestbedFailed, IOException {
        Initramfs initramfs = initramfs();
        for (TestbedNode node : spec.all()) {
            Path directory = data.resolve(node.name().value());
            Files.createDirectories(directory);
            initramfs.write(node, directory.resolve(GuestFiles.INITRAMFS));
            List<String> qemu = QemuCommand.of(name, node, accelerator, spec.memoryMiB(), kernel, directory);
            ProcessId guest = Detached.start(network.enter(), qemu, directory.resolve(GuestFiles.QEMU))
                    .orElseThrow(() -> guestEnded(node));
            state.change(known -> known.withGuest(node.name(), guest));
        }
    }

    private Initramfs initramfs() throws TestbedFailed, IOException {
        try {
            return new Initramfs(kernel, HostCheck.ofThisMachine().busybox(), NativeFiles.find("guest-exec"), spec);
        } catch (IllegalArgumentException e) {
            throw new TestbedFailed(
                    "cannot build the guests' initramfs",
                    e.getMessage() + " (" + kernel.modules() + ")",
                    "Remove that kernel from the cache, then try again: it is fetched anew");
        }
    }

    /** Returns when every guest runs commands; fails as soon as one, or the server, has ended. */
    void awaitGuests() throws TestbedFailed, IOException, InterruptedException {
        TestbedState started = state.read().orElseThrow(() -> new IOException("there is no state in " + data));
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ExecutorCompletionService<NodeName>(threads);
            spec.all().forEach(node -> answers.submit(() -> awaitGuest(node, started, begin)));
            try {
                for (int ready = 0; ready < spec.nodes(); ready++) {
                    NodeName node = answers.take().get();
                    Duration after = Duration.ofNanos(System.nanoTime() - begin);
                    progress.accept(new Progress.NodeReady(node, after));
                }
            } catch (ExecutionException e) {
                throw asFailure(e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
        for (TestbedNode node : spec.all()) {
            // QEMU has read it, and it is the only large file.
            Files.deleteIfExists(data.resolve(node.name().value()).resolve(GuestFiles.INITRAMFS));
        }
    }

    private NodeName awaitGuest(TestbedNode node, TestbedState started, long begin)
            throws TestbedFailed, CommandFailed, InterruptedException {
        GuestCommands commands = new GuestCommands(name, node);
        ProcessId guest = started.guests().get(node.name());
        while (!commands.answers(ATTEMPT)) {
            for (int server = 0; server < started.servers().size(); server++) {
                if (!started.servers().get(server).alive()) {
                    throw serverEnded(serverLog(server));
                }
            }
            if (guest == null || !guest.alive()) {
                throw guestEnded(node);
            }
            if (System.nanoTime() - begin > bootDeadline.toNanos()) {
                throw guestFailed("the guest did not answer within " + bootDeadline.toSeconds() + " s", node);
            }
            // A refused connection comes back at once, and each attempt is a process.
            Thread.sleep(50);
        }
        return node.name();
    }

    private static TestbedFailed asFailure(@Nullable Throwable cause) throws InterruptedException {
        return switch (cause) {
            case TestbedFailed failed -> failed;
            case InterruptedException interrupted -> throw interrupted;
            case null, default ->
                new TestbedFailed("cannot wait for the guests", String.valueOf(cause), "Look into the cause");
        };
    }

    private TestbedFailed guestEnded(TestbedNode node) {
        return guestFailed("the guest died while it booted", node);
    }

    private TestbedFailed guestFailed(String what, TestbedNode node) {
        Path directory = data.resolve(node.name().value());
        return new TestbedFailed(
                what,
                Optional.of(node.name()),
                GuestFiles.lastLines(directory.resolve(GuestFiles.CONSOLE)) + "; "
                        + GuestFiles.lastLines(directory.resolve(GuestFiles.QEMU)),
                "Try again; with more memory if the console speaks of memory");
    }

    private static TestbedFailed serverEnded(Path log) {
        return new TestbedFailed(
                "the server ended while the testbed came up",
                GuestFiles.lastLines(log),
                "Look for the cause in these lines");
    }
}
