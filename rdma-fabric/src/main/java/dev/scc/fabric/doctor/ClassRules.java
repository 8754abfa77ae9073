package dev.scc.fabric.doctor;

import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.doctor.NodeFacts.Device;
import dev.scc.fabric.doctor.NodeFacts.Netdev;
import dev.scc.fabric.doctor.NodeFacts.Segment;
import dev.scc.fabric.doctor.Rule.Symptom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Rules about classes of traffic: which one segments' traffic is in, and what the adapters do with it. */
final class ClassRules {
    static final List<Rule> ALL = List.of(
            Rule.info("vlan-egress", ClassRules::egress),
            Rule.info("cm-tos", ClassRules::tos),
            Rule.warning("cm-tos-differs", ClassRules::otherTos),
            Rule.warning("pfc-off", ClassRules::lossy),
            Rule.warning("trust", ClassRules::trust),
            Rule.warning("ecn-off", ClassRules::ecn));

    private ClassRules() {}

    /** Soft-RoCE goes through no lossless class. */
    private static List<Symptom> egress(NodeFacts facts) {
        return facts.segment().stream()
                .filter(segment -> facts.device(segment.device())
                        .filter(device -> !device.software())
                        .isPresent())
                .flatMap(segment -> facts.netdev(segment.link()).stream())
                .filter(link -> link.egress().filter(String::isEmpty).isPresent())
                .map(link -> new Symptom(
                        link.name() + " maps no priority: all traffic of the segment is in class 0",
                        "scc agent … --segment-priorities 0:3 (its agent keeps them on " + link.name() + ")"))
                .toList();
    }

    /** Where the site has chosen one, it is there while the node is in a cluster. */
    private static List<Symptom> tos(NodeFacts facts) {
        return wantedTos(facts).isPresent()
                ? List.of()
                : facts.devices().stream()
                        .filter(one -> !one.software())
                        .filter(one -> one.defaultTos().filter(tos -> tos == 0).isPresent())
                        .map(one -> new Symptom(
                                "connections of rdma_cm over " + one.name() + " have no type of service",
                                "scc agent … --segment-dscp 26 (its agent sets it while the node is in a cluster)"))
                        .toList();
    }

    private static List<Symptom> otherTos(NodeFacts facts) {
        Optional<Device> device = facts.segment().map(Segment::device).flatMap(facts::device);
        return wantedTos(facts).stream()
                .flatMap(wanted -> device
                        .filter(one -> !one.defaultTos().equals(Optional.of(wanted)))
                        .map(one -> new Symptom(
                                "connections of rdma_cm over %s have %s, and the site's class has type of service %d"
                                        .formatted(
                                                one.name(),
                                                one.defaultTos()
                                                        .map(tos -> "type of service " + tos)
                                                        .orElse("no type of service"),
                                                wanted),
                                "mkdir -p /sys/kernel/config/rdma_cm/%1$s && echo %2$d > /sys/kernel/config/rdma_cm/%1$s/ports/1/default_roce_tos"
                                        .formatted(one.name(), wanted)))
                        .stream())
                .toList();
    }

    private static Optional<Integer> wantedTos(NodeFacts facts) {
        return facts.traffic().flatMap(TrafficClass::tos);
    }

    private static List<Symptom> lossy(NodeFacts facts) {
        Optional<Integer> priority = facts.traffic().map(TrafficClass::egress).map(egress -> egress.get(0));
        return priority.stream()
                .flatMap(wanted -> adapters(facts)
                        .filter(netdev -> netdev.lossless()
                                .filter(lossless -> !lossless.contains(wanted))
                                .isPresent())
                        .map(netdev -> new Symptom(
                                "segments' traffic has priority %d, which has no flow control on %s (PFC is on for %s)"
                                        .formatted(
                                                wanted,
                                                netdev.name(),
                                                netdev.lossless().orElseThrow().isEmpty()
                                                        ? "none"
                                                        : netdev.lossless().orElseThrow()),
                                "dcb pfc set dev %s prio-pfc %d:on".formatted(netdev.name(), wanted))))
                .toList();
    }

    private static List<Symptom> trust(NodeFacts facts) {
        return facts.traffic().filter(traffic -> !traffic.equals(TrafficClass.NONE)).stream()
                .flatMap(traffic -> adapters(facts).flatMap(netdev -> distrust(netdev, traffic).stream()))
                .toList();
    }

    private static Optional<Symptom> distrust(Netdev netdev, TrafficClass traffic) {
        return switch (netdev.trust().orElse("")) {
            case "dscp" ->
                traffic.dscp().isPresent()
                        ? Optional.empty()
                        : Optional.of(new Symptom(
                                netdev.name() + " sorts packets by DSCP, and segments' traffic has none",
                                "mlnx_qos -i " + netdev.name() + " --trust pcp"));
            case "pcp" ->
                traffic.egress().isEmpty()
                        ? Optional.of(new Symptom(
                                netdev.name() + " sorts packets by their VLAN's priority, and segments' traffic has"
                                        + " only a DSCP",
                                "mlnx_qos -i " + netdev.name() + " --trust dscp"))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static List<Symptom> ecn(NodeFacts facts) {
        return facts.netdevs().stream()
                .filter(one -> one.ecn().filter(on -> !on).isPresent())
                .map(one -> new Symptom(
                        "congestion notification of priority 3 is off on " + one.name(),
                        "echo 1 > /sys/class/net/%1$s/ecn/roce_np/enable/3 && echo 1 > /sys/class/net/%1$s/ecn/roce_rp/enable/3"
                                .formatted(one.name())))
                .toList();
    }

    /** The interfaces under RDMA devices in hardware. */
    private static Stream<Netdev> adapters(NodeFacts facts) {
        return facts.devices().stream()
                .filter(one -> !one.software())
                .flatMap(one -> facts.netdev(one.device().netdev()).stream());
    }
}
