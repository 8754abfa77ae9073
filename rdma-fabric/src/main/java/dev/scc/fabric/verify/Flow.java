package dev.scc.fabric.verify;

import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One node that writes to another's memory as fast as it can. */
public record Flow(NodeName from, NodeName to) {
    public Flow {
        if (from.equals(to)) {
            throw new IllegalArgumentException("node " + from + " has a flow to itself");
        }
    }

    /**
     * The flows of these nodes, round by round; those of a round are there at the same time. In a round every node sends at most
     * one.
     *
     * @param members all different; fewer than two have no flows
     */
    public static List<List<Flow>> rounds(List<NodeName> members, Load load) {
        int all = members.size();
        if (all < 2) {
            return List.of();
        }
        return switch (load) {
            case NONE -> List.of();
            case PAIRS ->
                Schedule.of(members, Pattern.FULL).rounds().stream()
                        .map(round -> round.stream()
                                .map(pair -> new Flow(pair.active(), pair.passive()))
                                .toList())
                        .toList();
            case RING ->
                List.of(IntStream.range(0, all)
                        .mapToObj(one -> new Flow(members.get(one), members.get((one + 1) % all)))
                        .toList());
            case BISECTION ->
                List.of(IntStream.range(0, all / 2)
                        .mapToObj(one -> new Flow(members.get(one), members.get(one + all / 2)))
                        .toList());
            case INCAST -> {
                List<List<Flow>> rounds = new ArrayList<>();
                for (NodeName target : members) {
                    rounds.add(members.stream()
                            .filter(member -> !member.equals(target))
                            .map(member -> new Flow(member, target))
                            .toList());
                }
                yield List.copyOf(rounds);
            }
        };
    }
}
