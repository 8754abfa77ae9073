package dev.scc.cluster.plan;

import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.NodeState;
import dev.scc.fabric.inventory.Nic;
import dev.scc.vpc.VpcNetwork;
import dev.scc.vpc.VpcPlanner;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The MTUs of a cluster's two networks, one for all members. A VPC takes what the smallest underlay carries. A segment is not
 * made smaller than most nodes can have it: that would cost all of them bandwidth for the sake of one that is set up wrong. Pure.
 */
final class Mtus {
    private static final int ORDINARY = 1500;
    /** The smallest InfiniBand MTU and the headers around it: see {@code RdmaSysfs}. */
    private static final int SMALLEST_FOR_RDMA = 256 + 96;

    private Mtus() {}

    /** What the VPC of these members can have, in bytes. */
    static int vpc(Collection<Node> members, boolean encrypted) {
        return members.stream()
                        .flatMap(node -> underlay(node).stream())
                        .mapToInt(Nic::mtu)
                        .min()
                        .orElse(ORDINARY)
                - VpcPlanner.overhead(encrypted);
    }

    /** What the segment of these members has, in bytes; empty if none of them has an RDMA device. */
    static Optional<Integer> segment(Collection<Node> members) {
        return members.stream()
                .flatMap(node -> rdma(node).stream())
                .map(Nic::mtu)
                .min(Comparator.naturalOrder());
    }

    /** Why a node does not fit to the others that are free. */
    static Function<Node, Optional<String>> oddOnes(Collection<Node> nodes) {
        Map<Integer, Long> numbers = nodes.stream()
                .filter(node -> node.state() == NodeState.FREE)
                .flatMap(node -> rdma(node).stream())
                .collect(Collectors.groupingBy(Nic::mtu, Collectors.counting()));
        long all = numbers.values().stream().mapToLong(Long::longValue).sum();
        // Of two that differ nobody can say which is the odd one.
        Optional<Integer> usual = numbers.entrySet().stream()
                .filter(mtu -> mtu.getValue() * 2 > all)
                .map(Map.Entry::getKey)
                .findFirst();
        return node -> rdma(node)
                .filter(nic -> nic.mtu() < SMALLEST_FOR_RDMA
                        || usual.filter(mtu -> mtu != nic.mtu()).isPresent())
                .map(nic -> nic.mtu() < SMALLEST_FOR_RDMA
                        ? has(nic) + ", and RDMA needs " + SMALLEST_FOR_RDMA
                        : has(nic) + ", and the RDMA interfaces of most others have " + usual.orElseThrow());
    }

    /** Why a node cannot join a cluster whose networks have these MTUs. */
    static Optional<String> obstacle(Node node, Optional<VpcNetwork> vpc, Optional<Integer> segment) {
        Optional<Integer> needed = vpc.flatMap(network -> network.mtu().map(mtu -> mtu + network.overhead()));
        Optional<String> tooSmall = underlay(node)
                .filter(nic -> needed.filter(mtu -> nic.mtu() < mtu).isPresent())
                .map(nic -> has(nic) + ", and the cluster's VPC needs " + needed.orElseThrow());
        return tooSmall.or(() -> rdma(node)
                .filter(nic -> segment.filter(mtu -> nic.mtu() < mtu).isPresent())
                .map(nic -> has(nic) + ", and the cluster's segment needs " + segment.orElseThrow()));
    }

    private static String has(Nic nic) {
        return "has MTU " + nic.mtu() + " on " + nic.name();
    }

    private static Optional<Nic> underlay(Node node) {
        return node.inventory()
                .flatMap(has -> has.nicOf(node.record().value().machine().underlay()));
    }

    /** Under the RDMA device, if there is one. */
    private static Optional<Nic> rdma(Node node) {
        return node.inventory()
                .filter(has -> has.rdmaDevice().isPresent())
                .flatMap(has -> has.has().nic(has.rdmaNetdev()));
    }
}
