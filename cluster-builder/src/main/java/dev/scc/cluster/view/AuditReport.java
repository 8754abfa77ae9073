package dev.scc.cluster.view;

import java.util.List;
import java.util.stream.Stream;

/** Whether audit logs are as they were written. */
public record AuditReport(List<Row> servers) implements PoolView {
    public AuditReport {
        servers = List.copyOf(servers);
    }

    /** Whether nothing is wrong, and nothing is unknown. */
    public boolean whole() {
        return servers.stream().allMatch(row -> row.asked() && row.broken().isEmpty());
    }

    /** With those of another one. */
    public AuditReport and(AuditReport other) {
        return new AuditReport(
                Stream.concat(servers.stream(), other.servers.stream()).toList());
    }

    /**
     * One log.
     *
     * @param server the server's address, or what the tree knows it by if nobody has asked it; of a node {@code node:n7} for its
     *     agent's log, {@code keeper:n7} for its keeper's; a directory where files were read
     * @param asked whether it was asked, and has answered
     * @param entries that it keeps
     * @param refused how many of them tell of callers who were not entitled
     * @param broken what is wrong, and where
     * @param why it was not read; empty if it was
     */
    public record Row(String server, boolean asked, long entries, long refused, List<String> broken, String why) {
        public Row {
            broken = List.copyOf(broken);
        }

        /** One that was read. */
        public static Row read(String server, long entries, long refused, List<String> broken) {
            return new Row(server, true, entries, refused, broken, "");
        }

        /** One of which nothing is known. */
        public static Row unread(String server, String why) {
            return new Row(server, false, 0, 0, List.of(), why);
        }
    }
}
