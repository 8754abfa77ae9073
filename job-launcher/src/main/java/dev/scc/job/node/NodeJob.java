package dev.scc.job.node;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.job.RankSeat;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job's part on this node: it does what the lead says, until there is no lead any more. */
final class NodeJob {
    private static final Logger log = LoggerFactory.getLogger(NodeJob.class);

    private final NodeSettings settings;
    private final NodeOrder.Open open;
    private final Roster serves;
    private final RdmaFacts rdma;
    private final GidWatch gid;
    private final Answers<NodeEvent> lead;
    private final Strays strays;
    private final Processors processors;
    private final NodeAllocation node;
    private final NodeProcesses processes;
    private final AtomicReference<Optional<String>> leaving = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> leadLost = new AtomicReference<>(Optional.empty());
    private volatile long lastBeat = System.nanoTime();

    /**
     * Makes what the job needs of the node.
     *
     * @throws IOException if a part of it cannot be made; what was made before is removed again
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
        this.open = open;
        this.serves = serves;
        this.lead = lead;
        this.strays = strays;
        this.processors = processors;
        rdma = new RdmaFacts(open);
        gid = new GidWatch(rdma::gidIndex);
        node = new NodeAllocation(settings, open, this::ownAddress, settings.user(open.as()), lead, processors);
        processes = new NodeProcesses(settings, node, lead);
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
            new UserFiles(settings, node.user()).makeDirectory(Path.of(place));
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
                node.pmi().port(),
                rdma.gidIndex(),
                rdma.packets(),
                hasDirectory(),
                node.door().map(VpcDoor::port),
                rdma.trafficClass(),
                node.share().map(Processors.Share::cpus),
                node.share().map(this::seats).orElse(List.of()),
                open.pmix()
                        .filter(wanted -> wanted)
                        .map(_ -> PmixCheck.passes(settings.tools().pmix())));
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
        if (node.stage().isPresent()) {
            return true; // It is made.
        }
        try {
            return new UserFiles(settings, node.user()).hasDirectory(open.directory());
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
            case NodeOrder.Start start -> processes.start(start);
            case NodeOrder.Reach reach -> Thread.ofVirtual().name("job-reach").start(() -> reach(reach));
            case NodeOrder.Signal signal -> processes.signal(signal);
            case NodeOrder.Input input -> processes.feed(input);
            case NodeOrder.StagePiece piece -> staged().take(piece.bytes());
            case NodeOrder.EndStage _ -> staged().end();
            case NodeOrder.Collect _ -> collect();
            case NodeOrder.Resize resize -> processes.resize(resize);
            case NodeOrder.EndInput end -> processes.endInput(end);
            case NodeOrder.Kill kill -> processes.kill(kill.process());
            case NodeOrder.PmiSend line -> node.pmi().send(line.connection(), line.line());
            case NodeOrder.PmiDrop drop -> node.pmi().drop(drop.connection(), drop.why());
            case NodeOrder.RshAnswer answer -> node.socket().answer(answer.request(), answer.status());
        }
    }

    private StageArea staged() throws RpcFailed {
        return node.stage()
                .orElseThrow(() -> new RpcFailed(
                        RpcFailed.Kind.INVALID, "job " + open.job() + " said that it brings nothing along"));
    }

    /** Nothing of the job writes any more when its files are read. */
    private void collect() throws RpcFailed, InterruptedException {
        StageArea area = staged();
        processes.killAll();
        node.killAll();
        area.collect();
    }

    private Ipv4 ownAddress() throws IOException {
        return member(open.node())
                .orElseThrow(() -> new IOException("it is no member of cluster " + open.cluster()))
                .vpcAddress();
    }

    private Optional<Member> member(NodeName name) {
        return serves.members().stream()
                .filter(member -> member.node().equals(name))
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

    /** Kills and removes everything. Says what is left of it. */
    NodeEvent.Closed close() throws InterruptedException {
        processes.killAll();
        List<String> left = new ArrayList<>(node.end(strays));
        node.closeDoors();
        processes.stopOutput();
        left.addAll(node.giveBack());
        return new NodeEvent.Closed(rdma.packets(), left);
    }
}
