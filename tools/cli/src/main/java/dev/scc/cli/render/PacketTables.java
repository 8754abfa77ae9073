package dev.scc.cli.render;

import dev.scc.cluster.view.GroupPackets;

/** What packets have done at filters, for people. */
final class PacketTables {
    private PacketTables() {}

    static String of(GroupPackets packets) {
        StringBuilder text =
                new StringBuilder("security group " + packets.group() + " of VPC " + packets.vpc() + "\n\n");
        if (!packets.rules().isEmpty()) {
            Table rules = new Table("RULE", "DIRECTION", "WHAT", "WITH", "PACKETS", "BYTES");
            packets.rules()
                    .forEach(rule -> rules.row(
                            rule.rule(), rule.direction(), rule.traffic(), rule.peer(), rule.packets(), rule.bytes()));
            text.append(rules).append('\n');
        }
        Table causes = new Table("DROPPED", "DIRECTION", "PACKETS", "BYTES", "WHY");
        packets.dropped()
                .forEach(cause ->
                        causes.row(cause.cause(), cause.direction(), cause.packets(), cause.bytes(), cause.why()));
        text.append(causes);
        if (!packets.latest().isEmpty()) {
            Table latest = new Table("LAST", "NODE", "ENI", "DIRECTION", "FROM", "TO", "WHAT", "PACKETS", "WHY");
            packets.latest()
                    .forEach(drop -> latest.row(
                            drop.at(),
                            drop.node(),
                            drop.eni(),
                            drop.direction(),
                            end(drop.from(), drop.fromPort()),
                            end(drop.to(), drop.toPort()),
                            drop.what(),
                            drop.packets(),
                            drop.why()));
            text.append('\n').append(latest);
        }
        if (packets.more()) {
            text.append("there may be more: what is noted is bounded\n");
        }
        packets.unread()
                .forEach(node -> text.append("node ")
                        .append(node.node())
                        .append(" is not among them: ")
                        .append(node.why())
                        .append('\n'));
        return text.toString();
    }

    /** An address, with its port if it has one, as in RFC 3986. */
    private static String end(String address, int port) {
        if (port == 0) {
            return address;
        }
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
