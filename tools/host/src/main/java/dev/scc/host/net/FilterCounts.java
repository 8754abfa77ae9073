package dev.scc.host.net;

import dev.scc.host.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a table of nftables has counted, and what it has noted last.
 *
 * @param counters by name
 * @param latest what its sets have noted, the latest first
 * @param more whether there may have been others that are not among the latest
 */
public record FilterCounts(Map<String, Count> counters, List<Noted> latest, boolean more) {
    public static final FilterCounts NONE = new FilterCounts(Map.of(), List.of(), false);

    /** How the names of sets begin that note packets. */
    public static final String NOTES = "last_";

    // As it was given to nft, and as nft lists it.
    private static final Pattern COUNTER = Pattern.compile("counter ([A-Za-z0-9_./-]+) \\{\\s*\\}");

    public FilterCounts {
        counters = Map.copyOf(counters);
        latest = List.copyOf(latest);
    }

    /** Packets, and their length in bytes. */
    public record Count(long packets, long bytes) {
        public static final Count NONE = new Count(0, 0);

        public Count plus(Count other) {
            return new Count(packets + other.packets, bytes + other.bytes);
        }
    }

    /**
     * Packets that have all of this in common.
     *
     * @param set that has noted them
     * @param protocol number of the protocol above IP
     * @param ports empty if the protocol has none that are noted
     * @param age since the last of them, in milliseconds
     */
    public record Noted(String set, Ip from, Ip to, int protocol, Optional<Ports> ports, long age, Count count) {}

    /** Ports of both ends, 0 to 65535. */
    public record Ports(int from, int to) {}

    /** The counter of that name; nothing if there is none. */
    public Count of(String counter) {
        return counters.getOrDefault(counter, Count.NONE);
    }

    /** A table's body, whose counters go on from here. */
    String into(String body) {
        return COUNTER.matcher(body).replaceAll(counter -> {
            Count begins = of(counter.group(1));
            return begins.equals(Count.NONE)
                    ? Matcher.quoteReplacement(counter.group())
                    : "counter %s { packets %d bytes %d }"
                            .formatted(counter.group(1), begins.packets(), begins.bytes());
        });
    }
}
