package dev.scc.fabric.doctor;

import dev.scc.fabric.doctor.NodeFacts.Netdev;
import dev.scc.fabric.doctor.Rule.Symptom;
import dev.scc.fabric.inventory.Nic;
import dev.scc.host.Cidr;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Rules about the interfaces under RDMA devices, and what the kernel does with packets there. */
final class NetworkRules {
    /** Some come with booting and with driver updates. */
    private static final long MANY_CHANGES = 20;

    private static final int LARGEST = 4096;

    static final List<Rule> ALL = List.of(
            Rule.info("mtu-small", NetworkRules::small),
            Rule.warning("arp-flux", NetworkRules::flux),
            Rule.warning("rp-filter", NetworkRules::reversePath),
            Rule.warning("neighbour-failed", NetworkRules::neighbours),
            Rule.error("bond-slave", NetworkRules::slave),
            Rule.error("firewall", NetworkRules::firewall),
            Rule.warning("link-flaps", NetworkRules::flaps),
            Rule.warning("loss-rising", NetworkRules::loss));

    private NetworkRules() {}

    private static List<Symptom> small(NodeFacts facts) {
        return facts.devices().stream()
                .filter(one ->
                        one.device().mtu() < LARGEST && !one.device().netdev().isEmpty())
                .map(one -> new Symptom(
                        "packets of %s carry %d bytes, and could carry %d"
                                .formatted(one.name(), one.device().mtu(), LARGEST),
                        "ip link set dev " + one.device().netdev() + " mtu 4200"))
                .toList();
    }

    /** Who has several interfaces in one subnet answers for each on any, unless it is told not to. */
    private static List<Symptom> flux(NodeFacts facts) {
        return rails(facts).entrySet().stream()
                .filter(subnet -> subnet.getValue().size() > 1
                        && subnet.getValue().stream()
                                .anyMatch(netdev -> sysctl(facts, netdev, "arp_ignore") < 1
                                        || sysctl(facts, netdev, "arp_announce") < 2))
                .map(subnet -> new Symptom(
                        "%s are all in %s, and each answers ARP for the others"
                                .formatted(String.join(", ", subnet.getValue()), subnet.getKey()),
                        "sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2"))
                .toList();
    }

    private static List<Symptom> reversePath(NodeFacts facts) {
        return rails(facts).values().stream()
                .filter(netdevs -> netdevs.size() > 1)
                .flatMap(Set::stream)
                .filter(netdev -> sysctl(facts, netdev, "rp_filter") == 1)
                .map(netdev -> new Symptom(
                        netdev + " drops what comes from a subnet that is routed through another interface",
                        "sysctl -w net.ipv4.conf.all.rp_filter=2 net.ipv4.conf." + netdev.replace('.', '/')
                                + ".rp_filter=2"))
                .toList();
    }

    private static List<Symptom> neighbours(NodeFacts facts) {
        return facts.netdevs().stream()
                .filter(one -> fabric(facts).contains(one.name())
                        && !one.deadNeighbours().isEmpty())
                .map(one -> new Symptom(
                        "no answer to ARP on %s from %s".formatted(one.name(), String.join(", ", one.deadNeighbours())),
                        "ip neigh flush dev " + one.name()))
                .toList();
    }

    private static List<Symptom> slave(NodeFacts facts) {
        return facts.devices().stream()
                .flatMap(one -> facts.netdev(one.device().netdev()).stream())
                .filter(netdev -> !netdev.bond().isEmpty())
                .filter(netdev -> facts.segment()
                        .filter(segment -> segment.link().startsWith(netdev.name() + "."))
                        .isPresent())
                .map(netdev -> new Symptom(
                        "the segment is on %s, a slave of %s: the bond may send through another one"
                                .formatted(netdev.name(), netdev.bond()),
                        "# start the agent with --rdma " + netdev.bond()))
                .toList();
    }

    /** What a device in software receives passes the node's own filter; an adapter takes it before. */
    private static List<Symptom> firewall(NodeFacts facts) {
        return facts.devices().stream().noneMatch(NodeFacts.Device::software)
                ? List.of()
                : facts.firewall().stream()
                        .map(drop -> new Symptom(
                                "rule %d of chain %s in nft table %s %s drops UDP to port %d, which is RoCE"
                                        .formatted(
                                                drop.handle(),
                                                drop.chain(),
                                                drop.family(),
                                                drop.table(),
                                                NetworkSource.ROCE_PORT),
                                "nft delete rule %s %s %s handle %d"
                                        .formatted(drop.family(), drop.table(), drop.chain(), drop.handle())))
                        .toList();
    }

    private static List<Symptom> flaps(NodeFacts facts) {
        return facts.devices().stream()
                .flatMap(one -> facts.netdev(one.device().netdev()).stream())
                .filter(one -> one.carrierChanges() > MANY_CHANGES)
                .map(one -> new Symptom(
                        "the link of " + one.name() + " has changed " + one.carrierChanges() + " times since boot",
                        "# look at cable and port: ethtool -m " + one.name()))
                .toList();
    }

    private static List<Symptom> loss(NodeFacts facts) {
        return facts.devices().stream()
                .flatMap(one -> one.risen().entrySet().stream()
                        .map(counter -> new Symptom(
                                "%s of %s rose by %d while it was looked at"
                                        .formatted(counter.getKey(), one.name(), counter.getValue()),
                                "# find the pair: scc verify CLUSTER; then ethtool -S "
                                        + one.device().netdev())))
                .toList();
    }

    /** The interfaces that carry RDMA: those under devices, and the segment's. */
    private static Set<String> fabric(NodeFacts facts) {
        Set<String> names = new LinkedHashSet<>();
        facts.devices().forEach(one -> names.add(one.device().netdev()));
        facts.segment().ifPresent(segment -> names.add(segment.link()));
        return names;
    }

    /** Interfaces under RDMA devices, by the subnets of their addresses. */
    private static Map<Cidr, Set<String>> rails(NodeFacts facts) {
        Map<Cidr, Set<String>> subnets = new HashMap<>();
        for (NodeFacts.Device device : facts.devices()) {
            facts.netdev(device.device().netdev()).map(Netdev::addresses).orElse(List.of()).stream()
                    .map(Nic::network)
                    .forEach(subnet -> subnets.computeIfAbsent(subnet, _ -> new TreeSet<>())
                            .add(device.device().netdev()));
        }
        return subnets;
    }

    /** The kernel takes the larger one of the interface's and that of all. */
    private static int sysctl(NodeFacts facts, String netdev, String name) {
        return Math.max(number(facts, "all", name), number(facts, netdev, name));
    }

    private static int number(NodeFacts facts, String of, String name) {
        String value = facts.host().sysctls().getOrDefault("net.ipv4.conf." + of + "." + name, "");
        return value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
    }
}
