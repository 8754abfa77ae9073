package dev.scc.fabric.verify;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Who probes whom, round by round. In a round every node has at most one partner. It follows from the members' order
 * alone, so every node works it out for itself.
 *
 * <p>Rounds come from the circle method for round-robin tournaments: one seat is fixed, the others move on by one each
 * round. With an odd number of members one seat is empty, and its partner rests.
 */
public record Schedule(List<List<Pair>> rounds) {
    public Schedule {
        rounds = rounds.stream().map(List::copyOf).toList();
        for (List<Pair> round : rounds) {
            HashSet<NodeName> busy = new HashSet<>();
            for (Pair pair : round) {
                if (!busy.add(pair.active()) || !busy.add(pair.passive())) {
                    throw new IllegalArgumentException("a node has two partners in the round " + round);
                }
            }
        }
    }

    /**
     * The schedule of these nodes.
     *
     * <ul>
     *   <li>FULL: every pair exactly once, in N-1 rounds (N if N is odd).
     *   <li>QUICK: about log2 N of those rounds. Two neighbouring rounds together are one path or cycle through all
     *       nodes, so the probed pairs connect all of them; the further rounds are 2^k-1, at growing distances.
     *   <li>OFF: no rounds.
     * </ul>
     *
     * @param members all different
     */
    public static Schedule of(List<NodeName> members, Pattern pattern) {
        if (new HashSet<>(members).size() != members.size()) {
            throw new IllegalArgumentException("a node is listed twice in " + members);
        }
        return new Schedule(chosen(members.size(), pattern)
                .mapToObj(round -> round(members, round))
                .toList());
    }

    /**
     * How many rounds the schedule of so many nodes has.
     *
     * @param members from 0
     */
    public static int rounds(int members, Pattern pattern) {
        return (int) chosen(members, pattern).count();
    }

    private static IntStream chosen(int members, Pattern pattern) {
        if (members < 2) {
            return IntStream.empty();
        }
        return switch (pattern) {
            case OFF -> IntStream.empty();
            case FULL -> IntStream.range(0, circle(members));
            case QUICK -> quick(members);
        };
    }

    /** ceil(log2 N) rounds; of 3 nodes all 3, for in 2 of them a bad node could not be told from a bad link. */
    private static IntStream quick(int members) {
        int rounds = Integer.SIZE - Integer.numberOfLeadingZeros(members - 1);
        return members == 3 ? IntStream.range(0, 3) : IntStream.range(0, rounds).map(k -> (1 << k) - 1);
    }

    /** How many seats move, which is how many rounds there are. */
    private static int circle(int members) {
        return members % 2 == 0 ? members - 1 : members;
    }

    private static List<Pair> round(List<NodeName> members, int round) {
        int circle = circle(members.size());
        List<Pair> pairs = new ArrayList<>();
        int opposite = Math.floorMod(round, circle);
        if (members.size() > circle) {
            pairs.add(pair(members, circle, opposite));
        }
        for (int distance = 1; distance <= circle / 2; distance++) {
            pairs.add(pair(
                    members, Math.floorMod(opposite + distance, circle), Math.floorMod(opposite - distance, circle)));
        }
        return pairs;
    }

    /** The sides are dealt so that every node is about as often active as passive. */
    private static Pair pair(List<NodeName> members, int one, int other) {
        int low = Math.min(one, other);
        int high = Math.max(one, other);
        return (low + high) % 2 == 1
                ? new Pair(members.get(low), members.get(high))
                : new Pair(members.get(high), members.get(low));
    }

    /** What the node does in this round, counted from 0; empty if it rests. */
    public Optional<Pair> of(NodeName node, int round) {
        return rounds.get(round).stream().filter(pair -> pair.has(node)).findFirst();
    }

    public List<Pair> pairs() {
        return rounds.stream().flatMap(List::stream).toList();
    }
}
