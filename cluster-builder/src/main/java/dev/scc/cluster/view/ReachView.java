package dev.scc.cluster.view;

/**
 * Whether one end may begin something with another, and what decides that.
 *
 * @param from such as {@code eni-5f0c12ab (172.20.0.3 on n5)}
 * @param what such as {@code tcp/22}
 * @param vpc that both are in; empty if there is none
 * @param direction {@code out} of the first, or {@code in} to the second: where it is decided
 * @param rule that allows it, such as {@code in tcp/22 10.5.0.0/16}; empty if none does, or none is needed
 * @param number of the rule in its group, from 1; 0 if there is no rule
 * @param group of the rule; if no rule allows it, the groups that lack one
 * @param owner of the group, such as {@code user:ada}; empty if that is not known
 * @param why as a sentence
 */
public record ReachView(
        String from,
        String to,
        String what,
        String vpc,
        boolean allowed,
        String direction,
        String rule,
        int number,
        String group,
        String owner,
        String why)
        implements PoolView {}
