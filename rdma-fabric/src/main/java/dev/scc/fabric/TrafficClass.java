package dev.scc.fabric;

import dev.scc.host.Later;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The class that a segment's traffic is in: what switches see in the VLAN header (PCP), and what routers see in the IP header
 * (DSCP). Immutable.
 *
 * @param priorities as the operator has given them
 * @param dscp 0 to 63, of connections of rdma_cm for which nobody sets one; empty: it is left as it is
 */
public record TrafficClass(PriorityPairs priorities, @Later Optional<Integer> dscp) {
    /** All in class 0, which may lose packets. */
    public static final TrafficClass NONE = new TrafficClass(PriorityPairs.NONE, Optional.empty());

    private static final int HIGHEST_DSCP = 63;

    /** Linux's ip_tos2prio for the lower three bits of a DSCP: best effort, bulk, interactive, interactive bulk. */
    private static final int[] PRIORITIES = {0, 0, 2, 2, 6, 6, 4, 4};

    public TrafficClass {
        dscp.ifPresent(value -> {
            if (value < 0 || value > HIGHEST_DSCP) {
                throw new IllegalArgumentException("DSCP " + value + " is not 0 to " + HIGHEST_DSCP);
            }
        });
    }

    /**
     * Of a DSCP as a user writes it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static int parseDscp(String text) {
        if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) > HIGHEST_DSCP) {
            throw new IllegalArgumentException("\"" + text + "\" is not 0 to " + HIGHEST_DSCP);
        }
        return Integer.parseInt(text);
    }

    /** The byte of the IP header (type of service, traffic class) that has the DSCP in its upper six bits. */
    public Optional<Integer> tos() {
        return dscp.map(value -> value << 2);
    }

    /**
     * The map of the VLAN device. The kernel makes a priority of its own of a type of service (cma.c, iboe_tos_to_sl), and
     * looks that up: unless something is said about it, it goes where priority 0 goes.
     */
    public Map<Integer, Integer> egress() {
        Map<Integer, Integer> egress = new TreeMap<>(priorities.egress());
        Optional.ofNullable(egress.get(0))
                .ifPresent(usual -> dscp.ifPresent(value -> egress.putIfAbsent(PRIORITIES[value & 7], usual)));
        return Collections.unmodifiableMap(egress);
    }

    /** For people, such as {@code DSCP 26 (type of service 104), priorities 0:3,2:3}. */
    public String words() {
        String ip = dscp.map(value -> "DSCP " + value + " (type of service " + (value << 2) + ")")
                .orElse("");
        String vlan = egress().isEmpty()
                ? "class 0 of its VLAN, which may lose packets"
                : "priorities "
                        + egress().entrySet().stream()
                                .map(pair -> pair.getKey() + ":" + pair.getValue())
                                .collect(Collectors.joining(","));
        return ip.isEmpty() ? vlan : ip + ", " + vlan;
    }
}
