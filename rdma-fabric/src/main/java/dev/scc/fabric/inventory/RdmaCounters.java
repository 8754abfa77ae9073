package dev.scc.fabric.inventory;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much an RDMA device has sent and received since it exists: the proof that traffic was RDMA.
 *
 * @param sentPackets RoCE packets, by all users of the device together
 * @param receivedPackets likewise
 * @param errors those counters of failures and retries that are not 0, by the kernel's names
 */
public record RdmaCounters(long sentPackets, long receivedPackets, Map<String, Long> errors) {
    private static final List<String> SENT = List.of("sent_pkts", "port_xmit_packets");
    private static final List<String> RECEIVED = List.of("rcvd_pkts", "port_rcv_packets");

    public RdmaCounters {
        errors = Collections.unmodifiableMap(new TreeMap<>(errors));
    }

    /**
     * Reads this machine's device now. rxe counts packets in {@code hw_counters}, hardware in {@code counters}.
     *
     * @throws IOException if there is no such device, or it does not count packets
     */
    public static RdmaCounters read(String device) throws IOException {
        return read(RdmaSysfs.local(), device);
    }

    /** The same for any tree. */
    public static RdmaCounters read(RdmaSysfs sysfs, String device) throws IOException {
        Map<String, Long> all = sysfs.counters(device);
        Map<String, Long> errors = new TreeMap<>();
        all.forEach((name, value) -> {
            if (value != 0 && (name.endsWith("_err") || name.contains("error"))) {
                errors.put(name, value);
            }
        });
        return new RdmaCounters(first(device, all, SENT), first(device, all, RECEIVED), errors);
    }

    private static long first(String device, Map<String, Long> all, List<String> names) throws IOException {
        for (String name : names) {
            Long value = all.get(name);
            if (value != null) {
                return value;
            }
        }
        throw new IOException("RDMA device " + device + " has none of the counters " + String.join(", ", names));
    }

    /** What has been counted since {@code earlier}, which is an earlier reading of the same device. */
    public RdmaCounters since(RdmaCounters earlier) {
        Map<String, Long> more = new TreeMap<>();
        errors.forEach((name, value) -> {
            long difference = value - earlier.errors.getOrDefault(name, 0L);
            if (difference != 0) {
                more.put(name, difference);
            }
        });
        return new RdmaCounters(sentPackets - earlier.sentPackets, receivedPackets - earlier.receivedPackets, more);
    }
}
