package dev.scc.fabric;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The class that a segment's traffic is in, as its VLAN device maps it: from priorities of the kernel to priorities in the VLAN
 * header (PCP, 802.1Q). rdma_cm takes the priority of its connections from that map, too. Immutable.
 *
 * @param egress from 0 to 15, to 1 to 7; where nothing is said, the header says 0
 */
public record PriorityPairs(Map<Integer, Integer> egress) {
    /** All in class 0. */
    public static final PriorityPairs NONE = new PriorityPairs(Map.of());

    private static final int HIGHEST = 15;
    private static final int HIGHEST_IN_HEADER = 7;

    public PriorityPairs {
        egress = Collections.unmodifiableMap(new TreeMap<>(egress));
        egress.forEach((kernel, header) -> {
            if (kernel < 0 || kernel > HIGHEST || header < 1 || header > HIGHEST_IN_HEADER) {
                throw new IllegalArgumentException(
                        kernel + ":" + header + " is not 0 to " + HIGHEST + ", a colon, and 1 to " + HIGHEST_IN_HEADER);
            }
        });
    }

    /**
     * Of a text such as {@code 0:3,4:4}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static PriorityPairs parse(String text) {
        Map<Integer, Integer> egress = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            String[] both = pair.split(":", -1);
            if (both.length != 2) {
                throw new IllegalArgumentException(
                        "\"" + pair + "\" is not two numbers with a colon between them, such as 0:3");
            }
            int kernel = number(both[0]);
            if (egress.put(kernel, number(both[1])) != null) {
                throw new IllegalArgumentException(kernel + " is there twice");
            }
        }
        return new PriorityPairs(egress);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
        }
    }
}
