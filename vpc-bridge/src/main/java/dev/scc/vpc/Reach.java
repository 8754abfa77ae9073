package dev.scc.vpc;

import dev.scc.host.Ip;
import dev.scc.vpc.GroupRule.Direction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether one address of a VPC may begin something with another, by the rules of their security groups alone: what
 * {@link EniFilter} has their nodes do. Pure.
 *
 * @param direction in which it was decided: out of the sender, or into the receiver
 * @param decider the rule that decides; empty if there is no such rule, or nobody asks for one
 * @param why as a sentence
 */
public record Reach(boolean allowed, Direction direction, Optional<Decider> decider, String why) {

    /**
     * One end.
     *
     * @param name as people call it
     * @param groups that it is in; empty if it lets everything through
     */
    public record End(String name, Ip address, List<SecurityGroup> groups) {
        public End {
            groups = List.copyOf(groups);
        }

        private String groupNames() {
            return groups.stream().map(group -> group.name().value()).collect(Collectors.joining(", "));
        }
    }

    /** @param number of the rule in its group, from 1 */
    public record Decider(GroupName group, int number, GroupRule rule) {
        /** Such as {@code rule 2 of web, in tcp/80 10.5.0.0/24}. */
        public String words() {
            return "rule " + number + " of " + group + ", " + rule;
        }
    }

    /**
     * Whether {@code from} may begin that with {@code to}.
     *
     * @param members addresses of the ENIs in each group
     */
    public static Reach of(End from, End to, Traffic what, Map<GroupName, Set<Ip>> members) {
        Optional<Decider> out = decider(from, Direction.OUT, what, to.address(), members);
        if (!from.groups().isEmpty() && out.isEmpty()) {
            return new Reach(
                    false, Direction.OUT, Optional.empty(), noRule(from, Direction.OUT, what.toString(), to.address()));
        }
        Optional<Decider> in = decider(to, Direction.IN, what, from.address(), members);
        if (!to.groups().isEmpty() && in.isEmpty()) {
            return new Reach(
                    false, Direction.IN, Optional.empty(), noRule(to, Direction.IN, what.toString(), from.address()));
        }
        if (in.isPresent()) {
            return new Reach(true, Direction.IN, in, "allowed by " + in.get().words());
        }
        String open = to.name() + " is in no group, and lets in everybody of the VPC whom its node knows";
        return new Reach(
                true,
                out.isPresent() ? Direction.OUT : Direction.IN,
                out,
                out.map(rule -> "allowed by " + rule.words() + "; " + open).orElse(open));
    }

    /**
     * That its groups do not let it pass, as a sentence.
     *
     * @param what such as {@code tcp/22}
     */
    public static String noRule(End end, Direction way, String what, Ip other) {
        return "no rule of " + end.groupNames() + ", which " + end.name() + " is in, lets " + what + " "
                + (way == Direction.OUT ? "out to " : "in from ") + other;
    }

    /** The rule that lets it pass there; empty if there is none, or the end is in no group. */
    public static Optional<Decider> decider(
            End end, Direction way, Traffic what, Ip other, Map<GroupName, Set<Ip>> members) {
        for (SecurityGroup group : end.groups()) {
            for (int index = 0; index < group.rules().size(); index++) {
                GroupRule rule = group.rules().get(index);
                if (rule.allows(way, what, other, members)) {
                    return Optional.of(new Decider(group.name(), index + 1, rule));
                }
            }
        }
        return Optional.empty();
    }
}
