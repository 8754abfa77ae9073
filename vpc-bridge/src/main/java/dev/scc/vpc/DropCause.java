package dev.scc.vpc;

import dev.scc.host.net.FilterCounts;
import dev.scc.vpc.GroupRule.Direction;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a packet of an ENI, or for it, is dropped. In the tables of nftables each cause has a counter, and two sets that note the
 * latest packets: of a table's notes each set has at most {@value #MOST_NOTED}, for {@value #MINUTES} minutes after the last packet,
 * so whoever sends much fills a set and nothing else.
 */
public enum DropCause {
    /** No rule of its groups lets it in. */
    IN(Direction.IN, "no rule lets it in"),
    /** No rule of its groups lets it out. */
    OUT(Direction.OUT, "no rule lets it out"),
    /** It would be sent with an address that is not its own. */
    SPOOFED_OUT(
            Direction.OUT,
            "anti-spoofing: sent with an Ethernet or IP address that is not its own, or neither IPv4 nor IPv6 of the"
                    + " VPC, or what only servers and routers say"),
    /** It is not meant for it. */
    SPOOFED_IN(Direction.IN, "anti-spoofing: not for its address, or neither IPv4 nor IPv6 of the VPC"),
    /** In the VXLAN packet of whoever sent it there are addresses that are not his. */
    FORGED(
            Direction.IN,
            "anti-spoofing: a VXLAN packet of somebody who is not in the VPC, or with addresses in it that are not"
                    + " its sender's, or neither IPv4 nor IPv6 of the VPC, or what only servers and routers say"),
    /** It came to addresses of the VPC, or from them, otherwise than through the VPC. */
    OUTSIDE(Direction.IN, "anti-spoofing: for or from an address of the VPC, and not through the VPC");

    static final int MOST_NOTED = 256;
    static final int MINUTES = 5;

    private static final String COUNTER = "dropped_";
    private static final String OTHER = "_other";
    private static final String SIX = "6";

    private final Direction direction;
    private final String why;

    DropCause(Direction direction, String why) {
        this.direction = direction;
        this.why = why;
    }

    /** As seen from the ENI. */
    public Direction direction() {
        return direction;
    }

    /** Whether rules of groups have to do with it. */
    public boolean ofRules() {
        return this == IN || this == OUT;
    }

    /** As a sentence. */
    public String why() {
        return why;
    }

    /** As programs know it, such as {@code no-rule-in}. */
    public String word() {
        return (ofRules() ? "no-rule-" : "") + suffix().replace('_', '-');
    }

    private String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Name of its counter. */
    public String counter() {
        return COUNTER + suffix();
    }

    /** Whose set that is; empty if it is none of these. */
    public static Optional<DropCause> ofSet(String set) {
        return Arrays.stream(values())
                .filter(cause ->
                        List.of("", OTHER, SIX, SIX + OTHER).stream().anyMatch(kind -> set.equals(cause.set() + kind)))
                .findFirst();
    }

    private String set() {
        return FilterCounts.NOTES + suffix();
    }

    /** Name of the chain that counts, notes and drops: the last that a packet sees. */
    String chain() {
        return "drop_" + suffix();
    }

    private String sets6() {
        return """
                set %1$s {
                    type ipv6_addr . ipv6_addr . inet_proto . inet_service . inet_service; flags dynamic,timeout; timeout %2$dm; size %3$d;
                }
                set %1$s_other {
                    type ipv6_addr . ipv6_addr . inet_proto; flags dynamic,timeout; timeout %2$dm; size %3$d;
                }
                """.formatted(set() + SIX, MINUTES, MOST_NOTED);
    }

    private String notes6() {
        return """
                    meta protocol ip6 meta l4proto { tcp, udp } update @%1$s { ip6 saddr . ip6 daddr . meta l4proto . th sport . th dport counter }
                    meta protocol ip6 meta l4proto != { tcp, udp } update @%1$s_other { ip6 saddr . ip6 daddr . meta l4proto counter }
                """.formatted(set() + SIX);
    }

    /**
     * Counters, sets and chains of those causes, for a table's body. A set that is full ends only the line that notes.
     *
     * @param six whether packets of IPv6 are noted too
     */
    static String chains(boolean six, DropCause... causes) {
        return Arrays.stream(causes)
                .map(cause -> (six ? cause.sets6() : "")
                        + """
                        counter %1$s { }
                        set %2$s {
                            type ipv4_addr . ipv4_addr . inet_proto . inet_service . inet_service; flags dynamic,timeout; timeout %4$dm; size %5$d;
                        }
                        set %2$s_other {
                            type ipv4_addr . ipv4_addr . inet_proto; flags dynamic,timeout; timeout %4$dm; size %5$d;
                        }
                        chain %3$s {
                            ip protocol { tcp, udp } update @%2$s { ip saddr . ip daddr . ip protocol . th sport . th dport counter }
                            ip protocol != { tcp, udp } update @%2$s_other { ip saddr . ip daddr . ip protocol counter }
                        %6$s    counter name "%1$s" drop
                        }
                        """.formatted(
                                        cause.counter(),
                                        cause.set(),
                                        cause.chain(),
                                        MINUTES,
                                        MOST_NOTED,
                                        six ? cause.notes6() : ""))
                .collect(Collectors.joining());
    }
}
