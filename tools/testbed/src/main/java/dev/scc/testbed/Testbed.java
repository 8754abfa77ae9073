package dev.scc.testbed;

import dev.scc.host.Location;
import dev.scc.host.NodeName;
import dev.scc.host.ProcessId;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A testbed. Its processes outlive the one that calls {@link #up}; any later process with the same name and data directory
 * may ask for its status, run commands on its nodes, or take it down. Needs root.
 *
 * <table>
 * <caption>What is there when up has not succeeded</caption>
 * <tr><th>Ended by</th><th>Left over</th></tr>
 * <tr><td>a failure, an interrupt, SIGINT, SIGTERM</td><td>nothing; a kernel that was fetched whole stays in the cache</td></tr>
 * <tr><td>SIGKILL</td><td>what was made so far; the next {@code up} or {@code down} removes it</td></tr>
 * </table>
 */
public final class Testbed {
    private final Site site;
    private final Optional<KernelCache> kernels;
    private final HostCheck host;

    /**
     * The testbed of that name, be it there or not.
     *
     * @param data where everything of it is kept; made by {@code up} and removed by {@code down}
     * @param cache where kernels that guests boot stay
     */
    public Testbed(TestbedName name, Path data, Path cache) {
        this(name, data, new KernelCache(cache.resolve("kernel"), new LocalCommands()), HostCheck.ofThisMachine());
    }

    Testbed(TestbedName name, Path data, KernelCache kernels, HostCheck host) {
        this(name, data, Optional.of(kernels), host);
    }

    /** To be looked at and taken down only. */
    Testbed(TestbedName name, Path data) {
        this(name, data, Optional.empty(), HostCheck.ofThisMachine());
    }

    private Testbed(TestbedName name, Path data, Optional<KernelCache> kernels, HostCheck host) {
        Path directory = data.toAbsolutePath().normalize();
        this.site = new Site(name, directory, new StateFile(directory), new TestbedNetwork(name, new LocalCommands()));
        this.kernels = kernels;
        this.host = host;
    }

    /**
     * Brings the testbed up and returns when every guest runs commands, or every other node is there and the process of their
     * agents has been started. An interrupt of the calling thread, or the end of the JVM, takes down what has been made.
     *
     * @param progress told of what happens, in the calling thread
     */
    public UpOutcome up(TestbedSpec spec, Consumer<Progress> progress) {
        NodesUp nodes = switch (spec.kind()) {
            case NodeKind.Vm vm -> guests(spec, vm, GuestsUp.accelerators(), GuestsUp.Deadlines.DEFAULT);
            case NodeKind.Netns netns -> new AgentsUp(site, spec, host, netns.agentsCommand());
            case NodeKind.Sim sim -> new AgentsUp(site, spec, host, sim.agentsCommand());
        };
        return up(spec, nodes, progress);
    }

    NodesUp guests(TestbedSpec spec, NodeKind.Vm kind, List<Accelerator> accelerators, GuestsUp.Deadlines deadlines) {
        return new GuestsUp(site, spec, kind, host, kernels.orElseThrow(), accelerators, deadlines);
    }

    UpOutcome up(TestbedSpec spec, NodesUp nodes, Consumer<Progress> progress) {
        UpRun run = new UpRun(site, spec, nodes, progress);
        Optional<CancelOnExit> cancel = CancelOnExit.ofThisThread();
        if (cancel.isEmpty()) {
            return run.notBegun();
        }
        try (CancelOnExit _ = cancel.get()) {
            return run.run();
        }
    }

    /** What is there of the testbed now; asks every guest. */
    public TestbedStatus status() throws IOException {
        return StatusLook.at(site);
    }

    /** Whether there is a state file, readable or not: then what bears the testbed's name is its own. */
    boolean known() throws IOException {
        return site.state().exists();
    }

    /** Whether processes live in its network namespaces. */
    boolean inhabited() {
        return site.network().exists() && site.network().inhabited();
    }

    /** Which of its processes have ended since they were started, each by its part; empty if there is no testbed. */
    public List<String> ended() throws IOException {
        List<String> ended = new ArrayList<>();
        Optional<TestbedState> state = site.state().read();
        state.ifPresent(known ->
                known.servers().stream().filter(server -> !server.alive()).forEach(_ -> ended.add("the server")));
        state.ifPresent(known -> {
            switch (known.made()) {
                case Made.Guests guests ->
                    guests.guests().forEach((node, guest) -> {
                        if (!guest.alive()) {
                            ended.add("the guest " + node);
                        }
                    });
                case Made.Namespaces _, Made.Simulated _ ->
                    known.made().processes().stream()
                            .filter(agents -> !agents.alive())
                            .forEach(_ -> ended.add("the process of the agents"));
            }
        });
        return ended;
    }

    /** Runs commands in a guest, as root. The guest needs no agent for it. Nothing is checked before the first command. */
    public Commands in(TestbedNode node) {
        return new GuestCommands(site.name(), node);
    }

    /**
     * Runs a command on a node, as root, with this process's standard streams, and returns when it has ended. When this
     * process ends it is ended too; in a guest, its process group is killed.
     */
    public ExecOutcome exec(NodeName node, List<String> argv) throws IOException, InterruptedException {
        Optional<TestbedState> state = site.state().read();
        if (state.isEmpty()) {
            return notTried(node, argv, "testbed " + site.name() + " is not up", "Bring it up first");
        }
        Optional<TestbedNode> known = state.get().all().stream()
                .filter(each -> each.name().equals(node))
                .findFirst();
        if (known.isEmpty()) {
            return notTried(
                    node,
                    argv,
                    "testbed " + site.name() + " has nodes n1 to n"
                            + state.get().nodes(),
                    "Choose one of them");
        }
        return switch (state.get().made()) {
            case Made.Guests _ -> run(new GuestCommands(site.name(), known.get()).argv(argv));
            case Made.Namespaces _ -> {
                List<String> whole =
                        new ArrayList<>(new Location.Namespace(site.name().namespace(node), node).enter());
                whole.addAll(argv);
                yield run(whole);
            }
            case Made.Simulated _ ->
                notTried(
                        node,
                        argv,
                        "a node of kind sim is a model in memory: it runs no commands",
                        "Bring up a testbed of kind netns or vm for that");
        };
    }

    private static ExecOutcome notTried(NodeName node, List<String> argv, String why, String next) {
        return new ExecOutcome.NotTried(
                new Problem("cannot run " + argv.getFirst(), Optional.of(node), why, "Nothing was run", next));
    }

    private static ExecOutcome run(List<String> argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).inheritIO().start();
        try (EndOnExit _ = new EndOnExit(process)) {
            return new ExecOutcome.Ended(process.waitFor());
        }
    }

    /** Ends a guest as a power failure would. It stays off. False if it was off, or the testbed has no such guest. */
    public boolean powerOff(NodeName node) throws IOException {
        Optional<ProcessId> guest = site.state()
                .read()
                .flatMap(state -> state.made() instanceof Made.Guests made
                        ? Optional.ofNullable(made.guests().get(node))
                        : Optional.empty())
                .filter(ProcessId::alive);
        guest.ifPresent(ProcessId::kill);
        return guest.isPresent() && guest.get().awaitEnd(Duration.ofSeconds(10));
    }

    /** Removes the testbed, or what is left of one: nothing remains but the cache of kernels. Removing nothing is success. */
    public DownOutcome down() throws IOException {
        if (!Files.exists(site.data())) {
            // Made only to hold the lock in it, and removed again.
            return site.network().exists() ? lockedDown() : new DownOutcome(List.of(), List.of());
        }
        return lockedDown();
    }

    private DownOutcome lockedDown() throws IOException {
        Optional<TestbedLock> lock = TestbedLock.tryAcquire(site.data());
        if (lock.isEmpty()) {
            return new DownOutcome(
                    List.of(),
                    List.of("testbed " + site.name() + ": another up or down is at work on it; wait for its end"));
        }
        try (TestbedLock _ = lock.get()) {
            return new Removal(site).all();
        }
    }

    /** The words that start a command in the testbed's network namespace, where its server listens. */
    public List<String> enter() {
        return site.network().enter();
    }
}
