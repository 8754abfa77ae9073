package dev.scc.cluster.view;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.World;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One security group.
 *
 * @param owner such as {@code user:ada}; empty if that is not known
 * @param enis that are in it
 */
public record GroupView(String group, String vpc, String owner, List<Rule> rules, List<String> enis)
        implements PoolView {
    public GroupView {
        rules = List.copyOf(rules);
        enis = List.copyOf(enis);
    }

    /**
     * A rule.
     *
     * @param rule its number, from 1
     * @param direction {@code in} or {@code out}
     * @param traffic such as {@code tcp/22}
     * @param peer a network, or {@code sg:NAME}
     */
    public record Rule(int rule, String direction, String traffic, String peer) {
        static Rule of(int number, GroupRule rule) {
            return new Rule(
                    number,
                    rule.direction().word(),
                    rule.traffic().toString(),
                    rule.peer().toString());
        }
    }

    static GroupView of(World world, GroupRecord group) {
        return new GroupView(
                group.name().value(),
                group.vpc().value(),
                group.owner().map(Principal::toString).orElse(""),
                IntStream.range(0, group.rules().size())
                        .mapToObj(index -> Rule.of(index + 1, group.rules().get(index)))
                        .toList(),
                enis(world, group, group.vpc()));
    }

    private static List<String> enis(World world, GroupRecord group, VpcName vpc) {
        return Optional.ofNullable(world.vpcs().get(vpc)).stream()
                .flatMap(known -> known.holdings().entrySet().stream())
                .filter(held -> held.getValue().value().groups().contains(group.name()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
