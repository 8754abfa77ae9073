package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiFamily;
import dev.scc.job.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides where the ranks of a job go and what they talk over, or why the job is not started. */
public final class LaunchPlanner {
    private LaunchPlanner() {}

    /**
     * Plans. Ranks are placed in blocks, in the roster's order: {@code perNode} on each node until all are placed, or, where
     * that is not given, spread evenly over all nodes (the first nodes get one more where it does not divide).
     *
     * <p>On several nodes the transport is RDMA; TCP only if the job allows it, because a job that silently fell back to TCP
     * would look healthy and be slow. Debian's MPICH reaches RDMA through UCX alone, and UCX has no usable transport on
     * software RDMA devices, so there it needs that permission.
     *
     * @param family what {@link JobSpec#argv} is linked with, or what the caller says it is
     */
    public static Planned plan(Roster roster, JobSpec spec, MpiFamily family) {
        int nodes = roster.members().size();
        int ranks = spec.ranks().orElse(nodes * spec.perNode().orElse(1));
        if (spec.perNode().isPresent() && ranks > (long) nodes * spec.perNode().get()) {
            return new Planned.Refused(
                    JobOutcome.USAGE,
                    "-n " + ranks + " does not fit: " + roster.cluster() + " has " + nodes + " nodes, and --per-node "
                            + spec.perNode().get() + " allows "
                            + (long) nodes * spec.perNode().get()
                            + " ranks; ask for fewer ranks or more per node");
        }
        List<Placement> placements = place(roster.members(), ranks, spec.perNode());
        if (family == MpiFamily.NONE || placements.size() == 1) {
            return new Planned.Accepted(new LaunchPlan(family, Transport.NONE, placements));
        }
        if (spec.allowTcp()) {
            return new Planned.Accepted(new LaunchPlan(family, Transport.TCP, placements));
        }
        return noRdma(placements, family)
                .<Planned>map(why -> new Planned.Refused(
                        JobOutcome.REFUSED, why + "; run it with --allow-tcp, or build it with an MPI that can"))
                .orElseGet(() -> new Planned.Accepted(new LaunchPlan(family, Transport.RDMA, placements)));
    }

    /** The nodes that will have ranks if the job is not refused. */
    public static List<Member> nodes(Roster roster, JobSpec spec) {
        int ranks = spec.ranks().orElse(roster.members().size() * spec.perNode().orElse(1));
        return place(roster.members(), ranks, spec.perNode()).stream()
                .map(Placement::member)
                .toList();
    }

    private static List<Placement> place(List<Member> members, int ranks, Optional<Integer> perNode) {
        List<Placement> placements = new ArrayList<>();
        int placed = 0;
        for (int i = 0; i < members.size() && placed < ranks; i++) {
            int even = ranks / members.size() + (i < ranks % members.size() ? 1 : 0);
            int count = Math.min(perNode.orElse(even), ranks - placed);
            placements.add(new Placement(members.get(i), placed, count));
            placed += count;
        }
        return placements;
    }

    private static Optional<String> noRdma(List<Placement> placements, MpiFamily family) {
        for (Placement placement : placements) {
            Member member = placement.member();
            if (member.rdmaDevice().isEmpty()) {
                return Optional.of("the job would not use RDMA: " + member.node() + " has no RDMA device");
            }
            if (family == MpiFamily.MPICH && software(member.rdmaDevice())) {
                return Optional.of("the job would not use RDMA: this command is linked with MPICH, whose UCX has no "
                        + "usable transport on the software RDMA device " + member.rdmaDevice() + " of "
                        + member.node());
            }
        }
        return Optional.empty();
    }

    private static boolean software(String device) {
        return device.startsWith("rxe") || device.startsWith("siw");
    }
}
