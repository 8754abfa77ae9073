package dev.scc.simulation;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.verify.VpcRing;
import dev.scc.cluster.verify.VpcVerdict;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Probes in VPCs. Who probes whom, and what follows from it, is the real thing; what passes is read from the machines. */
final class SimPaths {
    private static final int MTU = 1450;

    private final Simulation sim;
    private final Roster roster;
    private final Map<NodeName, String> failed;

    private SimPaths(Simulation sim, Roster roster, Map<NodeName, String> failed) {
        this.sim = sim;
        this.roster = roster;
        this.failed = failed;
    }

    /** @param failed members whose agents do not take part, with the reason */
    static VpcVerdict of(Simulation sim, Roster roster, Map<NodeName, String> failed) {
        SimPaths paths = new SimPaths(sim, roster, failed);
        try {
            VpcVerdict verdict = new VpcRing(roster, paths::ask).probe();
            Roles.require(
                    !verdict.ok() || paths.sound(),
                    "P3",
                    () -> "the VPC of " + roster.cluster()
                            + " is said to be well, and neighbours do not reach each other");
            return verdict;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether each member reaches the next, or is reached by it. */
    private boolean sound() {
        List<Member> members = roster.members();
        for (int i = 0; i < members.size() && members.size() > 1; i++) {
            NodeName one = members.get(i).node();
            NodeName next = members.get((i + 1) % members.size()).node();
            if (Stream.of(outcome(one, next), outcome(next, one)).noneMatch(PathOutcome.Passed.class::isInstance)) {
                return false;
            }
        }
        return true;
    }

    private VpcRing.Answers ask(Map<NodeName, List<NodeName>> others) {
        Map<VpcRing.Way, PathOutcome> said =
                new TreeMap<>(Comparator.comparing(VpcRing.Way::from).thenComparing(VpcRing.Way::to));
        others.forEach(
                (node, all) -> all.forEach(other -> said.put(new VpcRing.Way(node, other), outcome(node, other))));
        return new VpcRing.Answers(said, Set.of());
    }

    private PathOutcome outcome(NodeName from, NodeName to) {
        String why = failed.get(from);
        if (why != null) {
            return new PathOutcome.NotTried(why);
        }
        Hardware here = at(from);
        Hardware there = at(to);
        if (!has(here, from)) {
            return new PathOutcome.Unable("eni0 is not there");
        }
        if (!has(there, to) || here.walled || there.walled) {
            return new PathOutcome.Silent(false);
        }
        int passes = Math.min(here.narrow.orElse(MTU), there.narrow.orElse(MTU));
        return passes < MTU ? new PathOutcome.Narrow(MTU, passes) : new PathOutcome.Passed(MTU);
    }

    private Hardware at(NodeName node) {
        return sim.at(roster.member(node).agent());
    }

    private boolean has(Hardware machine, NodeName node) {
        Ipv4 address = roster.member(node).vpcAddress();
        return machine.enis().getOrDefault("eni0", Set.of()).contains(address);
    }
}
