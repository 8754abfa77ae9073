package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.fabric.GidEntry;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.inventory.DeviceCheck;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.inventory.PortState;
import dev.scc.fabric.inventory.RxeCare;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.fabric.loopback.LoopbackPlace;
import dev.scc.fabric.loopback.LoopbackProber;
import dev.scc.fabric.segment.SegmentGid;
import dev.scc.fabric.verbs.VerbsLoopback;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.vpc.EchoProber;
import dev.scc.vpc.PathProber;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The networks of a node whose kernel says by which GID its RDMA device is reached. */
public record KernelNetwork(
        ClusterNetworks networks, Optional<RxeCare> soft, DeviceCheck look, PathProber paths, LoopbackProber loopback)
        implements NodeNetwork {
    private static final Logger log = LoggerFactory.getLogger(KernelNetwork.class);
    /** Of a node whose RDMA device, if it has one, is not this machine's. */
    private static final LoopbackProber NO_VERBS =
            place -> new LoopbackOutcome.NotTried("RDMA device " + place.device() + " is in name only");

    private static final Duration KERNEL_ADDS_GID = Duration.ofSeconds(5);
    private static final Duration PORT_COMES_UP = Duration.ofSeconds(1);

    /**
     * That of a node whose interfaces may be a model: nothing is sent in its VPC.
     *
     * @param underlay the interface that carries the VPC's packets
     */
    public KernelNetwork(String underlay) {
        this(new ClusterNetworks(underlay), Optional.empty(), new DeviceCheck(), PathProber.ofModel(), NO_VERBS);
    }

    /** That of a node whose interfaces are in this namespace. */
    public static KernelNetwork in(NetworkNamespace namespace, String underlay) {
        return new KernelNetwork(
                new ClusterNetworks(underlay),
                Optional.empty(),
                new DeviceCheck(),
                new EchoProber(namespace),
                NO_VERBS);
    }

    /**
     * That of this machine, whose RDMA device may be in software.
     *
     * @param soft its rxe link, if it has one
     * @param traffic the class of the segment's traffic
     */
    public static KernelNetwork of(String underlay, Optional<RxeCare> soft, TrafficClass traffic) {
        return new KernelNetwork(
                new ClusterNetworks(underlay, traffic),
                soft,
                new DeviceCheck(),
                new EchoProber(NetworkNamespace.own()),
                new VerbsLoopback());
    }

    @Override
    public List<String> mend() throws CommandFailed {
        return soft.isPresent() ? soft.get().mend() : List.of();
    }

    @Override
    public void entrust(Member member) {
        if (!member.rdmaDevice().isEmpty()) {
            look.note(member.rdmaDevice());
        }
    }

    @Override
    public Optional<String> worse(Member former, NodeInventory has) {
        return former.rdmaDevice().isEmpty()
                ? Optional.empty()
                : look.worse(
                        former.rdmaDevice(),
                        former.rdmaNetdev(),
                        has.nic(former.rdmaNetdev()).map(Nic::addresses).orElse(List.of()));
    }

    @Override
    public Check check(String device, String netdev, NodeInventory has, Consumer<LoopbackOutcome> ended) {
        List<Ipv4> addresses = has.nic(netdev).map(Nic::addresses).orElse(List.of()).stream()
                .map(address -> Ipv4.parse(address.substring(0, address.indexOf('/'))))
                .toList();
        LoopbackPlace place = new LoopbackPlace(device, netdev, addresses);
        return Thread.ofPlatform().daemon().name("check-" + device).start(() -> ended.accept(outcome(place)))
                ::interrupt;
    }

    private LoopbackOutcome outcome(LoopbackPlace place) {
        LoopbackOutcome outcome;
        try {
            outcome = loopback.run(place);
        } catch (InterruptedException e) {
            outcome = new LoopbackOutcome.NotTried("the check was cancelled");
        } catch (LinkageError e) {
            outcome = new LoopbackOutcome.NotTried("libdisni is of another release of scc: " + e.getMessage());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a defect in scc ended the check of a device");
            outcome = new LoopbackOutcome.NotTried("a defect in scc: " + e);
        }
        return outcome instanceof LoopbackOutcome.Failed failed
                ? new LoopbackOutcome.Failed("RDMA device " + place.device() + " fails alone: " + failed.why())
                : outcome;
    }

    @Override
    public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self)
            throws NotReached, InterruptedException {
        Member member = roster.member(self);
        if (member.rdmaDevice().isEmpty()) {
            return Optional.empty();
        }
        try {
            GidEntry gid = SegmentGid.await(
                    member.rdmaDevice(),
                    member.rdmaNetdev(),
                    roster.segment().vlan(),
                    member.rdmaAddress(),
                    KERNEL_ADDS_GID);
            requirePort(member);
            return Optional.of(new NodeStatus.SegmentAddress(gid.gid(), gid.index()));
        } catch (IOException | TimeoutException e) {
            throw new NotReached(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requirePort(Member member) throws IOException, InterruptedException, NotReached {
        Optional<String> down = PortState.awaitActive(member.rdmaDevice(), PORT_COMES_UP);
        if (down.isPresent()) {
            throw new NotReached(
                    "use port 1 of " + member.rdmaDevice(),
                    "port 1 of RDMA device " + member.rdmaDevice() + " is " + down.get() + ": look at interface "
                            + member.rdmaNetdev() + " and at its switch port (ip link show dev " + member.rdmaNetdev()
                            + ")");
        }
    }
}
