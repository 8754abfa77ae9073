package dev.scc.fabric.verify;

import dev.scc.host.NodeName;

/**
 * What one pair measured, or why it could not.
 *
 * @param a the pair's active side, which reports
 * @param b its passive side
 * @param ok SEND/RECV, RDMA WRITE and RDMA READ all went through with the bytes as expected, and the device's counters moved
 * @param latencyMicrosP50 half of a SEND/RECV round trip in microseconds, median; 0 if not measured
 * @param latencyMicrosP99 likewise, 99th percentile
 * @param writeMBps RDMA WRITE bandwidth in 10^6 bytes per second; 0 if not measured
 * @param readMBps RDMA READ bandwidth, likewise
 * @param sentPackets how far the device's counter of sent packets moved during the probe
 * @param why empty if ok, else what failed and why
 */
public record ProbeResult(
        NodeName a,
        NodeName b,
        boolean ok,
        double latencyMicrosP50,
        double latencyMicrosP99,
        double writeMBps,
        double readMBps,
        long sentPackets,
        String why) {

    public static ProbeResult failed(NodeName a, NodeName b, String why) {
        return new ProbeResult(a, b, false, 0, 0, 0, 0, 0, why);
    }
}
