package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.NodeName;
import dev.scc.host.Visible;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.plan.LaunchPlanner;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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
     * Says what is to be said.
     *
     * @throws Failure if RDMA does not work on a node, and the job needs that
     */
    void check(List<Finding> findings) throws Failure {
        for (Finding one : findings) {
            if (one.severity() == Finding.Severity.ERROR && needing.contains(one.node())) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        new Problem(
                                what,
                                one.node().value(),
                                one.rule(),
                                Visible.line(one.evidence()),
                                "nothing was started",
                                "mend it there: " + Visible.line(one.fix())
                                        + "; or start it all the same with --no-preflight"));
            }
            remark.accept("%s: %s: %s (mend it there: %s)"
                    .formatted(one.node(), one.rule(), Visible.line(one.evidence()), Visible.line(one.fix())));
        }
    }
}
