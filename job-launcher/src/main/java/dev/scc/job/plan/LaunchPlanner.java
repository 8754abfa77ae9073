package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.host.NodeName;
import dev.scc.job.JobLimits;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiFamily;
import dev.scc.job.Refusal;
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
     * <p>What is more than {@link JobLimits} allow is refused.
     *
     * <p>On several nodes the transport is RDMA; TCP only if the job allows it, because a job that silently fell back to TCP
     * would look healthy and be slow. Debian's MPICH reaches RDMA through UCX alone, and UCX has no usable transport on
     * software RDMA devices, so there it needs that permission.
     *
     * @param family what {@link JobSpec#argv} is linked with, or what the caller says it is
     */
    public static Planned plan(Roster roster, JobSpec spec, MpiFamily family) {
        Optional<String> tooMuch = tooMuch(roster, spec);
        if (tooMuch.isPresent()) {
            return new Planned.Refused(new Refusal.TooMuch(tooMuch.get()));
        }
        Optional<NodeName> only = spec.found().only();
        if (only.isPresent() && members(roster, spec).isEmpty()) {
            return new Planned.Refused(
                    new Refusal.NodeUnable(only.get(), "it is no member of cluster " + roster.cluster()));
        }
        List<Placement> placements = place(members(roster, spec), (int) wanted(roster, spec), spec.perNode());
        if (family == MpiFamily.NONE || placements.size() == 1) {
            return new Planned.Accepted(new LaunchPlan(family, Transport.NONE, placements));
        }
        if (spec.allowTcp()) {
            return new Planned.Accepted(new LaunchPlan(family, Transport.TCP, placements));
        }
        return noRdma(placements, family)
                .<Planned>map(why -> new Planned.Refused(new Refusal.NoRdma(why)))
                .orElseGet(() -> new Planned.Accepted(new LaunchPlan(family, Transport.RDMA, placements)));
    }

    /** The nodes that will have ranks if the job is not refused. */
    public static List<Member> nodes(Roster roster, JobSpec spec) {
        if (tooMuch(roster, spec).isPresent()) {
            return List.of();
        }
        return place(members(roster, spec), (int) wanted(roster, spec), spec.perNode()).stream()
                .map(Placement::member)
                .toList();
    }

    /** Those that may have ranks. */
    private static List<Member> members(Roster roster, JobSpec spec) {
        return roster.members().stream()
                .filter(member -> spec.found().only().map(member.node()::equals).orElse(true))
                .toList();
    }

    private static long wanted(Roster roster, JobSpec spec) {
        return spec.ranks()
                .map(Integer::longValue)
                .orElse(members(roster, spec).size() * (long) spec.perNode().orElse(1));
    }

    private static Optional<String> tooMuch(Roster roster, JobSpec spec) {
        int nodes = Math.max(1, members(roster, spec).size());
        long ranks = wanted(roster, spec);
        if (ranks > JobLimits.RANKS) {
            return Optional.of(ranks + " ranks are more than a job may have, which is " + JobLimits.RANKS);
        }
        if (spec.perNode().isPresent() && ranks > (long) nodes * spec.perNode().get()) {
            return Optional.of("-n " + ranks + " does not fit: " + roster.cluster() + " has " + nodes
                    + " nodes, and --per-node " + spec.perNode().get() + " allows "
                    + (long) nodes * spec.perNode().get() + " ranks; ask for fewer ranks or more per node");
        }
        long most = spec.perNode().map(count -> Math.min(count, ranks)).orElse((ranks + nodes - 1) / nodes);
        return most > JobLimits.RANKS_OF_A_NODE
                ? Optional.of(most + " ranks on a node are more than it may have, which is " + JobLimits.RANKS_OF_A_NODE
                        + " of all jobs together")
                : Optional.empty();
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
