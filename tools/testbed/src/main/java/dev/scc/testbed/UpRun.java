package dev.scc.testbed;

import dev.scc.host.ProcessId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One {@code up}: refuses, or takes the lock and makes the testbed, and removes what it has made if that fails. */
final class UpRun {
    private static final Logger log = LoggerFactory.getLogger(UpRun.class);
    private static final String UNCHANGED = "Nothing was changed";

    private final Site site;
    private final TestbedName name;
    private final Path data;
    private final StateFile stateFile;
    private final TestbedNetwork network;
    private final TestbedSpec spec;
    private final NodesUp nodes;
    private final Consumer<Progress> progress;

    UpRun(Site site, TestbedSpec spec, NodesUp nodes, Consumer<Progress> progress) {
        this.site = site;
        this.name = site.name();
        this.data = site.data();
        this.stateFile = site.state();
        this.network = site.network();
        this.spec = spec;
        this.nodes = nodes;
        this.progress = progress;
    }

    UpOutcome run() {
        try {
            if (foreign()) {
                return refused(
                        "cannot use the data directory " + data,
                        "it holds files that are not a testbed's, and down would remove it",
                        "Choose a directory that is empty or does not exist");
            }
            Optional<TestbedLock> lock = TestbedLock.tryAcquire(data);
            if (lock.isEmpty()) {
                return refused(
                        "cannot bring testbed " + name + " up",
                        "another up or down is at work on it, and holds " + data.resolve(TestbedLock.FILE),
                        "Wait until that has ended");
            }
            try (TestbedLock _ = lock.get()) {
                Optional<UpOutcome> taken = taken();
                if (taken.isPresent()) {
                    new Removal(site).lockOnly();
                    return taken.get();
                }
                return make();
            }
        } catch (IOException | UncheckedIOException e) {
            return refused(
                    "cannot use the data directory " + data, e.toString(), "Make it writable, or choose another");
        }
    }

    UpOutcome notBegun() {
        return new UpOutcome.NotUp(interruption().problem(UNCHANGED));
    }

    private boolean foreign() throws IOException {
        return Files.exists(data)
                && !Files.exists(data.resolve(TestbedLock.FILE))
                && !Files.exists(data.resolve(StateFile.NAME))
                && !Tree.isEmpty(data);
    }

    /** The refusal if the name is taken; a leftover is removed instead. */
    private Optional<UpOutcome> taken() throws IOException {
        Optional<TestbedState> state = stateFile.read();
        if (state.filter(TestbedState::ready).isPresent()
                && state.get().processes().stream().anyMatch(ProcessId::alive)) {
            return Optional.of(refused(
                    "cannot bring testbed " + name + " up",
                    "it is up already, with " + state.get().nodes() + " nodes since "
                            + state.get().since(),
                    "Use it, or take it down first"));
        }
        if (!stateFile.exists() && network.exists() && network.inhabited()) {
            return Optional.of(
                    refused(
                            "cannot bring testbed " + name + " up",
                            "processes run in the network namespace " + network.namespace() + ", of which " + data
                                    + " knows nothing",
                            "If another data directory holds that testbed, use it or choose another name; else take this name down"));
        }
        if (stateFile.exists() || network.exists()) {
            DownOutcome down = new Removal(site).emptied();
            if (!down.clean()) {
                return Optional.of(refused(
                        "cannot remove what an earlier testbed " + name + " has left",
                        String.join("; ", down.left()),
                        "Remove it by hand, then try again"));
            }
            progress.accept(new Progress.Note(
                    "removed what an earlier testbed " + name + " had left: " + String.join(", ", down.removed())));
        }
        return Optional.empty();
    }

    private UpOutcome make() {
        TestbedFailed failure;
        try {
            List<String> complaints = nodes.complaints();
            if (!complaints.isEmpty()) {
                throw new TestbedFailed(
                        "this machine cannot hold the testbed",
                        String.join("; ", complaints),
                        "Put that right, then try again");
            }
            spec.preparation().run();
            Phases phases = new Phases(progress);
            nodes.run(phases);
            stateFile.change(TestbedState::whenReady);
            log.atInfo()
                    .addKeyValue("testbed", name)
                    .addKeyValue("kind", spec.kind().word())
                    .addKeyValue("nodes", spec.nodes())
                    .log("testbed up");
            return new UpOutcome.Up(spec.all(), phases.all());
        } catch (TestbedFailed e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = interruption();
        } catch (IOException | RuntimeException e) {
            log.atDebug().setCause(e).log("testbed failed");
            failure = new TestbedFailed("testbed " + name + " did not come up", e.toString(), "Look into the cause");
        }
        // Commands and files that an interrupt breaks off fail each in its own way. The removal is not to be broken
        // off.
        boolean interrupted = Thread.interrupted();
        String done = takenDown(new Removal(site).all());
        if (interrupted) {
            Thread.currentThread().interrupt();
            failure = interruption();
        }
        return new UpOutcome.NotUp(failure.problem(done));
    }

    private TestbedFailed interruption() {
        return new TestbedFailed("testbed " + name + " did not come up", "it was interrupted", "Try again");
    }

    private static String takenDown(DownOutcome down) {
        return down.clean()
                ? "Everything was taken down again"
                : "This could not be taken down: " + String.join("; ", down.left());
    }

    private static UpOutcome refused(String what, String why, String next) {
        return new UpOutcome.NotUp(new Problem(what, Optional.empty(), why, UNCHANGED, next));
    }
}
