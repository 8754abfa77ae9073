package dev.scc.job.node;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.Cgroup;
import dev.scc.host.FileTree;
import dev.scc.host.Location;
import dev.scc.host.NodeName;
import dev.scc.job.JobLimits;
import dev.scc.job.ProcessEnd;
import dev.scc.job.RankSeat;
import dev.scc.job.RunAs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one job has on this node. */
final class NodeJob implements AgentSocket.Listener {
    private static final Logger log = LoggerFactory.getLogger(NodeJob.class);
    private static final Duration REMOVAL = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final int MOST_LOOKS = 300;
    private static final int EIO = 5;
    /** What comes after a job's name in that of the directory which is not the job's, but ours. */
    static final String ORDERS = ".orders";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> FOUND_BY_NAME = PosixFilePermissions.fromString("rwx--x--x");

    private final NodeSettings settings;
    private final NodeOrder.Open open;
    private final Roster serves;
    private final RdmaFacts rdma;
    private final GidWatch gid;
    private final Answers<NodeEvent> lead;
    private final Strays strays;
    private final Cgroup cgroup;
    private final JobUser user;
    private final Path directory;
    private final Path orders;
    private final Path staged;
    private final AgentSocket socket;
    private final PmiRelay pmi;
    private final Optional<VpcDoor> door;
    private final Location.Company company;
    private final Optional<StageArea> stage;
    private final Processors processors;
    private final Optional<Processors.Share> share;
    private final Map<Integer, JobProcess> processes = new ConcurrentHashMap<>();
    private final Map<Integer, RankStreams> ranks = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<String>> leaving = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> leadLost = new AtomicReference<>(Optional.empty());
    private volatile long lastBeat = System.nanoTime();

    /**
     * Makes the job's cgroup, directories, socket and port.
     *
     * @throws IOException if one of them cannot be made; what was made before is removed again
     */
    NodeJob(
            NodeSettings settings,
            NodeOrder.Open open,
            Roster serves,
            Answers<NodeEvent> lead,
            Strays strays,
            Processors processors)
            throws IOException, InterruptedException {
        this.settings = settings;
        this.processors = processors;
        this.open = open;
        this.serves = serves;
        rdma = new RdmaFacts(open);
        gid = new GidWatch(rdma::gidIndex);
        this.lead = lead;
        this.strays = strays;
        user = settings.user(open.as());
        directory = settings.directory().resolve(open.job().value());
        orders = settings.directory().resolve(open.job() + ORDERS);
        staged = settings.stages().resolve(open.job().value());
        Path socketPath = settings.directory().resolve(open.job() + ".sock");
        Files.createDirectories(settings.directory());
        // Only those who know the name of a job find what it has here.
        Files.setPosixFilePermissions(settings.directory(), FOUND_BY_NAME);
        Files.createDirectory(directory, PRIVATE);
        List<Closeable> made = new ArrayList<>(List.of(() -> Files.delete(directory)));
        boolean complete = false;
        try {
            give(directory);
            Files.createDirectory(orders, PRIVATE);
            made.add(() -> Files.delete(orders));
            cgroup = Cgroup.create(settings.cgroups().resolve(open.job().value()));
            made.add(() -> Files.delete(cgroup.directory()));
            limit("pids.max", settings.policy().processes());
            limit("memory.max", settings.policy().memory());
            company = settings.location().company();
            made.add(company::close);
            pmi = new PmiRelay(settings.location().sockets(), JobLimits.connections(open.ranks()), lead::send);
            made.add(pmi::close);
            door = open.overVpc().orElse(false)
                    ? Optional.of(VpcDoor.open(settings.location(), own().vpcAddress()))
                    : Optional.empty();
            door.ifPresent(opened -> made.add(opened::close));
            share = open.cores().isPresent()
                    ? Optional.of(processors.take(open.cores().get().mapping(), open.ranks()))
                    : Optional.empty();
            share.ifPresent(taken -> made.add(() -> processors.giveBack(taken)));
            if (open.stage().isPresent()) {
                made.add(() -> Files.deleteIfExists(staged));
                StageArea.make(settings.stages(), staged);
                give(staged);
            }
            socket = listen(socketPath);
            stage = open.stage().map(files -> new StageArea(files, staged, user, new UserFiles(settings, user), lead));
            complete = true;
        } finally {
            if (!complete) {
                made.reversed().forEach(NodeJob::takeBack);
            }
        }
    }

    private void limit(String file, long most) throws IOException {
        if (!cgroup.limit(file, most)) {
            log.atDebug()
                    .addKeyValue("limit", file)
                    .log("this machine's cgroups of version 2 do not have it; jobs have no such limit");
        }
    }

    private AgentSocket listen(Path path) throws IOException {
        try {
            AgentSocket listening = AgentSocket.listen(path, JobLimits.connections(open.ranks()), this);
            give(path);
            return listening;
        } catch (IOException e) {
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        }
    }

