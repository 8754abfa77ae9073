package dev.scc.fabric.doctor;

import dev.scc.fabric.inventory.RdmaSysfs;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counters that grow when packets are lost, discarded or sent again, by the names that the drivers give them. */
final class LossCounters {
    private static final Set<String> NAMES = Set.of(
            // rxe
            "completer_retry_err",
            "out_of_seq_request",
            "rcvd_rnr_err",
            "rcvd_seq_err",
            "retry_exceeded_err",
            "send_err",
            // all adapters
            "port_rcv_errors",
            "port_xmit_discards",
            "symbol_error",
            // mlx5
            "implied_nak_seq_err",
            "local_ack_timeout_err",
            "out_of_buffer",
            "out_of_sequence",
            "packet_seq_err",
            "rnr_nak_retry_err",
            // bnxt_re
            "max_retry_exceeded",
            "rnr_naks_rcvd",
            "rx_roce_discard_pkts",
            "seq_err_naks_rcvd",
            "to_retransmits",
            // irdma
            "ip4InDiscards",
            "ip4OutNoRoutes",
            "tcpRetransSegs");

    private LossCounters() {}

    static Map<String, Long> of(RdmaSysfs rdma, String device) throws IOException {
        Map<String, Long> all = new TreeMap<>(rdma.counters(device));
        all.keySet().retainAll(NAMES);
        return all;
    }

    /** Those that have grown, and by how much. */
    static Map<String, Long> risen(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> risen = new TreeMap<>();
        after.forEach((name, value) -> {
            long more = value - before.getOrDefault(name, value);
            if (more > 0) {
                risen.put(name, more);
            }
        });
        return risen;
    }
}
