package dev.scc.job.node;

import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.fabric.GidEntry;
import dev.scc.fabric.inventory.Gids;
import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.host.Cgroup;
import dev.scc.host.FileTree;
import dev.scc.host.Location;
import dev.scc.host.libc.Descriptor;
import dev.scc.host.libc.LibcFailed;
import dev.scc.job.ProcessEnd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one job has on this node. */
final class NodeJob implements AgentSocket.Listener {
    private static final Logger log = LoggerFactory.getLogger(NodeJob.class);
    private static final Duration REMOVAL = Duration.ofSeconds(10);
    private static final int EIO = 5;

    private final NodeSettings settings;
    private final NodeOrder.Open open;
    private final Answers<NodeEvent> lead;
    private final Cgroup cgroup;
    private final Path directory;
    private final AgentSocket socket;
    private final PmiRelay pmi;
    private final Location.Company company;
    private final Map<Integer, JobProcess> processes = new ConcurrentHashMap<>();
    private final Map<Integer, RankStreams> ranks = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<String>> leaving = new AtomicReference<>(Optional.empty());
    private volatile long lastBeat = System.nanoTime();

    /**
     * Makes the job's cgroup, directory, socket and port.
     *
     * @throws IOException if one of them cannot be made; what was made before is removed again
     */
    NodeJob(NodeSettings settings, NodeOrder.Open open, Answers<NodeEvent> lead)
            throws IOException, InterruptedException {
        this.settings = settings;
        this.open = open;
        this.lead = lead;
        directory = settings.directory().resolve(open.job().value());
        Path socketPath = settings.directory().resolve(open.job() + ".sock");
        Files.createDirectories(settings.directory());
        Files.createDirectory(directory);
        List<Closeable> made = new ArrayList<>(List.of(() -> Files.delete(directory)));
        boolean complete = false;
        try {
            cgroup = Cgroup.create(settings.cgroups().resolve(open.job().value()));
            made.add(() -> Files.delete(cgroup.directory()));
            company = settings.location().company();
            made.add(company::close);
            pmi = new PmiRelay(settings.location().sockets(), lead::send);
            made.add(pmi::close);
            socket = listen(socketPath);
            complete = true;
        } finally {
            if (!complete) {
                made.reversed().forEach(NodeJob::takeBack);
            }
        }
    }

    private AgentSocket listen(Path path) throws IOException {
        try {
            return AgentSocket.listen(path, this);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        }
    }

    private static void takeBack(Closeable made) {
        try {
            made.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("something of a job that could not be prepared stays");
        }
    }

    /** From now on it ends because of what happens to this node. False if it was told so already. */
    boolean leave(String why) {
        return leaving.compareAndSet(Optional.empty(), Optional.of(why));
    }

    /** Why this node ends its part by itself, if it does. */
    Optional<String> leaving() {
        return leaving.get();
    }

    NodeEvent.Opened opened() {
        return new NodeEvent.Opened(
                Runtime.getRuntime().availableProcessors(), pmi.port(), gidIndex(), packets(), hasDirectory());
    }

    private boolean hasDirectory() {
        try (Descriptor _ = Descriptor.directory(open.directory())) {
            return true;
        } catch (LibcFailed e) {
            log.atDebug().addKeyValue("job", open.job()).setCause(e).log("no working directory");
            return false;
        }
    }

