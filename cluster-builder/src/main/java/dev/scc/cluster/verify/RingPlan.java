package dev.scc.cluster.verify;

import dev.scc.fabric.verify.Pair;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which members of a VPC probe each other. Pure. */
final class RingPlan {
    /** With so many that pass with somebody, whoever fails in the ring is tried. */
    static final int WITNESSES = 3;

    /** More that fail are not tried further: it is no single node then. */
    static final int DOUBTFUL = 16;

    private RingPlan() {}

    /** Each with the next, and the last with the first. */
    static List<Pair> ring(List<NodeName> members) {
        List<Pair> pairs = new ArrayList<>();
        // Of two the way back is the same.
        int ends = members.size() == 2 ? 1 : members.size();
        for (int i = 0; i < ends && members.size() > 1; i++) {
            pairs.add(new Pair(members.get(i), members.get((i + 1) % members.size())));
        }
        return pairs;
    }

    /**
     * What tells a bad node from a bad path: those that have failed in the ring, each with some that have passed there; those that
     * have failed nowhere are asked first.
     *
     * @param probed all pairs of the ring
     * @param failed those of them that failed
     */
    static List<Pair> further(List<NodeName> members, Collection<Pair> probed, Collection<Pair> failed) {
        Set<NodeName> doubtful = new LinkedHashSet<>();
        failed.forEach(pair -> doubtful.addAll(List.of(pair.active(), pair.passive())));
        Set<NodeName> passed = new LinkedHashSet<>();
        probed.stream()
                .filter(pair -> !failed.contains(pair))
                .forEach(pair -> passed.addAll(List.of(pair.active(), pair.passive())));
        List<NodeName> well =
                members.stream().filter(member -> !doubtful.contains(member)).toList();
        List<NodeName> fair = members.stream()
                .filter(member -> doubtful.contains(member) && passed.contains(member))
                .toList();
        Set<Set<NodeName>> known = new HashSet<>();
        probed.forEach(pair -> known.add(Set.of(pair.active(), pair.passive())));
        List<Pair> pairs = new ArrayList<>();
        int turn = 0;
        for (NodeName node : doubtful.stream().limit(DOUBTFUL).toList()) {
            for (NodeName witness : witnesses(node, well, fair, turn)) {
                if (known.add(Set.of(node, witness))) {
                    pairs.add(new Pair(node, witness));
                }
            }
            turn++;
        }
        return pairs;
    }

    /** Not the same for all: each member is asked by few. */
    private static List<NodeName> witnesses(NodeName node, List<NodeName> well, List<NodeName> fair, int turn) {
        return Stream.of(well, fair)
                .flatMap(some -> IntStream.range(0, some.size()).mapToObj(i -> some.get((turn + i) % some.size())))
                .filter(witness -> !witness.equals(node))
                .limit(WITNESSES)
                .toList();
    }
}
