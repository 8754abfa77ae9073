package dev.scc.job.lead;

import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.Bounds;
import dev.scc.host.NodeName;
import dev.scc.host.TerminalSize;
import dev.scc.job.JobEvent;
import dev.scc.job.JobLimits;
import dev.scc.job.MpiFamily;
import dev.scc.job.RankSignal;
import dev.scc.job.Tasks;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.plan.Guards;
import dev.scc.job.plan.Launch;
import dev.scc.job.pmi.PmiPeer;
import dev.scc.job.pmi.PmiServer;
import dev.scc.job.pmi.PmiSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects the nodes of one job: output to the caller, PMI-1 lines to the server, wishes of launch agents to the nodes that
 * they name, and everything that may decide about the job to the one thread that runs it.
 */
final class Switchboard implements NodeSession.Listener {
    private static final Logger log = LoggerFactory.getLogger(Switchboard.class);
    /** What {@code ssh} exits with for its own failures; Open MPI knows it. */
    private static final int RSH_FAILED = 255;

    private static final int LONGEST_NOTE = 300;

    /** Why a process was started. */
    sealed interface Role {

        /** One of the plan's. */
        record Planned(Launch launch) implements Role {}

        /** Serves PMIx to the ranks of its node. */
        record Server() implements Role {}

        /** For a launch agent on {@code asker}. */
        record Remote(NodeName asker, int request) implements Role {}
    }

    /** The process that reads the job's input. */
    private record Reader(NodeSession session, int process) {}

    private record Connection(NodeName node, int number) {}

    private final Answers<JobEvent> caller;
    private final MpiFamily family;
    private final PmiServer pmi;
    private final Map<NodeName, Set<Integer>> ranks;
    private final Map<NodeName, NodeSession> nodes = new ConcurrentHashMap<>();
    private final Map<NodeName, Map<String, String>> environments = new ConcurrentHashMap<>();
    private final Map<Integer, Role> roles = new ConcurrentHashMap<>();
    private final Map<Connection, PmiSession> conversations = new ConcurrentHashMap<>();
    private final AtomicInteger processes = new AtomicInteger();
    private final Tasks tasks;
    private final BlockingQueue<Occurrence> occurrences;
    private final String directory;
    private final Optional<TerminalSize> terminal;
    private final Semaphore taken = new Semaphore(0);
    private volatile Optional<Reader> reader = Optional.empty();
    private volatile Optional<PmixServers> pmix = Optional.empty();
    private volatile boolean callerGone;
    private final AtomicLong collected = new AtomicLong();
    /** Processes of the plan, all of which are started before any of them can ask for others. */
    private final AtomicInteger launched = new AtomicInteger();

    /**
     * A switchboard without nodes.
     *
     * @param family of MPI; some have a launcher of their own above the ranks
     * @param ranks which of them may connect for PMI-1 from where
     * @param directory where processes start
     * @param terminal the size of the one that the reader of the job's input gets
     * @param tasks how its job waits
     */
    Switchboard(
            Answers<JobEvent> caller,
            MpiFamily family,
            Map<NodeName, Set<Integer>> ranks,
            String space,
            String mapping,
            String directory,
            Optional<TerminalSize> terminal,
            Tasks tasks) {
        this.tasks = tasks;
        occurrences = tasks.queue();
        this.terminal = terminal;
        this.caller = caller;
        this.family = family;
        this.ranks = Map.copyOf(ranks);
        this.directory = directory;
        int size = ranks.values().stream().mapToInt(Set::size).sum();
        pmi = new PmiServer(space, size, mapping, new PmiServer.Listener() {
            @Override
            public void arrived(int rank) {
                occurrences.add(new Occurrence.Arrived(nodeOf(rank), rank, MpiFamily.MPICH));
            }

            @Override
            public void aborted(PmiServer.Abort abort) {
                occurrences.add(new Occurrence.Aborted(abort.rank(), abort.exitCode(), abort.message()));
            }
        });
    }

    private NodeName nodeOf(int rank) {
        return ranks.entrySet().stream()
                .filter(entry -> entry.getValue().contains(rank))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the job has no rank " + rank));
    }

    /** A node that is open, and what all its processes get. */
    void connect(NodeSession session, Map<String, String> environment) {
        nodes.put(session.node(), session);
        environments.put(session.node(), environment);
    }

    BlockingQueue<Occurrence> occurrences() {
        return occurrences;
    }

    /** How many pieces of what the job has left have been passed on. */
    long collected() {
        return collected.get();
    }

    /** What the process was started for; it must have been started here. */
    Role role(int process) {
        Role role = roles.get(process);
        if (role == null) {
            throw new IllegalArgumentException("no process " + process + " was started");
        }
        return role;
    }

    /** Whether the rank would leave others waiting if it ended now. */
    boolean unfinished(int rank) {
        return pmi.unfinished(rank)
                || pmix.map(servers -> servers.unfinished(rank)).orElse(false);
    }

