package dev.scc.vpc;

import java.util.List;

/**
 * A security group: rules that say what the ENIs in it may begin, and what may be begun with them. All else is dropped.
 *
 * @param rules in the order in which they were added; the first has number 1
 */
public record SecurityGroup(GroupName name, List<GroupRule> rules) {
    public SecurityGroup {
        rules = List.copyOf(rules);
    }
}