    private Optional<Integer> gidIndex() {
        if (open.rdmaDevice().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Gids.find(open.rdmaDevice(), open.rdmaAddress(), open.rdmaNetdev())
                    .map(GidEntry::index);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<NodeEvent.Packets> packets() {
        if (open.rdmaDevice().isEmpty()) {
            return Optional.empty();
        }
        try {
            RdmaCounters counters = RdmaCounters.read(open.rdmaDevice());
            return Optional.of(new NodeEvent.Packets(counters.sentPackets(), counters.receivedPackets()));
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("job", open.job())
                    .addKeyValue("why", e.getMessage())
                    .log("no RDMA counters for the receipt");
            return Optional.empty();
        }
    }

    /** The lead is alive and still wants this job. */
    void beat() {
        lastBeat = System.nanoTime();
    }

    boolean forgotten() {
        return System.nanoTime() - lastBeat > settings.silence().toNanos();
    }

    /** Does what the lead says. Never waits for the lead. */
    void obey(NodeOrder order) throws RpcFailed {
        switch (order) {
            case NodeOrder.Open again ->
                throw new RpcFailed(
                        RpcFailed.Kind.INVALID, "job " + again.job() + " has been opened on this node already");
            case NodeOrder.Start start -> start(start);
            case NodeOrder.Input input -> feed(input.process(), Optional.of(input.bytes()));
            case NodeOrder.EndInput end -> feed(end.process(), Optional.empty());
            case NodeOrder.Kill kill -> kill(kill.process());
            case NodeOrder.PmiSend line -> pmi.send(line.connection(), line.line());
            case NodeOrder.PmiDrop drop -> pmi.drop(drop.connection(), drop.why());
            case NodeOrder.RshAnswer answer -> socket.answer(answer.request(), answer.status());
        }
    }

    private void start(NodeOrder.Start order) {
        Map<String, String> environment = new HashMap<>(NodeSettings.baseEnvironment());
        environment.putAll(order.environment());
        environment.putAll(socket.environment());
        environment.put("SCC_JOB", open.job().value());
        try {
            JobProcess process = JobProcess.start(
                    settings,
                    company.enter(),
                    cgroup,
                    directory,
                    order,
                    environment,
                    (errors, bytes) -> lead.send(new NodeEvent.Output(order.process(), errors, bytes)));
            processes.put(order.process(), process);
            Thread.ofVirtual().name("job-process").start(() -> report(order.process(), process));
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", open.job()).setCause(e).log("process could not be started");
            Thread.ofVirtual().name("job-process").start(() -> reportUnstarted(order.process(), e));
        }
    }

    /** On a thread of its own: a process that does not read is not waited for here. The lead sends one piece at a time. */
    private void feed(int number, Optional<Bytes> piece) {
        Thread.ofPlatform().daemon().name("job-input").start(() -> {
            JobProcess process = processes.get(number);
            try {
                if (process != null && piece.isPresent()) {
                    process.feed(piece.get());
                } else if (process != null) {
                    process.endInput();
                }
            } catch (IOException e) {
                log.atTrace().addKeyValue("job", open.job()).setCause(e).log("a process does not read its input");
            }
            taken(number, piece.isPresent());
        });
    }

    private void taken(int number, boolean more) {
        try {
            if (more) {
                lead.send(new NodeEvent.InputTaken(number));
            }
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("job", open.job()).log("lead gone before a process had its input");
        }
    }

    private void report(int number, JobProcess process) {
        try {
            lead.send(new NodeEvent.Exited(number, process.await()));
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("job", open.job()).log("lead gone before a process ended");
        }
    }

    private void reportUnstarted(int number, IOException why) {
        try {
            byte[] text = ("scc: " + why.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
            lead.send(new NodeEvent.Output(number, true, Bytes.of(text)));
            lead.send(new NodeEvent.Exited(number, new ProcessEnd.NotPrepared(EIO)));
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("job", open.job()).log("lead gone before a process started");
        }
    }

    private void kill(int number) {
        JobProcess process = processes.get(number);
        if (process != null) {
            try {
                process.kill();
            } catch (IOException e) {
                log.atWarn().addKeyValue("job", open.job()).setCause(e).log("process not killed yet");
            }
        }
    }

    @Override
    public void rshWanted(int request, String host, String command) throws InterruptedException {
        lead.send(new NodeEvent.RshWanted(request, host, command));
    }

    @Override
    public void rshGone(int request) throws InterruptedException {
        lead.send(new NodeEvent.RshGone(request));
    }

    @Override
    public void rankStarted(int rank, Path streams) throws IOException {
        if (!streams.startsWith(directory)) {
            throw new IOException("rank " + rank + " has no streams at " + streams);
        }
        RankStreams begun =
                RankStreams.open(streams, (errors, bytes) -> lead.send(new NodeEvent.RankOutput(rank, errors, bytes)));
        Optional.ofNullable(ranks.put(rank, begun)).ifPresent(RankStreams::stop);
    }

    @Override
    public void rankEnded(int rank, Optional<ProcessEnd> badly) throws InterruptedException {
        RankStreams streams = ranks.get(rank);
        if (streams != null) {
            streams.drain();
        }
        if (badly.isPresent()) {
            lead.send(new NodeEvent.RankFailed(rank, badly.get()));
        }
    }

    /** Kills and removes everything. Says what is left of it. */
    NodeEvent.Closed close() throws InterruptedException {
        List<String> left = new ArrayList<>();
        processes.keySet().forEach(this::kill);
        try {
            cgroup.remove(REMOVAL).ifPresent(left::add);
        } catch (IOException e) {
            left.add("cgroup " + cgroup.directory() + ": " + e.getMessage());
        }
        socket.close();
        pmi.close();
        processes.values().forEach(JobProcess::stopOutput);
        ranks.values().forEach(RankStreams::stop);
        company.close();
        try {
            FileTree.remove(directory);
        } catch (IOException e) {
            left.add("directory " + directory + ": " + e.getMessage());
        }
        return new NodeEvent.Closed(packets(), left);
    }
}