    /** Starts the servers for PMIx on all nodes; {@link Occurrence.Served} is due. */
    PmixServers serve(PmixServers servers, Path program) throws InterruptedException {
        pmix = Optional.of(servers);
        for (NodeSession session : nodes.values()) {
            launched.incrementAndGet();
            int process = start(
                    session.node(),
                    new Role.Server(),
                    Optional.empty(),
                    List.of(program.toString()),
                    Map.of(),
                    Optional.empty(),
                    true);
            servers.add(session, process);
        }
        servers.begin();
        return servers;
    }

    /** Starts one process of the plan. Returns its number. Rank 0 gets the job's input, or the launcher for it. */
    int start(Launch launch) throws InterruptedException {
        launched.incrementAndGet();
        boolean reads = launch.rank().orElse(0) == 0;
        int process = start(
                launch.node(),
                new Role.Planned(launch),
                launch.rank(),
                launch.argv(),
                launch.environment(),
                terminal,
                reads);
        if (reads) {
            reader = Optional.of(new Reader(session(launch.node()), process));
        }
        return process;
    }

    /** Sends the processes of the program a signal, on all nodes. */
    void signal(RankSignal signal) throws InterruptedException {
        for (NodeSession session : nodes.values()) {
            session.send(new NodeOrder.Signal(signal.number(), family == MpiFamily.OPENMPI && pmix.isEmpty()));
        }
    }

    /** Sends a piece of input and waits until the process has it. */
    void feed(Bytes piece) throws InterruptedException {
        if (reader.isPresent()) {
            reader.get().session().send(new NodeOrder.Input(reader.get().process(), piece));
            taken.acquire();
        }
    }

    /** The window that the job's terminal is in has another size now. */
    void resize(TerminalSize size) throws InterruptedException {
        if (reader.isPresent()) {
            reader.get().session().send(new NodeOrder.Resize(reader.get().process(), size));
        }
    }

    /** There is no more. */
    void endInput() throws InterruptedException {
        if (reader.isPresent()) {
            reader.get().session().send(new NodeOrder.EndInput(reader.get().process()));
        }
    }

    private int start(
            NodeName node,
            Role role,
            Optional<Integer> rank,
            List<String> argv,
            Map<String, String> environment,
            Optional<TerminalSize> window,
            boolean reads)
            throws InterruptedException {
        int process = processes.incrementAndGet();
        roles.put(process, role);
        Map<String, String> all = new HashMap<>(environments.getOrDefault(node, Map.of()));
        all.putAll(environment);
        session(node)
                .send(new NodeOrder.Start(
                        process, rank, argv, all, directory, reads, reads ? window : Optional.empty()));
        return process;
    }

    private NodeSession session(NodeName node) {
        NodeSession session = nodes.get(node);
        if (session == null) {
            throw new IllegalArgumentException("node " + node + " has no part in this job");
        }
        return session;
    }

    @Override
    public void lost(NodeSession session, String why) {
        occurrences.add(new Occurrence.NodeLost(session.node(), why));
    }

    @Override
    public void heard(NodeSession from, NodeEvent event) throws InterruptedException {
        switch (event) {
            case NodeEvent.Output output
            when !output.errors() && role(output.process()) instanceof Role.Server ->
                servers().heard(from, output.process(), output.bytes());
            case NodeEvent.Output output -> pass(from.node(), rank(output.process()), output.errors(), output.bytes());
            case NodeEvent.RankOutput output -> {
                requireOwn(from, output.rank());
                pass(from.node(), Optional.of(output.rank()), output.errors(), output.bytes());
            }
            case NodeEvent.Exited exited -> exited(from, exited);
            case NodeEvent.RankFailed failed -> {
                requireOwn(from, failed.rank());
                occurrences.add(new Occurrence.RankFailed(from.node(), failed.rank(), failed.end()));
            }
            case NodeEvent.InputTaken input
            when role(input.process()) instanceof Role.Server -> servers().taken(from, input.process());
            case NodeEvent.InputTaken _ -> taken.release();
            case NodeEvent.PmiReceived line -> said(from.node(), line);
            case NodeEvent.RshWanted wanted -> remote(from, wanted);
            case NodeEvent.RshGone gone -> killRemote(new Role.Remote(from.node(), gone.request()));
            case NodeEvent.Excess excess ->
                occurrences.add(new Occurrence.Excess("on " + from.node() + ", " + excess.why()));
            case NodeEvent.Noted noted ->
                pass(
                        from.node(),
                        Optional.empty(),
                        true,
                        Bytes.of(("scc: node " + from.node() + ": " + Bounds.cut(noted.what(), LONGEST_NOTE) + "\n")
                                .getBytes(StandardCharsets.UTF_8)));
            case NodeEvent.Leaving leaving -> occurrences.add(new Occurrence.NodeLeaves(from.node(), leaving.why()));
            case NodeEvent.Reached reached -> log.atWarn().log("a node says unasked whom it reaches");
            case NodeEvent.Collected piece -> {
                tell(new JobEvent.Collected(from.node(), piece.bytes()));
                collected.incrementAndGet();
            }
            case NodeEvent.CollectedAll all -> tell(new JobEvent.CollectedAll(from.node(), all.failure()));
            case NodeEvent.Staged _ -> log.atWarn().log("a node says to the wrong one what it has");
            case NodeEvent.Opened opened -> log.atWarn().log("a node says twice that it is open");
            case NodeEvent.Closed closed -> log.atWarn().log("a node says twice that it is closed");
        }
    }

