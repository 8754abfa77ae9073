package dev.scc.cluster.client;

import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.cluster.view.TreeReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What administrators ask of a pool's servers: each has an audit log of its own, all have one tree. Thread-safe. */
public final class AuditClient {
    private final String hosts;
    private final Connections connections;
    private final Duration patience;

    /**
     * Nothing is sent yet.
     *
     * @param hosts as people write them
     * @param patience how long each server may take
     */
    public AuditClient(String hosts, Connections connections, Duration patience) {
        this.hosts = hosts;
        this.connections = connections;
        this.patience = patience;
    }

    /**
     * What the servers remember.
     *
     * @param unasked servers that have not answered
     */
    public record Recent(AuditList list, List<String> unasked) {
        public Recent {
            unasked = List.copyOf(unasked);
        }
    }

    /** The latest entries of all servers, in the order in which they were written as far as clocks agree. */
    public Recent recent() throws ServerUnreachable, InterruptedException {
        List<AuditList.Row> rows = new ArrayList<>();
        List<String> unasked = new ArrayList<>();
        List<String> addresses = ServerAddresses.parse(hosts);
        for (String address : addresses) {
            try {
                rows.addAll(ask(address, AuditRpc.RECENT).entries());
            } catch (LineLost e) {
                unasked.add(address);
                requireOneAnswer(addresses, unasked, e);
            }
        }
        rows.sort(Comparator.comparing(AuditList.Row::at));
        return new Recent(new AuditList(rows), unasked);
    }

    /** Whether all logs are as they were written. */
    public AuditReport verify() throws ServerUnreachable, InterruptedException {
        List<AuditReport.Row> rows = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        Set<String> asked = new TreeSet<>();
        List<String> unasked = new ArrayList<>();
        List<String> addresses = ServerAddresses.parse(hosts);
        for (String address : addresses) {
            try {
                AuditRpc.Verified found = ask(address, AuditRpc.VERIFY);
                known.addAll(found.known());
                asked.add(found.server());
                rows.add(new AuditReport.Row(address, true, found.entries(), found.refused(), found.broken()));
            } catch (LineLost e) {
                unasked.add(address);
                requireOneAnswer(addresses, unasked, e);
            }
        }
        known.removeAll(asked);
        known.forEach(server -> rows.add(new AuditReport.Row(server, false, 0, 0, List.of())));
        return new AuditReport(rows);
    }

    /** How the tree differs from the table of who writes what, as the first server says that answers. */
    public TreeReport tree() throws ServerUnreachable, InterruptedException {
        try (Servers any = new Servers(ServerAddresses.parse(hosts), connections)) {
            return any.ask(AuditRpc.TREE, new ServerRpc.Nothing(), patience, false);
        } catch (LineLost e) {
            throw ServerUnreachable.noAnswer(hosts, patience, e);
        }
    }

    private void requireOneAnswer(List<String> addresses, List<String> unasked, LineLost last)
            throws ServerUnreachable {
        if (unasked.size() == addresses.size()) {
            throw ServerUnreachable.noAnswer(hosts, patience, last);
        }
    }

    private <A> A ask(String address, RpcMethod<ServerRpc.Nothing, A> method) throws LineLost, InterruptedException {
        try (Servers server = new Servers(List.of(address), connections)) {
            return server.ask(method, new ServerRpc.Nothing(), patience, false);
        }
    }
}
