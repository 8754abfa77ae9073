package dev.scc.vpc;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.net.NetObject.NftTable;
import dev.scc.vpc.GroupRule.Direction;
import dev.scc.vpc.GroupRule.Peer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an ENI with security groups lets through. Pure. An ENI with none has no filter of its own: it reaches, and is reached by,
 * everybody whom its node knows in the VPC.
 *
 * @param device name of the ENI's interface
 * @param groups of the ENI: what one of their rules allows is allowed
 * @param members addresses of the ENIs in each group that their rules are about
 */
public record EniFilter(String device, List<SecurityGroup> groups, Map<GroupName, Set<Ip>> members) {
    public EniFilter {
        groups = List.copyOf(groups);
        members = Map.copyOf(members);
    }

    /** Name of the table of an ENI's filter. */
    public static String tableOf(String device) {
        return "scc_" + device;
    }

    /**
     * The table of nftables that enforces it. To accept ends only the chains of this table: what other tables drop stays dropped.
     * Connections are tracked, so answers pass, and what a connection has to do with (ICMP errors). What goes the way in which it
     * began needs a rule each time: with its rule a connection ends. Sets without names cannot be
     * changed but with their rule, so whatever somebody changes is noticed. Counters have names: a rule's own would be part of it.
     */
    public NftTable table() {
        return new NftTable(
                tableOf(device),
                counters()
                        + DropCause.chains(true, DropCause.IN, DropCause.OUT)
                        + """
                chain input {
                    type filter hook input priority 1; policy accept;
                    iifname != "%1$s" accept
                    ct direction reply ct state established accept
                    ct state related accept
                %2$s    goto drop_in
                }
                chain output {
                    type filter hook output priority 1; policy accept;
                    oifname != "%1$s" accept
                    ct direction reply ct state established accept
                    ct state related accept
                %3$s    goto drop_out
                }
                """.formatted(device, lines(Direction.IN, "accept"), lines(Direction.OUT, "accept")));
    }

    /** Name of the counter of a rule: the same wherever the rule stands in its group, and whatever stands before it. */
    public static String counterOf(GroupName group, GroupRule rule) {
        return ("rule_" + group + "_" + rule).replace(' ', '_').replace(':', '_');
    }

    /** Declares the counters of all rules. */
    String counters() {
        return groups.stream()
                .flatMap(group -> group.rules().stream()
                        .filter(rule -> !peers(rule).isEmpty())
                        .map(rule -> counterOf(group.name(), rule)))
                .distinct()
                .map(name -> "counter " + name + " { }\n")
                .collect(Collectors.joining());
    }

    /** What the rules of one direction allow, a line each, with what is done then. */
    String lines(Direction way, String verdict) {
        StringBuilder lines = new StringBuilder();
        for (SecurityGroup group : groups) {
            for (int index = 0; index < group.rules().size(); index++) {
                GroupRule rule = group.rules().get(index);
                String comment = group.name() + " " + (index + 1);
                if (rule.direction() == way) {
                    peers(rule)
                            .forEach(peers -> lines.append("    ")
                                    .append(peers)
                                    .append(traffic(rule.traffic()))
                                    .append("counter name \"")
                                    .append(counterOf(group.name(), rule))
                                    .append("\" ")
                                    .append(verdict)
                                    .append(" comment \"")
                                    .append(comment)
                                    .append("\"\n"));
                }
            }
        }
        return lines.toString();
    }

    /** Of each version of IP, those whom the rule is about; empty if there is nobody. */
    private List<String> peers(GroupRule rule) {
        String field = rule.direction() == Direction.IN ? "saddr" : "daddr";
        return switch (rule.peer()) {
            case Peer.Network network -> {
                String word = word(network.cidr().base());
                yield List.of(
                        network.cidr().prefix() == 0
                                ? "meta protocol " + word + " "
                                : word + " " + field + " " + network.cidr() + " ");
            }
            case Peer.Group group ->
                new TreeMap<>(new TreeSet<>(members.getOrDefault(group.group(), Set.of()))
                                .stream()
                                        .filter(rule.traffic().protocol()::fits)
                                        .collect(Collectors.groupingBy(EniFilter::word)))
                        .entrySet().stream()
                                .map(each -> each.getKey() + " " + field + " " + Ipv6Rules.set(each.getValue()) + " ")
                                .toList();
        };
    }

    /** What nftables calls its version of IP. */
    private static String word(Ip address) {
        return switch (address) {
            case Ipv4 _ -> "ip";
            case Ipv6 _ -> "ip6";
        };
    }

    private static String traffic(Traffic traffic) {
        return switch (traffic.protocol()) {
            case ANY -> "";
            case ICMP -> "meta l4proto icmp ";
            case ICMPV6 -> "meta l4proto icmpv6 ";
            case TCP, UDP -> {
                String word = traffic.protocol().word();
                yield traffic.ports()
                        .map(range -> word + " dport " + range + " ")
                        .orElse("meta l4proto " + word + " ");
            }
        };
    }
}
