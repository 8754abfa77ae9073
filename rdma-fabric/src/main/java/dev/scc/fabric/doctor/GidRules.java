package dev.scc.fabric.doctor;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.doctor.NodeFacts.Device;
import dev.scc.fabric.doctor.NodeFacts.Segment;
import dev.scc.fabric.doctor.Rule.Symptom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Rules about ports and the addresses that devices answer to. */
final class GidRules {
    private static final String V2 = "RoCE v2";

    static final List<Rule> ALL = List.of(
            Rule.error("port-down", GidRules::down),
            Rule.error("infiniband", GidRules::infiniband),
            Rule.error("gid-missing", GidRules::missing),
            Rule.error("gid-type", GidRules::type),
            Rule.warning("gid-zero", GidRules::zero),
            Rule.warning("gid-renumbered", GidRules::renumbered),
            Rule.warning("gid-namespace", GidRules::foreign),
            Rule.warning("netns-mode", GidRules::namespaces));

    private GidRules() {}

    private static List<Symptom> down(NodeFacts facts) {
        return facts.devices().stream()
                .filter(one -> !one.device().active())
                .map(one -> new Symptom(
                        "port 1 of " + one.name() + " is " + one.device().portState(),
                        "ip link set dev " + one.device().netdev() + " up"))
                .toList();
    }

    private static List<Symptom> infiniband(NodeFacts facts) {
        return facts.devices().stream()
                .filter(one -> one.linkLayer().equals("InfiniBand"))
                .map(one -> new Symptom(
                        one.name() + " is an InfiniBand port; segments are VLANs, so scc needs RoCE",
                        "mlxconfig -d " + one.name() + " set LINK_TYPE_P1=2"))
                .toList();
    }

    private static List<Symptom> missing(NodeFacts facts) {
        return of(
                facts,
                (segment, device) -> own(segment, device).findAny().isPresent()
                        ? Optional.empty()
                        : Optional.of(new Symptom(
                                "%s has no GID for %s on %s"
                                        .formatted(device.name(), segment.address(), segment.link()),
                                "ip address replace %s dev %s".formatted(segment.address(), segment.link()))));
    }

    private static List<Symptom> type(NodeFacts facts) {
        return of(
                facts,
                (segment, device) -> own(segment, device).findAny().isEmpty()
                                || own(segment, device)
                                        .anyMatch(gid -> gid.type().equals(V2))
                        ? Optional.empty()
                        : Optional.of(new Symptom(
                                "%s answers to %s as %s only, which no router forwards"
                                        .formatted(
                                                device.name(),
                                                segment.address(),
                                                own(segment, device)
                                                        .findFirst()
                                                        .map(GidEntry::type)
                                                        .orElse("")),
                                "mkdir -p /sys/kernel/config/rdma_cm/%1$s && echo '%2$s' > /sys/kernel/config/rdma_cm/%1$s/ports/1/default_roce_mode"
                                        .formatted(device.name(), V2))));
    }

    private static List<Symptom> zero(NodeFacts facts) {
        return facts.devices().stream()
                .filter(one -> one.device().active()
                        && one.device().gids().stream()
                                .noneMatch(gid -> gid.type().equals(V2)))
                .map(one -> new Symptom(
                        one.name() + " has no RoCE v2 GID at all: its interface "
                                + one.device().netdev() + " has no address",
                        "ip link set dev " + one.device().netdev() + " addrgenmode eui64"))
                .toList();
    }

    private static List<Symptom> renumbered(NodeFacts facts) {
        return of(
                facts,
                (segment, device) -> segment.gidIndex()
                        .filter(noted -> own(segment, device).findAny().isPresent()
                                && own(segment, device).noneMatch(gid -> gid.index() == noted))
                        .map(noted -> new Symptom(
                                "the GID of %s was noted at index %d of %s and is at %d now"
                                        .formatted(
                                                segment.address(),
                                                noted,
                                                device.name(),
                                                own(segment, device)
                                                        .findFirst()
                                                        .map(GidEntry::index)
                                                        .orElse(-1)),
                                "scc verify " + segment.cluster())));
    }

    private static List<Symptom> foreign(NodeFacts facts) {
        return facts.devices().stream()
                .flatMap(one -> one.device().gids().stream()
                        .filter(gid -> facts.netdev(gid.netdev()).isEmpty())
                        .limit(1)
                        .map(gid -> new Symptom(
                                "GID %d of %s belongs to %s, which is in another network namespace"
                                        .formatted(
                                                gid.index(),
                                                one.name(),
                                                gid.netdev().isEmpty() ? "an interface" : gid.netdev()),
                                "# find it: for n in $(ip netns list | cut -d' ' -f1); do ip -n $n -br address; done")))
                .toList();
    }

    private static List<Symptom> namespaces(NodeFacts facts) {
        return facts.host().netnsShared().filter(shared -> !shared).isPresent()
                        && !facts.devices().isEmpty()
                ? List.of(new Symptom(
                        "RDMA devices are seen in one network namespace only", "rdma system set netns shared"))
                : List.of();
    }

    /** The GIDs of the segment's address on its link. */
    private static Stream<GidEntry> own(Segment segment, Device device) {
        String gid = mapped(segment.address());
        return device.device().gids().stream()
                .filter(one -> one.netdev().equals(segment.link()) && one.gid().equals(gid));
    }

    /** An IPv4 address as the GID that RoCE makes of it. */
    private static String mapped(String address) {
        String[] bytes = address.substring(0, address.indexOf('/')).split("\\.", -1);
        return "0000:0000:0000:0000:0000:ffff:%02x%02x:%02x%02x"
                .formatted(
                        Integer.parseInt(bytes[0]),
                        Integer.parseInt(bytes[1]),
                        Integer.parseInt(bytes[2]),
                        Integer.parseInt(bytes[3]));
    }

    @FunctionalInterface
    private interface OfSegment {
        Optional<Symptom> symptom(Segment segment, Device device);
    }

    private static List<Symptom> of(NodeFacts facts, OfSegment rule) {
        return facts
                .segment()
                .flatMap(segment -> facts.device(segment.device()).flatMap(device -> rule.symptom(segment, device)))
                .stream()
                .toList();
    }
}
