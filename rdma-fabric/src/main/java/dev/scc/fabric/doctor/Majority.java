package dev.scc.fabric.doctor;

import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Facts in which a node differs from most of the others. It knows nothing of what they mean. */
final class Majority {
    private Majority() {}

    /** One for each fact of each node that differs from what more than half of at least three nodes have. */
    static List<Finding> misfits(List<NodeFacts> nodes, Set<String> meantToDiffer) {
        Map<String, Map<String, Integer>> votes = new TreeMap<>();
        List<Map<String, String>> all = nodes.stream().map(Majority::comparable).toList();
        all.forEach(facts -> facts.forEach((name, value) ->
                votes.computeIfAbsent(name, _ -> new HashMap<>()).merge(value, 1, Integer::sum)));
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, Map<String, Integer>> fact : votes.entrySet()) {
            int voters = fact.getValue().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            Optional<Map.Entry<String, Integer>> usual = fact.getValue().entrySet().stream()
                    .filter(value -> 2 * value.getValue() > voters)
                    .findFirst();
            if (voters < 3 || fact.getValue().size() == 1 || usual.isEmpty() || meantToDiffer.contains(fact.getKey())) {
                continue;
            }
            for (int i = 0; i < nodes.size(); i++) {
                String value = all.get(i).get(fact.getKey());
                if (value != null && !value.equals(usual.get().getKey())) {
                    findings.add(new Finding(
                            "differs",
                            Severity.WARNING,
                            nodes.get(i).node(),
                            "%s is %s; %d of %d nodes have %s"
                                    .formatted(
                                            fact.getKey(),
                                            shown(value),
                                            usual.get().getValue(),
                                            voters,
                                            shown(usual.get().getKey())),
                            fix(fact.getKey(), usual.get().getKey())));
                }
            }
        }
        return findings;
    }

    private static String shown(String value) {
        return value.isEmpty() ? "nothing" : value;
    }

    private static String fix(String name, String usual) {
        if (name.startsWith("sysctl ")) {
            return "sysctl -w " + name.substring("sysctl ".length()) + "=" + usual;
        }
        if (name.endsWith(" mtu") && name.startsWith("netdev ")) {
            return "ip link set dev " + name.split(" ", -1)[1] + " mtu " + usual;
        }
        return "# if it is meant: scc doctor --ignore '" + name + "'";
    }

    /** What should be the same on nodes that are alike. A node's own addresses are not, nor is what changes all the time. */
    static Map<String, String> comparable(NodeFacts facts) {
        Map<String, String> all = new HashMap<>();
        NodeFacts.Host host = facts.host();
        all.put("kernel", host.kernel());
        all.put("rdma-core", host.rdmaCore());
        all.put("memlock", host.memlock());
        all.put("cpu governor", host.governor());
        all.put("providers", String.join(",", host.providers()));
        all.put("modules", String.join(",", host.modules()));
        host.netnsShared().ifPresent(shared -> all.put("rdma devices in all namespaces", shared.toString()));
        host.sysctls().forEach((name, value) -> all.put("sysctl " + name, value));
        for (NodeFacts.Device one : facts.devices()) {
            String name = "device " + one.name() + " ";
            all.put(name + "provider", one.provider());
            all.put(name + "firmware", one.firmware());
            all.put(name + "mtu", Integer.toString(one.device().mtu()));
            all.put(name + "interface", one.device().netdev());
            one.abi().ifPresent(abi -> all.put(name + "abi", abi.toString()));
            // One that the site has chosen is only there while the node is in a cluster.
            one.defaultTos()
                    .filter(_ -> facts.traffic().flatMap(TrafficClass::tos).isEmpty())
                    .ifPresent(tos -> all.put(name + "type of service", tos.toString()));
            one.pci().ifPresent(pci -> {
                all.put(name + "pcie", "x" + pci.width() + " " + pci.speed());
                all.put(name + "numa", pci.numaNode());
                all.put(name + "iommu", pci.iommu());
                pci.relaxedOrdering().ifPresent(on -> all.put(name + "relaxed ordering", on.toString()));
            });
            facts.netdev(one.device().netdev())
                    .ifPresent(netdev -> all.put("netdev " + netdev.name() + " mtu", Integer.toString(netdev.mtu())));
        }
        facts.traffic().ifPresent(traffic -> all.put("class of traffic", traffic.words()));
        all.put("verbs library", facts.verbsProblem().isEmpty() ? "usable" : facts.verbsProblem());
        return Collections.unmodifiableMap(all);
    }
}
