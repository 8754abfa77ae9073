package dev.scc.testbed;

import dev.scc.host.NativeFiles;
import dev.scc.host.NodeName;
import dev.scc.host.ProcessId;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The steps from a network to guests that run commands. */
final class GuestSteps {
    private static final Duration ATTEMPT = Duration.ofMillis(200);

    private final Site site;
    private final TestbedSpec spec;
    private final NodeKind.Vm kind;
    private final Kernel kernel;
    private final Accelerator accelerator;
    private final UpSteps common;

    GuestSteps(Site site, TestbedSpec spec, NodeKind.Vm kind, Kernel kernel, Accelerator accelerator, UpSteps common) {
        this.site = site;
        this.spec = spec;
        this.kind = kind;
        this.kernel = kernel;
        this.accelerator = accelerator;
        this.common = common;
    }

    void start() throws TestbedFailed, IOException, InterruptedException {
        String clock = accelerator == Accelerator.TCG ? TimeStampCounter.parameters() : "";
        Initramfs initramfs = initramfs();
        Made.Guests made = Made.Guests.none(accelerator, kernel.release());
        for (TestbedNode node : spec.all()) {
            Path directory = site.directory(node);
            Files.createDirectories(directory);
            initramfs.write(node, directory.resolve(GuestFiles.INITRAMFS));
            Path root = Files.createDirectory(directory.resolve(GuestFiles.ROOT));
            List<String> enter = Stream.concat(
                            site.network().enter().stream(),
                            GuestRoot.enter(kind.files(), site.data(), kernel, root).stream())
                    .toList();
            List<String> qemu =
                    QemuCommand.of(site.name(), node, accelerator, kind.memoryMiB(), kernel, clock, directory);
            ProcessId guest = Detached.start(enter, qemu, directory.resolve(GuestFiles.QEMU))
                    .orElseThrow(() -> ended(node));
            made = made.with(node.name(), guest);
            Made now = made;
            site.state().change(known -> known.with(now));
        }
    }

    private Initramfs initramfs() throws TestbedFailed, IOException {
        try {
            return new Initramfs(
                    kernel, HostCheck.ofThisMachine().busybox(), NativeFiles.find("guest-exec"), spec.all(), kind);
        } catch (IllegalArgumentException e) {
            throw new TestbedFailed(
                    "cannot build the guests' initramfs",
                    e.getMessage() + " (" + kernel.modules() + ")",
                    "Remove that kernel from the cache, then try again: it is fetched anew");
        }
    }

    /** Returns when every guest runs commands; fails as soon as one, or the server, has ended. */
    void await(Duration deadline, Phases phases) throws TestbedFailed, IOException, InterruptedException {
        TestbedState started =
                site.state().read().orElseThrow(() -> new IOException("there is no state in " + site.data()));
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ExecutorCompletionService<NodeName>(threads);
            spec.all().forEach(node -> answers.submit(() -> await(node, started, begin, deadline)));
            try {
                for (int ready = 0; ready < spec.nodes(); ready++) {
                    NodeName node = answers.take().get();
                    phases.tell(new Progress.NodeReady(node, Duration.ofNanos(System.nanoTime() - begin)));
                }
            } catch (ExecutionException e) {
                throw asFailure(e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
        for (TestbedNode node : spec.all()) {
            // QEMU has read it, and it is the only large file.
            Files.deleteIfExists(site.directory(node).resolve(GuestFiles.INITRAMFS));
        }
    }

    private NodeName await(TestbedNode node, TestbedState started, long begin, Duration deadline)
            throws TestbedFailed, CommandFailed, InterruptedException {
        GuestCommands commands = new GuestCommands(site.name(), node);
        Optional<ProcessId> guest = started.made() instanceof Made.Guests made
                ? Optional.ofNullable(made.guests().get(node.name()))
                : Optional.empty();
        while (!commands.answers(ATTEMPT)) {
            common.requireServers(started);
            if (guest.filter(ProcessId::alive).isEmpty()) {
                throw ended(node);
            }
            if (System.nanoTime() - begin > deadline.toNanos()) {
                throw failed("the guest did not answer within " + deadline.toSeconds() + " s", node);
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

    private TestbedFailed ended(TestbedNode node) {
        return failed("the guest died while it booted", node);
    }

    private TestbedFailed failed(String what, TestbedNode node) {
        Path directory = site.directory(node);
        return new TestbedFailed(
                what,
                Optional.of(node.name()),
                LogFile.lastLines(directory.resolve(GuestFiles.CONSOLE)) + "; "
                        + LogFile.lastLines(directory.resolve(GuestFiles.QEMU)),
                "Try again; with more memory if the console speaks of memory");
    }
}
