package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.SecurityGroup;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Optional;

/**
 * A security group of a VPC that lives by itself. Who is in it stands with the addresses of each ENI: see {@link Holding}.
 *
 * @param owner who asked for it; empty if that was not proven
 * @param since when it was made, in milliseconds since 1970
 */
public record GroupRecord(GroupName name, VpcName vpc, List<GroupRule> rules, Optional<Principal> owner, long since) {
    /** Rules that one group has at most. */
    public static final int MOST_RULES = 100;

    /** Groups that one ENI is in at most. */
    public static final int MOST_OF_ENI = 8;

    /** Groups that one VPC has at most. */
    public static final int MOST_OF_VPC = 250;

    public GroupRecord {
        rules = List.copyOf(rules);
        if (rules.size() > MOST_RULES) {
            throw new IllegalArgumentException(
                    "group " + name + " would have " + rules.size() + " rules, and may have " + MOST_RULES);
        }
    }

    /** The same with other rules. */
    public GroupRecord with(List<GroupRule> next) {
        return new GroupRecord(name, vpc, next, owner, since);
    }

    /** What nodes need to know of it. */
    public SecurityGroup group() {
        return new SecurityGroup(name, rules);
    }
}
