package dev.scc.testbed;

import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A testbed of virtual machines. Its processes outlive the one that calls {@link #up}; any later process with the same name
 * and data directory may ask for its status, run commands in its nodes, or take it down. Needs root.
 *
 * <table>
 * <caption>What is there when up has not succeeded</caption>
 * <tr><th>Ended by</th><th>Left over</th></tr>
 * <tr><td>a failure, an interrupt, SIGINT, SIGTERM</td><td>nothing; a kernel that was fetched whole stays in the cache</td></tr>
 * <tr><td>SIGKILL</td><td>what was made so far; the next {@code up} or {@code down} removes it</td></tr>
 * </table>
 */
public final class VmTestbed {
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private final TestbedName name;
    private final Path data;
    private final StateFile stateFile;
    private final TestbedNetwork network;
    private final KernelCache kernels;
    private final HostCheck host;

    /** @param data where everything of this testbed is kept; made by {@code up} and removed by {@code down} */
    public VmTestbed(TestbedName name, Path data) {
        this(name, data, new KernelCache(kernelCache(), new LocalCommands()), HostCheck.ofThisMachine());
    }

    VmTestbed(TestbedName name, Path data, KernelCache kernels, HostCheck host) {
        this.name = name;
        this.data = data.toAbsolutePath().normalize();
        this.stateFile = new StateFile(this.data);
        this.network = new TestbedNetwork(name, new LocalCommands());
        this.kernels = kernels;
        this.host = host;
    }

    /** Where unpacked kernels are kept: {@code $XDG_CACHE_HOME/scc/kernel}, else {@code ~/.cache/scc/kernel}. */
    public static Path kernelCache() {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path base = cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("scc").resolve("kernel");
    }

    /** How long guests may take until they run commands. Virtualization is tried first, and is quick if it works. */
    record Deadlines(Duration virtualized, Duration emulated, Duration perNode) {
        static final Deadlines DEFAULT =
                new Deadlines(Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(15));

        Duration boot(Accelerator accelerator, int nodes) {
            return switch (accelerator) {
                case KVM -> virtualized;
                case TCG -> emulated.plus(perNode.multipliedBy(nodes));
            };
        }
    }

    /**
     * Brings the testbed up and returns when every guest runs commands. An interrupt of the calling thread, or the end of
     * the JVM, takes down what has been made.
     *
     * @param progress told of what happens, in the calling thread
     */
    public UpOutcome up(TestbedSpec spec, Consumer<Progress> progress) {
        return up(spec, progress, accelerators(), Deadlines.DEFAULT);
    }

    UpOutcome up(TestbedSpec spec, Consumer<Progress> progress, List<Accelerator> accelerators, Deadlines deadlines) {
        try (CancelOnExit _ = CancelOnExit.ofThisThread()) {
            return new UpRun(name, data, spec, network, progress).run(host, kernels, accelerators, deadlines);
        }
    }

    private static List<Accelerator> accelerators() {
        Path kvm = Path.of("/dev/kvm");
        try {
            return Accelerator.candidates(
                    Files.readString(Path.of("/proc/cpuinfo")), Files.isReadable(kvm) && Files.isWritable(kvm));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there of the testbed now; asks every guest. */
    public TestbedStatus status() throws IOException {
        Optional<TestbedState> state = stateFile.read();
        if (locked()) {
            return new TestbedStatus.Changing();
        }
        if (state.isEmpty()) {
            return stateFile.exists() || network.exists()
                    ? new TestbedStatus.Leftover("there is no readable state in " + data)
                    : new TestbedStatus.Down();
        }
        TestbedState known = state.get();
        if (!known.ready()) {
            return new TestbedStatus.Leftover("an up that began at " + known.since() + " was killed on its way");
        }
        if (known.processes().stream().noneMatch(ProcessId::alive)) {
            return new TestbedStatus.Leftover("none of its processes runs any more");
        }
        return new TestbedStatus.Present(
                name,
                known.since(),
                known.accelerator(),
                known.kernel(),
                new TestbedStatus.Servers(known.servers().size(), (int)
                        known.servers().stream().filter(ProcessId::alive).count()),
                nodes(known).stream().map(node -> status(node, known)).toList());
    }

    /** Whether there is a state file, readable or not: then what bears the testbed's name is its own. */
    boolean known() throws IOException {
        return stateFile.exists();
    }

    /** Whether processes live in its network namespace. */
    boolean inhabited() {
        return network.exists() && network.inhabited();
    }

    private boolean locked() throws IOException {
        if (!Files.exists(data.resolve(TestbedLock.FILE))) {
            return false;
        }
        Optional<TestbedLock> lock = TestbedLock.tryAcquire(data);
        if (lock.isPresent()) {
            lock.get().close();
        }
        return lock.isEmpty();
    }

    private TestbedStatus.NodeStatus status(TestbedNode node, TestbedState known) {
        ProcessId guest = known.guests().get(node.name());
        boolean running = guest != null && guest.alive();
        return new TestbedStatus.NodeStatus(node, running, running && answers(node));
    }

    private boolean answers(TestbedNode node) {
        try {
            return new GuestCommands(name, node).answers(ANSWER);
        } catch (CommandFailed e) {
            return false;
        }
    }

    /** Runs commands in a guest, as root. The guest needs no agent for it. Nothing is checked before the first command. */
    public Commands in(TestbedNode node) {
        return new GuestCommands(name, node);
    }

    /**
     * Runs a command in a guest, as root, with this process's standard streams, and returns when it has ended. It is killed
     * with its process group when this process ends.
     */
    public ExecOutcome exec(NodeName node, List<String> argv) throws IOException, InterruptedException {
        Optional<TestbedState> state = stateFile.read();
        Optional<TestbedNode> known = state.stream()
                .flatMap(there -> nodes(there).stream())
                .filter(each -> each.name().equals(node))
                .findFirst();
        if (known.isEmpty()) {
            return new ExecOutcome.NotTried(new Problem(
                    "cannot run " + argv.getFirst(),
                    Optional.of(node),
                    state.map(there -> "testbed " + name + " has nodes n1 to n" + there.nodes())
                            .orElse("testbed " + name + " is not up"),
                    "Nothing was run",
                    state.isPresent() ? "Choose one of them" : "Bring it up first"));
        }
        Process client = new ProcessBuilder(new GuestCommands(name, known.get()).argv(argv))
                .inheritIO()
                .start();
        try (EndOnExit _ = new EndOnExit(client)) {
            return new ExecOutcome.Ended(client.waitFor());
        }
    }

    /** Ends a guest as a power failure would. It stays off. False if it was off, or the testbed has no such node. */
    public boolean powerOff(NodeName node) throws IOException {
        Optional<ProcessId> guest = stateFile
                .read()
                .flatMap(state -> Optional.ofNullable(state.guests().get(node)))
                .filter(ProcessId::alive);
        guest.ifPresent(ProcessId::kill);
        return guest.isPresent() && guest.get().awaitEnd(Duration.ofSeconds(10));
    }

    /** Removes the testbed, or what is left of one: nothing remains but the cache of kernels. Removing nothing is success. */
    public DownOutcome down() throws IOException {
        if (!Files.exists(data)) {
            // Made only to hold the lock in it, and removed again.
            return network.exists() ? lockedDown() : new DownOutcome(List.of(), List.of());
        }
        return lockedDown();
    }

    private DownOutcome lockedDown() throws IOException {
        Optional<TestbedLock> lock = TestbedLock.tryAcquire(data);
        if (lock.isEmpty()) {
            return new DownOutcome(
                    List.of(), List.of("testbed " + name + ": another up or down is at work on it; wait for its end"));
        }
        try (TestbedLock _ = lock.get()) {
            return new Removal(data, network).all();
        }
    }

    /** The words that start a command in the testbed's network namespace, where its server listens. */
    public List<String> enter() {
        return network.enter();
    }

    private static List<TestbedNode> nodes(TestbedState state) {
        return IntStream.rangeClosed(1, state.nodes())
                .mapToObj(TestbedNode::new)
                .toList();
    }
}
