package dev.scc.bench;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.Convergence;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Json;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.NetState;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** What the agents of some nodes do when they are assigned to a cluster, all in this process, as a host of many agents has it. */
final class Agents {
    private static final KernelNetwork NETWORK = new KernelNetwork("eth0");
    private static final NodeInventory HAS =
            NodeInventory.of("any", 1, 1L << 30, List.of(new Nic("eth0", "", 1500, "UP", List.of())), List.of());
    private static final Cidr VPC = Cidr.parse("172.16.0.0/24");

    private final Semaphore places;
    private final List<NamespaceNodes.Node> nodes;
    private final List<Convergence> convergences = new ArrayList<>();
    private final Roster roster;
    private final String rosterText;
    private long epoch;

    /** @param atOnce how many nodes are worked on at the same time; the others wait */
    Agents(List<NamespaceNodes.Node> nodes, Path ledgers, int atOnce) {
        this.nodes = List.copyOf(nodes);
        this.places = new Semaphore(atOnce);
        List<Member> members = new ArrayList<>();
        for (NamespaceNodes.Node node : nodes) {
            members.add(new Member(
                    node.name(),
                    node.underlay(),
                    node.underlay() + ":7070",
                    VPC.host(members.size() + 1),
                    VPC.host(members.size() + 1),
                    "",
                    ""));
            LinuxMachine machine = new LinuxMachine(NetworkNamespace.named(node.namespace()));
            convergences.add(new Convergence(
                    node.name(),
                    machine,
                    NETWORK,
                    new Ledger<>(ledgers.resolve(node.name() + ".json"), Roster.class),
                    List.of(),
                    System::nanoTime));
        }
        roster = new Roster(
                new ClusterName("bench"),
                1,
                1,
                VpcNetwork.of("bench", new Vni(70), VPC),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                members);
        rosterText = Json.write(roster);
    }

    /** What a node of this cluster has to have. */
    NetState wanted(NamespaceNodes.Node node) {
        return NETWORK.networks().wanted(roster, node.name(), HAS);
    }

    /** From the assignment (of which each agent reads the roster as it is in ZooKeeper) until the last has converged. */
    List<Convergence.Result> build() throws Exception {
        epoch++;
        return all(() -> Optional.of(Json.read(rosterText, Roster.class)));
    }

    /** Everything of ours is taken from the nodes, whoever made it. */
    List<Convergence.Result> clear() throws Exception {
        epoch++;
        return all(Optional::empty);
    }

    private List<Convergence.Result> all(java.util.function.Supplier<Optional<Roster>> wanted) throws Exception {
        List<Future<Convergence.Result>> running = new ArrayList<>();
        try (ExecutorService agents = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Convergence convergence : convergences) {
                running.add(agents.submit(() -> {
                    places.acquire();
                    try {
                        return convergence.converge(epoch, wanted.get(), HAS);
                    } finally {
                        places.release();
                    }
                }));
            }
        }
        List<Convergence.Result> results = new ArrayList<>();
        for (int index = 0; index < running.size(); index++) {
            try {
                results.add(running.get(index).get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(nodes.get(index).name() + " failed", e.getCause());
            }
            if (results.getLast().state() instanceof NodeStatus.StepFailed failed) {
                throw new IllegalStateException(nodes.get(index).name() + " failed: " + failed);
            }
        }
        return results;
    }
}
