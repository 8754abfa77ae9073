package dev.scc.job.keeper;

import dev.scc.host.Cgroup;
import dev.scc.host.FileTree;
import dev.scc.host.NodeName;
import dev.scc.job.Tasks;
import dev.scc.job.node.JobTools;
import dev.scc.job.node.Shielded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a keeper's process has its files, with such a process or without: finds, starts and ends it. */
final class KeeperPlace {
    private static final Logger log = LoggerFactory.getLogger(KeeperPlace.class);
    /** An emulated node under load takes many seconds to start a JVM. */
    private static final Duration STARTING = Duration.ofMinutes(3);
    /** How long a keeper that has the directory may take to say where it listens. */
    private static final Duration SAYING = Duration.ofSeconds(5);

    private static final Duration DYING = Duration.ofSeconds(10);
    /** How long the kernel may take to notice that a cgroup is empty. */
    private static final Duration LINGERING = Duration.ofSeconds(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Path directory;
    private final List<String> command;
    private final KeeperSpec spec;
    private final Optional<Path> cgroup;

    KeeperPlace(Path directory, List<String> command, KeeperSpec spec, Optional<Path> cgroup) {
        this.directory = directory;
        this.command = List.copyOf(command);
        this.spec = spec;
        this.cgroup = cgroup;
    }

    /** The keeper that runs. */
    Optional<KeeperAddress> living() throws IOException {
        return KeeperAddress.living(directory);
    }

    /**
     * Starts one, and waits until it listens. Of two that are started at the same time one gives way: the address may be the
     * other's.
     *
     * @param wanted whether it is to go on with that; asked again and again
     * @throws IOException if none does; the message says why
     */
    KeeperAddress start(BooleanSupplier wanted) throws IOException, InterruptedException {
        spec.write(directory);
        StartFailure.clear(directory);
        Optional<Process> process = Optional.empty();
        boolean started = false;
        try {
            process = Optional.of(builder().start());
            KeeperAddress address = awaitAddress(process.get(), wanted);
            started = true;
            return address;
        } finally {
            // Also when the agent is told to end just now.
            if (!started) {
                undo(process);
            }
        }
    }

    private void undo(Optional<Process> process) throws InterruptedException {
        process.ifPresent(Process::destroyForcibly);
        Shielded.run(Tasks.ofThreads(), "keeper-undone", () -> {
            if (process.isPresent() && !process.get().waitFor(DYING)) {
                log.atError()
                        .addKeyValue("pid", process.get().pid())
                        .log("the keeper of jobs that is not wanted does not end");
            }
            removeCgroup();
        });
    }

    private KeeperAddress awaitAddress(Process process, BooleanSupplier wanted)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STARTING.toNanos();
        String problem = "did not start within " + STARTING.toSeconds() + " s";
        boolean ended = false;
        while (System.nanoTime() - deadline < 0) {
            Optional<KeeperAddress> living = living();
            if (living.isPresent()) {
                return living.get();
            }
            if (!wanted.getAsBoolean()) {
                throw new IOException("the node has left its cluster while the process that keeps jobs was started");
            }
            if (!ended && !process.isAlive()) {
                ended = true;
                Optional<String> why = StartFailure.read(directory);
                if (why.isPresent()) {
                    throw new IOException("the process that keeps jobs cannot start: " + why.get());
                }
                problem = "ended with status " + process.exitValue() + " as it started; the agent's log says why";
                deadline = System.nanoTime() + SAYING.toNanos();
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        throw new IOException("the process that keeps jobs " + problem);
    }

    /** In a session of its own: what is typed at the agent's terminal is not for the jobs. */
    private ProcessBuilder builder() throws IOException {
        List<String> argv = new ArrayList<>(List.of(JobTools.installed().exec().toString(), "-d", "/"));
        if (cgroup.isPresent()) {
            argv.addAll(List.of("-c", Cgroup.create(cgroup.get()).directory().toString()));
        }
        // What a job leaves behind stays below, and ends with the keeper at the latest.
        argv.addAll(List.of("-s", "--"));
        argv.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return builder;
    }

    void kill(KeeperAddress keeper) throws IOException, InterruptedException {
        keeper.process().kill();
        awaitEnd(keeper);
    }

    /** @throws IOException if it does not end in time */
    void awaitEnd(KeeperAddress keeper) throws IOException, InterruptedException {
        if (!keeper.process().awaitEnd(DYING)) {
            throw new IOException("process " + keeper.pid() + ", which keeps jobs, does not end");
        }
        removeCgroup();
    }

    /** Where a keeper has the jobs that the node leads and has led. */
    static Path history(Path directory, NodeName node) {
        return directory.resolve("jobs").resolve(node.value());
    }

    /** Removes these; no keeper runs. */
    void forget(NodeName node) throws IOException {
        FileTree.remove(history(directory, node));
    }

    /** After the end of its process. A cgroup that another agent's keeper is in, too, stays. */
    void removeCgroup() throws InterruptedException {
        long deadline = System.nanoTime() + LINGERING.toNanos();
        while (cgroup.isPresent()) {
            try {
                Files.deleteIfExists(cgroup.get());
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    log.atDebug().setCause(e).log("cgroup of the keeper of jobs stays");
                    return;
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        }
    }
}