    private void give(Path file) throws IOException {
        if (user.rights().isPresent()) {
            user.rights().get().own(file);
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

    /** The lead is not there any more, or none of the cluster: the first reason counts. */
    void leadLost(String why) {
        leadLost.compareAndSet(Optional.empty(), Optional.of(why));
    }

    /** What is to be told of the job because its lead cannot, and why that cannot. */
    Optional<Witnesses.Loss> loss() {
        return open.witnessed().flatMap(record -> leadLost.get().map(why -> new Witnesses.Loss(record, why)));
    }

    /** Why this node ends its part by itself, if it does. */
    Optional<String> leaving() {
        return leaving.get();
    }

    /**
     * Makes the directory for checkpoints where there is to be one and is none. It is the user's, perhaps on a file system of other
     * machines that do not answer, and stays.
     *
     * @throws RpcFailed if the user can make no files in it
     */
    void makeCheckpoints() throws RpcFailed {
        if (open.checkpoints().isEmpty()) {
            return;
        }
        String place = open.checkpoints().get();
        try {
            new UserFiles(settings, user).makeDirectory(Path.of(place));
        } catch (IOException | InvalidPathException e) {
            throw new RpcFailed(
                    RpcFailed.Kind.FAILED,
                    "the job's user cannot make files in the checkpoint directory " + place + " of node " + open.node()
                            + " (" + e + ")");
        }
    }

    NodeEvent.Opened opened() {
        return new NodeEvent.Opened(
                Runtime.getRuntime().availableProcessors(),
                pmi.port(),
                rdma.gidIndex(),
                rdma.packets(),
                hasDirectory(),
                door.map(VpcDoor::port),
                rdma.trafficClass(),
                share.map(Processors.Share::cpus),
                share.map(this::seats).orElse(List.of()));
    }

    private List<RankSeat> seats(Processors.Share taken) {
        List<RankSeat> seats = List.of();
        try {
            seats = processors.seats(taken, open.rdmaDevice());
        } catch (IOException e) {
            log.atDebug().addKeyValue("job", open.job()).setCause(e).log("nobody knows which device is near");
        }
        return seats;
    }

    private boolean hasDirectory() {
        if (stage.isPresent()) {
            return true; // It is made.
        }
        try {
            return new UserFiles(settings, user).hasDirectory(open.directory());
        } catch (IOException e) {
            log.atDebug().addKeyValue("job", open.job()).setCause(e).log("no working directory");
            return false;
        }
    }

    /** The node that leads the job. */
    NodeName lead() {
        return open.lead();
    }

    /** The lead is alive and still wants this job. */
    void beat() {
        lastBeat = System.nanoTime();
        gid.look().ifPresent(this::note);
    }

    private void note(String what) {
        try {
            lead.send(new NodeEvent.Noted(what));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean forgotten() {
        return System.nanoTime() - lastBeat > settings.silence().toNanos();
    }

    /** Does what the lead says. Never waits for the lead. */
    void obey(NodeOrder order) throws RpcFailed, InterruptedException {
        switch (order) {
            case NodeOrder.Open again ->
                throw new RpcFailed(
                        RpcFailed.Kind.INVALID, "job " + again.job() + " has been opened on this node already");
            case NodeOrder.Start start -> start(start);
            case NodeOrder.Reach reach -> Thread.ofVirtual().name("job-reach").start(() -> reach(reach));
            case NodeOrder.Signal signal -> signal(signal);
            case NodeOrder.Input input -> feed(input.process(), Optional.of(input.bytes()));
            case NodeOrder.StagePiece piece -> staged().take(piece.bytes());
            case NodeOrder.EndStage _ -> staged().end();
            case NodeOrder.Collect _ -> collect();
            case NodeOrder.Resize resize -> resize(resize);
            case NodeOrder.EndInput end -> feed(end.process(), Optional.empty());
            case NodeOrder.Kill kill -> kill(kill.process());
            case NodeOrder.PmiSend line -> pmi.send(line.connection(), line.line());
            case NodeOrder.PmiDrop drop -> pmi.drop(drop.connection(), drop.why());
            case NodeOrder.RshAnswer answer -> socket.answer(answer.request(), answer.status());
        }
    }

    private StageArea staged() throws RpcFailed {
        return stage.orElseThrow(() ->
                new RpcFailed(RpcFailed.Kind.INVALID, "job " + open.job() + " said that it brings nothing along"));
    }

    /** Nothing of the job writes any more when its files are read. */
    private void collect() throws RpcFailed, InterruptedException {
        StageArea area = staged();
        processes.keySet().forEach(this::kill);
        try {
            cgroup.kill();
            for (int look = 0; look < MOST_LOOKS && !cgroup.processes().isEmpty(); look++) {
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", open.job()).setCause(e).log("a job may write while its files are read");
        }
        area.collect();
    }

    private Member own() throws IOException {
        return member(open.node()).orElseThrow(() -> new IOException("it is no member of cluster " + open.cluster()));
    }

    private Optional<Member> member(NodeName node) {
        return serves.members().stream()
                .filter(member -> member.node().equals(node))
                .findFirst();
    }

    private void reach(NodeOrder.Reach order) {
        try {
            Optional<Member> other = member(order.node());
            Optional<String> failure = other.isEmpty()
                    ? Optional.of("it is no member of cluster " + open.cluster() + " by what this node knows")
                    : VpcDoor.knock(
                            settings.location(),
                            other.get().vpcAddress(),
                            order.port(),
                            Duration.ofMillis(order.millis()));
            lead.send(new NodeEvent.Reached(order.node(), failure));
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("job", open.job()).log("lead gone before it heard who reaches whom");
        }
    }

    private void start(NodeOrder.Start order) {
        door.ifPresent(VpcDoor::close); // Its port is for rank 0 of those that want one.
        Map<String, String> environment = new HashMap<>(NodeSettings.baseEnvironment());
        environment.putAll(user.environment());
        if (open.as() instanceof RunAs.Unmapped) {
            environment.put("HOME", directory.toString()); // An account that stands for many has no place of its own.
        }
        environment.putAll(order.environment());
        environment.putAll(socket.environment());
        stage.ifPresent(area -> environment.put("SCC_STAGE", area.place().toString()));
        if (order.rank().isEmpty()) { // A launcher, whose ranks scc-rank binds.
            share.ifPresent(taken -> environment.put("SCC_CPUS", String.join(" ", taken.cpus())));
            share.map(Processors.Share::rails)
                    .filter(rails -> !rails.isEmpty())
                    .ifPresent(rails -> environment.put("SCC_RAILS", String.join(" ", rails)));
        }
        share.flatMap(taken -> ofRank(order, taken.rails())).ifPresent(rail -> environment.put("SCC_RAIL", rail));
        environment.put("SCC_JOB", open.job().value());
        try {
            JobProcess process = JobProcess.start(
                    settings,
                    company.enter(),
                    cgroup,
                    orders,
                    user,
                    stage.map(area -> order.in(area.place().toString())).orElse(order),
                    environment,
                    cpus(order),
                    (errors, bytes) -> lead.send(new NodeEvent.Output(order.process(), errors, bytes)));
            processes.put(order.process(), process);
            Thread.ofVirtual().name("job-process").start(() -> report(order.process(), process));
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", open.job()).setCause(e).log("process could not be started");
            Thread.ofVirtual().name("job-process").start(() -> reportUnstarted(order.process(), e));
        }
    }

    /** Of a launcher all that its ranks here have: those are bound by {@code scc-rank}. */
    private Optional<String> cpus(NodeOrder.Start order) {
        return share.map(taken -> ofRank(order, taken.cpus()).orElseGet(taken::all));
    }

    /** Of a list for the ranks of this node what that has for the one to be started; empty for a launcher. */
    private Optional<String> ofRank(NodeOrder.Start order, List<String> each) {
        return order.rank()
                .flatMap(rank -> open.cores().map(cores -> rank - cores.first()))
                .filter(index -> index >= 0 && index < each.size())
                .map(each::get);
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

    private void resize(NodeOrder.Resize order) {
        JobProcess process = processes.get(order.process());
        if (process != null) {
            process.resize(order.size());
        }
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

    private void signal(NodeOrder.Signal order) {
        try {
            RankProcesses.send(cgroup, order.number(), order.launched());
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", open.job()).setCause(e).log("processes of a job get no signal");
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
    public void exceeded(String why) throws InterruptedException {
        lead.send(new NodeEvent.Excess(why));
    }

    @Override
    public void rshGone(int request) throws InterruptedException {
        lead.send(new NodeEvent.RshGone(request));
    }

    @Override
    public void rankStarted(int rank) throws IOException {
        if (rank < 0 || (ranks.size() >= open.ranks() && !ranks.containsKey(rank))) {
            throw new IOException("the job has " + open.ranks() + " ranks here, and all of them have streams");
        }
        RankStreams begun = RankStreams.open(
                directory.resolve("rank-" + rank),
                user,
                (errors, bytes) -> lead.send(new NodeEvent.RankOutput(rank, errors, bytes)));
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
            left.addAll(strays.end(NodeJobs.STRAYS_PATIENCE));
        } catch (IOException e) {
            left.add("cgroup " + cgroup.directory() + ": " + e.getMessage());
        }
        socket.close();
        pmi.close();
        door.ifPresent(VpcDoor::close);
        processes.values().forEach(JobProcess::stopOutput);
        ranks.values().forEach(RankStreams::stop);
        company.close();
        share.ifPresent(processors::giveBack);
        if (stage.isPresent()) {
            stage.get().close();
        }
        for (Path each : List.of(directory, orders, staged)) {
            try {
                FileTree.remove(each);
            } catch (IOException e) {
                left.add("directory " + each + ": " + e.getMessage());
            }
        }
        return new NodeEvent.Closed(rdma.packets(), left);
    }
}
