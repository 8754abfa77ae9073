package dev.scc.cluster.verify;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.verify.Pair;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has the members of a cluster probe their VPC: each its neighbours in a ring, all at a time, and if something fails there some
 * others, so that a node is told from a path. Members that cannot probe are left to their neighbours. Of one use. Not thread-safe.
 */
public final class VpcRing {
    private final Roster roster;
    private final Asker asker;
    private final Map<Way, PathOutcome> said = new HashMap<>();
    private final Set<NodeName> unable = new HashSet<>();

    /** From one member to another. */
    public record Way(NodeName from, NodeName to) {}

    /** Asks members to probe. */
    @FunctionalInterface
    public interface Asker {
        /** @param others whom each of them is to probe */
        Answers ask(Map<NodeName, List<NodeName>> others) throws InterruptedException;
    }

    /**
     * What they said.
     *
     * @param unable those that cannot probe at all
     */
    public record Answers(Map<Way, PathOutcome> said, Set<NodeName> unable) {
        public Answers {
            said = Map.copyOf(said);
            unable = Set.copyOf(unable);
        }
    }

    public VpcRing(Roster roster, Asker asker) {
        this.roster = roster;
        this.asker = asker;
    }

    /** Returns when all have answered or failed: after a round trip if all is well, else after some seconds. */
    public VpcVerdict probe() throws InterruptedException {
        List<NodeName> members = roster.members().stream().map(Member::node).toList();
        Set<Pair> pairs = new LinkedHashSet<>(RingPlan.ring(members));
        ask(pairs);
        VpcVerdict ring = VpcVerdict.of(paths(pairs));
        if (ring.ok()) {
            return ring;
        }
        List<Pair> further = RingPlan.further(
                members, pairs, ring.failed().stream().map(VpcPath::pair).toList());
        ask(further);
        pairs.addAll(further);
        return VpcVerdict.of(paths(pairs));
    }

    /** Without those of which neither end can probe. */
    private List<VpcPath> paths(Collection<Pair> pairs) {
        return pairs.stream()
                .filter(pair -> !unable.contains(pair.active()) || !unable.contains(pair.passive()))
                .map(pair -> new VpcPath(
                        roster.vpc().encrypted(),
                        end(pair.active(), pair.passive()),
                        end(pair.passive(), pair.active())))
                .toList();
    }

    private VpcPath.End end(NodeName node, NodeName other) {
        return new VpcPath.End(
                node,
                roster.member(node).underlay(),
                Optional.ofNullable(said.get(new Way(node, other)))
                        .orElseGet(() -> new PathOutcome.NotTried("node " + node + " has said nothing")));
    }

    private void ask(Collection<Pair> pairs) throws InterruptedException {
        Map<NodeName, List<NodeName>> others = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            others.computeIfAbsent(pair.active(), _ -> new ArrayList<>()).add(pair.passive());
            others.computeIfAbsent(pair.passive(), _ -> new ArrayList<>()).add(pair.active());
        }
        Answers answers = asker.ask(others);
        said.putAll(answers.said());
        unable.addAll(answers.unable());
    }
}
