package dev.scc.cluster.pool;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeNetwork;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.PassedOver;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Prober;
import dev.scc.fabric.verify.Schedule;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.vpc.PathOutcome;
import dev.scc.vpc.PathProber;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A model of the RDMA network over the machines in memory: a pair can exchange traffic if both machines have a link on the
 * plan's VLAN with the address that the plan says, and both cables are in.
 */
final class Fabric {
    private final Map<NodeName, MemoryMachine> machines = new ConcurrentHashMap<>();
    private final Map<NodeName, Boolean> unplugged = new ConcurrentHashMap<>();

    private final Map<Ipv4, Boolean> walled = new ConcurrentHashMap<>();

    void add(NodeName node, MemoryMachine machine) {
        machines.putIfAbsent(node, machine);
    }

    MemoryMachine machine(NodeName node) {
        return Optional.ofNullable(machines.get(node)).orElseThrow();
    }

    void unplug(NodeName node) {
        unplugged.put(node, true);
    }

    private final AtomicReference<CountDownLatch> slow = new AtomicReference<>(new CountDownLatch(0));

    private final AtomicInteger probing = new AtomicInteger();

    /** How many nodes' probes have begun since the last {@link #hold}. */
    AtomicInteger probing() {
        return probing;
    }

    /** Probes that begin from now on do not end before {@link #goOn}. */
    void hold() {
        slow.set(new CountDownLatch(1));
        probing.set(0);
    }

    void goOn() {
        slow.get().countDown();
    }

    private boolean onSegment(NodeName node, int vlan, Ipv4 address) {
        NetState state = machine(node).observe();
        return state.objects().values().stream()
                .filter(NetObject.Link.class::isInstance)
                .map(NetObject.Link.class::cast)
                .filter(link -> link.kind() instanceof LinkKind.Vlan kind && kind.id() == vlan)
                .anyMatch(link -> state.objects().containsKey("addr:" + link.name() + "/" + address));
    }

    Prober prober() {
        return new Prober() {
            @Override
            public void run(ProbePlan plan, PassedOver passedOver, Consumer<ProbeResult> results)
                    throws InterruptedException {
                probing.incrementAndGet();
                slow.get().await();
                var names = plan.members().stream().map(ProbeMember::node).toList();
                for (Pair pair : Schedule.of(names, plan.pattern()).pairs()) {
                    if (pair.active().equals(plan.self())) {
                        results.accept(probe(plan, pair));
                    }
                }
            }
        };
    }

    /** Ways in VPCs: one that is walled off answers nobody. */
    PathProber paths() {
        return path -> walled.containsKey(path.own()) || walled.containsKey(path.other())
                ? new PathOutcome.Silent(false)
                : PathProber.ofModel().probe(path);
    }

    /** From now on nothing is heard of this address of a VPC. */
    void wallOff(Ipv4 address) {
        walled.put(address, true);
    }

    private ProbeResult probe(ProbePlan plan, Pair pair) {
        for (ProbeMember member : plan.members()) {
            if (pair.has(member.node())) {
                if (unplugged.containsKey(member.node())) {
                    return ProbeResult.failed(pair, member.node() + " does not answer");
                }
                if (!onSegment(member.node(), plan.vlan().value(), member.address())) {
                    return ProbeResult.failed(pair, member.address() + " is not on VLAN " + plan.vlan());
                }
            }
        }
        return ProbeResult.passed(pair, new ProbeOutcome.Passed(2.5, 4.0, 1000, 900, 300));
    }

    /** The real plan of the networks; the GID appears where the model says the address is on the segment. */
    NodeNetwork network() {
        return new NodeNetwork() {
            @Override
            public ClusterNetworks networks() {
                return new ClusterNetworks("eth0");
            }

            @Override
            public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self) throws NotReached {
                Member member = roster.member(self);
                if (!onSegment(self, roster.segment().vlan().value(), member.rdmaAddress())) {
                    throw new NotReached("no GID for " + member.rdmaAddress(), new IllegalStateException());
                }
                String gid = "0000:0000:0000:0000:0000:ffff:%04x:%04x"
                        .formatted(
                                member.rdmaAddress().bits() >>> 16,
                                member.rdmaAddress().bits() & 0xffff);
                return Optional.of(new NodeStatus.SegmentAddress(gid, 3));
            }
        };
    }
}
