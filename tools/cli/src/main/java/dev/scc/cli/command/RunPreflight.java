package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.HostList;
import dev.scc.host.NodeName;
import dev.scc.host.Visible;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.plan.LaunchPlanner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the doctor's rules say about a cluster's members before a job starts there: what agents have noted, so nobody is asked.
 *
 * @param needing nodes between which the job needs RDMA
 */
record RunPreflight(String what, Set<NodeName> needing, Consumer<String> remark) {

    /** Of a job that is known to need RDMA when it is of a family that does, and has ranks on several nodes. */
    static RunPreflight of(String what, Roster roster, JobSpec spec, Consumer<String> remark) {
        boolean needs = !spec.allowTcp() && spec.mpi() != MpiChoice.NONE && spec.mpi() != MpiChoice.AUTO;
        Set<NodeName> nodes =
                LaunchPlanner.nodes(roster, spec).stream().map(Member::node).collect(Collectors.toSet());
        return new RunPreflight(what, needs && nodes.size() > 1 ? nodes : Set.of(), remark);
    }

    /**
     * Says what is to be said, a line for each rule.
     *
     * @throws Failure if RDMA does not work on a node, and the job needs that
     */
    void check(List<Finding> findings) throws Failure {
        List<Finding> against = findings.stream()
                .filter(one -> one.severity() == Finding.Severity.ERROR && needing.contains(one.node()))
                .toList();
        if (!against.isEmpty()) {
            List<Finding> first = byRule(against).getFirst();
            throw new Failure(
                    ExitStatus.REFUSED,
                    new Problem(
                            what,
                            nodes(first),
                            first.getFirst().rule(),
                            evidence(first),
                            "nothing was started",
                            "mend it there: " + fix(first) + "; or start it all the same with --no-preflight"));
        }
        byRule(findings)
                .forEach(alike -> remark.accept("%s: %s: %s (mend it there: %s)"
                        .formatted(nodes(alike), alike.getFirst().rule(), evidence(alike), fix(alike))));
    }

    /** In the order of the first of each. */
    private static List<List<Finding>> byRule(List<Finding> findings) {
        Map<String, List<Finding>> rules = new LinkedHashMap<>();
        findings.forEach(
                one -> rules.computeIfAbsent(one.rule(), _ -> new ArrayList<>()).add(one));
        return List.copyOf(rules.values());
    }

    private static String nodes(List<Finding> alike) {
        return HostList.format(new TreeSet<>(alike.stream().map(Finding::node).toList()));
    }

    private static String evidence(List<Finding> alike) {
        return said(alike, Finding::evidence);
    }

    private static String fix(List<Finding> alike) {
        return said(alike, Finding::fix);
    }

    /** What all have in common, or what is said of the first. */
    private static String said(List<Finding> alike, Function<Finding, String> what) {
        List<String> different = alike.stream().map(what).distinct().toList();
        String first = Visible.line(different.getFirst());
        return different.size() == 1
                ? first
                : "on %s %s (and %d more, see scc doctor)"
                        .formatted(alike.getFirst().node(), first, different.size() - 1);
    }
}
