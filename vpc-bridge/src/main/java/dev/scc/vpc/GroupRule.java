package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.IpNetwork;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A rule of a security group: what may begin, and with whom. Written, also in JSON, as {@code in tcp/22 10.0.0.0/8},
 * {@code in icmpv6 fd00::/64} or {@code out any sg:web}. Answers need no rule.
 */
public record GroupRule(Direction direction, Traffic traffic, Peer peer) {
    /** What a group begins with: whoever is in it may begin anything. */
    public static final GroupRule ALL_OUT =
            new GroupRule(Direction.OUT, Traffic.ALL, new Peer.Network(Cidr.parse("0.0.0.0/0")));

    /** What one of a VPC with IPv6 begins with besides. */
    public static final GroupRule ALL_OUT_6 =
            new GroupRule(Direction.OUT, Traffic.ALL, new Peer.Network(Cidr6.parse("::/0")));

    public GroupRule {
        if (peer instanceof Peer.Network network
                && !traffic.protocol().fits(network.cidr().base())) {
            throw new IllegalArgumentException(
                    traffic.protocol() == Traffic.Protocol.ICMP
                            ? "icmp is of IPv4; with " + network + " it is icmpv6"
                            : "icmpv6 is of IPv6; with " + network + " it is icmp");
        }
    }

    /** Which way the first packet goes, as seen from the ENI. */
    public enum Direction {
        IN,
        OUT;

        /** As people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Direction of(String word) {
            return switch (word) {
                case "in" -> IN;
                case "out" -> OUT;
                default -> throw new IllegalArgumentException("\"" + word + "\" is no direction: in or out");
            };
        }
    }

    /** Whom a rule is about: the other end. */
    public sealed interface Peer {
        /** Marks a group. */
        String GROUP = "sg:";

        /** All addresses of a network. */
        record Network(IpNetwork cidr) implements Peer {
            @Override
            public String toString() {
                return cidr.toString();
            }
        }

        /** All ENIs that are in a group at the time. */
        record Group(GroupName group) implements Peer {
            @Override
            public String toString() {
                return GROUP + group;
            }
        }

        /** Reads {@code CIDR} or {@code sg:NAME}. @throws IllegalArgumentException if it is neither */
        static Peer parse(String text) {
            return text.startsWith(GROUP)
                    ? new Group(new GroupName(text.substring(GROUP.length())))
                    : new Network(IpNetwork.parse(text));
        }
    }

    /** Reads {@code DIRECTION PROTO[/PORT[-PORT]] CIDR|sg:NAME}. @throws IllegalArgumentException if it is not that */
    @JsonCreator
    public static GroupRule parse(String text) {
        List<String> words = List.of(text.split(" ", -1));
        if (words.size() != 3) {
            throw new IllegalArgumentException("\"" + text + "\" is no rule such as: in tcp/22 10.0.0.0/8");
        }
        return new GroupRule(Direction.of(words.get(0)), Traffic.parse(words.get(1)), Peer.parse(words.get(2)));
    }

    /** The group that its peers are in; empty if it is about a network. */
    public Optional<GroupName> about() {
        return peer instanceof Peer.Group group ? Optional.of(group.group()) : Optional.empty();
    }

    /**
     * Whether it allows that.
     *
     * @param members addresses of the ENIs in each group
     */
    boolean allows(Direction way, Traffic what, Ip other, Map<GroupName, Set<Ip>> members) {
        return direction == way
                && traffic.holds(what)
                && traffic.protocol().fits(other)
                && switch (peer) {
                    case Peer.Network network -> network.cidr().contains(other);
                    case Peer.Group group ->
                        members.getOrDefault(group.group(), Set.of()).contains(other);
                };
    }

    @JsonValue
    @Override
    public String toString() {
        return direction.word() + " " + traffic + " " + peer;
    }
}
