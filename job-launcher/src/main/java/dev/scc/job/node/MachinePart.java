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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job's part on this machine: what it needs there, and its processes. */
final class MachinePart implements Part {
    private static final Logger log = LoggerFactory.getLogger(MachinePart.class);

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

    /**
     * Makes what the job needs of the node.
     *
     * @throws IOException if a part of it cannot be made; what was made before is removed again
     */
    MachinePart(
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

    @Override
    public void makeCheckpoints() throws RpcFailed {
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

    @Override
    public NodeEvent.Opened opened() {
        return new NodeEvent.Opened(
                Runtime.getRuntime().availableProcessors(),
                node.pmi().port(),
                rdma.gidIndex(),
                rdma.packets(),
                hasDirectory(),
                node.door().map(VpcDoor::port),
                rdma.trafficClass(),
                rdma.serviceLevel(),
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

    @Override
    public Optional<String> look() {
        return gid.look();
    }

    @Override
    public void obey(NodeOrder order) throws RpcFailed, InterruptedException {
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

    @Override
    public NodeEvent.Closed close() throws InterruptedException {
        processes.killAll();
        List<String> left = new ArrayList<>(node.end(strays));
        node.closeDoors();
        processes.stopOutput();
        left.addAll(node.giveBack());
        return new NodeEvent.Closed(rdma.packets(), left);
    }
}
