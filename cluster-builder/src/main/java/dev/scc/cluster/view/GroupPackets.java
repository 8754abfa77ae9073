package dev.scc.cluster.view;

import dev.scc.host.NodeName;
import java.util.List;

/**
 * What packets have done at the filters of a security group's ENIs, summed over their nodes.
 *
 * @param rules what they let through, in the order of the group; empty if that was not asked
 * @param dropped by cause
 * @param latest packets that were dropped, the latest first; empty if that was not asked
 * @param more whether there may be later ones than the earliest of these that are not among them
 * @param unread nodes whose filters could not be asked, so their packets are in none of the sums
 */
public record GroupPackets(
        String group,
        String vpc,
        List<Rule> rules,
        List<Cause> dropped,
        List<Drop> latest,
        boolean more,
        List<Unread> unread)
        implements PoolView {
    public GroupPackets {
        rules = List.copyOf(rules);
        dropped = List.copyOf(dropped);
        latest = List.copyOf(latest);
        unread = List.copyOf(unread);
    }

    /**
     * What a rule has let through.
     *
     * @param rule its number, from 1
     * @param direction {@code in} or {@code out}
     */
    public record Rule(int rule, String direction, String traffic, String peer, long packets, long bytes) {}

    /**
     * What was dropped for one cause.
     *
     * @param cause such as {@code no-rule-in} or {@code forged}
     * @param direction {@code in} or {@code out}
     * @param why as a sentence
     */
    public record Cause(String cause, String direction, String why, long packets, long bytes) {}

    /**
     * Packets that were dropped, and have all of this in common.
     *
     * @param at when the last of them was, by its node's clock, such as {@code 2026-11-29T16:58:25.123Z}
     * @param groups all that the ENI is in
     * @param what such as {@code tcp/22}; of other protocols than TCP, UDP and ICMP their number
     * @param fromPort 0 where there are no ports
     * @param toPort 0 where there are no ports
     * @param packets of them, since five minutes without one
     * @param why as a sentence, in the words of {@code scc vpc explain}
     */
    public record Drop(
            String at,
            NodeName node,
            String eni,
            List<String> groups,
            String cause,
            String direction,
            String from,
            int fromPort,
            String to,
            int toPort,
            String what,
            long packets,
            long bytes,
            String why) {
        public Drop {
            groups = List.copyOf(groups);
        }
    }

    /** A node that could not be asked. */
    public record Unread(NodeName node, String why) {}
}
