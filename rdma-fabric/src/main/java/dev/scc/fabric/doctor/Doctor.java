package dev.scc.fabric.doctor;

import dev.scc.fabric.doctor.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what is wrong with nodes. Pure: all it knows are the facts that it is given. */
public final class Doctor {
    private static final List<Rule> RULES = Stream.of(GidRules.ALL, NetworkRules.ALL, ClassRules.ALL, HostRules.ALL)
            .flatMap(List::stream)
            .toList();

    private Doctor() {}

    /** Names of all rules, those that compare nodes among them. */
    public static List<String> rules() {
        return Stream.concat(RULES.stream().map(Rule::name), Stream.of("mtu-unequal", "differs"))
                .toList();
    }

    /**
     * All findings, errors first, then by node.
     *
     * @param meantToDiffer names of facts that are not compared, as findings of {@code differs} show them
     */
    public static List<Finding> examine(List<NodeFacts> nodes, Set<String> meantToDiffer) {
        List<Finding> findings = new ArrayList<>();
        nodes.forEach(facts -> RULES.forEach(rule -> findings.addAll(rule.apply(facts))));
        findings.addAll(unequalMtus(nodes));
        findings.addAll(Majority.misfits(nodes, meantToDiffer));
        findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::node));
        return findings;
    }

    /** What is sent with the larger MTU is lost at the smaller one, without a word. */
    private static List<Finding> unequalMtus(List<NodeFacts> nodes) {
        Map<String, List<NodeFacts>> clusters = nodes.stream()
                .filter(facts -> facts.segment().isPresent())
                .collect(Collectors.groupingBy(
                        facts -> facts.segment().orElseThrow().cluster()));
        List<Finding> findings = new ArrayList<>();
        for (List<NodeFacts> members : clusters.values()) {
            int largest = members.stream().mapToInt(Doctor::mtu).max().orElse(0);
            members.stream()
                    .filter(facts -> mtu(facts) > 0 && mtu(facts) < largest)
                    .map(facts -> {
                        String link = facts.segment().orElseThrow().link();
                        return new Finding(
                                "mtu-unequal",
                                Severity.ERROR,
                                facts.node(),
                                "%s has an MTU of %d, other members %d".formatted(link, mtu(facts), largest),
                                "ip link set dev %s mtu %d".formatted(link, largest));
                    })
                    .forEach(findings::add);
        }
        return findings;
    }

    private static int mtu(NodeFacts facts) {
        return facts.segment()
                .flatMap(segment -> facts.netdev(segment.link()))
                .map(NodeFacts.Netdev::mtu)
                .orElse(0);
    }
}