    /** What a node says of another's ranks is nothing that it can know; the node is given up for it. */
    private void requireOwn(NodeSession from, int rank) {
        if (!ranks.getOrDefault(from.node(), Set.of()).contains(rank)) {
            throw new IllegalArgumentException(
                    "node " + from.node() + " speaks of rank " + rank + ", which is not its");
        }
    }

    /** The node counts, too; what it says is not taken for it. */
    private void said(NodeName node, NodeEvent.PmiReceived line) {
        int most = JobLimits.connections(ranks.getOrDefault(node, Set.of()).size());
        if (line.connection() < 1 || line.connection() > most || line.line().length() > JobLimits.PMI_LINE) {
            occurrences.add(new Occurrence.Excess(
                    "node " + node + " has passed on more of the job's PMI connections or lines than there may be"));
            return;
        }
        conversations
                .computeIfAbsent(new Connection(node, line.connection()), this::converse)
                .receive(line.line());
    }

    private PmixServers servers() {
        return pmix.orElseThrow(() -> new IllegalStateException("the job has no PMIx servers"));
    }

    private Optional<Integer> rank(int process) {
        return switch (role(process)) {
            case Role.Planned planned -> planned.launch().rank();
            case Role.Remote _, Role.Server _ -> Optional.empty();
        };
    }

    private void pass(NodeName node, Optional<Integer> rank, boolean errors, Bytes bytes) {
        if (errors && new String(bytes.toArray(), StandardCharsets.ISO_8859_1).contains(Guards.OPENMPI_MARK)) {
            occurrences.add(new Occurrence.OpenMpiAlone(node, rank));
        }
        tell(new JobEvent.Output(node, rank, errors, bytes));
    }

    private void tell(JobEvent event) {
        if (callerGone) {
            return;
        }
        try {
            caller.send(event);
        } catch (InterruptedException e) {
            // The caller is gone: the rest is read and thrown away until the nodes have closed.
            callerGone = true;
        }
    }

    private void exited(NodeSession from, NodeEvent.Exited exited) throws InterruptedException {
        if (role(exited.process()) instanceof Role.Remote remote) {
            session(remote.asker())
                    .send(new NodeOrder.RshAnswer(remote.request(), exited.end().exitCode()));
        }
        occurrences.add(
                role(exited.process()) instanceof Role.Server
                        ? new Occurrence.ServerEnded(from.node(), exited.end())
                        : new Occurrence.Exited(from.node(), exited.process(), exited.end()));
    }

    private PmiSession converse(Connection connection) {
        NodeSession session = session(connection.node());
        return pmi.connect(ranks.getOrDefault(connection.node(), Set.of()), new PmiPeer() {
            @Override
            public void send(String line) {
                order(session, new NodeOrder.PmiSend(connection.number(), line));
            }

            @Override
            public void drop(String why) {
                order(session, new NodeOrder.PmiDrop(connection.number(), why));
            }
        });
    }

    private void order(NodeSession session, NodeOrder order) {
        try {
            session.send(order);
        } catch (InterruptedException e) {
            tasks.current().interrupt();
        }
    }

    private void remote(NodeSession from, NodeEvent.RshWanted wanted) throws InterruptedException {
        if (roles.size() >= launched.get() + JobLimits.REMOTE_PROCESSES) {
            occurrences.add(new Occurrence.Excess("the job has started more than " + JobLimits.REMOTE_PROCESSES
                    + " processes on other nodes, the last on behalf of " + from.node()));
            return;
        }
        Optional<NodeName> target = nodes.keySet().stream()
                .filter(name -> name.value().equals(wanted.host()))
                .findFirst();
        if (target.isEmpty()) {
            log.atWarn().addKeyValue("node", wanted.host()).log("a launch agent asked for a node outside its job");
            from.send(new NodeOrder.RshAnswer(wanted.request(), RSH_FAILED));
            return;
        }
        start(
                target.get(),
                new Role.Remote(from.node(), wanted.request()),
                Optional.empty(),
                List.of("/bin/sh", "-c", wanted.command()),
                Map.of(),
                Optional.empty(),
                false);
    }

    private void killRemote(Role.Remote role) throws InterruptedException {
        for (Map.Entry<Integer, Role> started : roles.entrySet()) {
            if (started.getValue().equals(role)) {
                for (NodeSession session : nodes.values()) {
                    // A node that does not know the process does nothing.
                    session.send(new NodeOrder.Kill(started.getKey()));
                }
            }
        }
    }
}
