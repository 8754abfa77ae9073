package dev.scc.cluster.view;

import java.util.List;

/** Whether audit logs are as they were written. */
public record AuditReport(List<Row> servers) implements PoolView {
    public AuditReport {
        servers = List.copyOf(servers);
    }

    /** Whether nothing is wrong, and nothing is unknown. */
    public boolean whole() {
        return servers.stream().allMatch(row -> row.asked() && row.broken().isEmpty());
    }

    /**
     * The log of one server.
     *
     * @param server its address, or what the tree knows it by if nobody has asked it
     * @param asked whether it was asked, and has answered
     * @param entries that it keeps
     * @param refused how many of them tell of callers who were not entitled
     * @param broken what is wrong, and where
     */
    public record Row(String server, boolean asked, long entries, long refused, List<String> broken) {
        public Row {
            broken = List.copyOf(broken);
        }
    }
}
