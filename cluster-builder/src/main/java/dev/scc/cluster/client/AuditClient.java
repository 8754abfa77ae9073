package dev.scc.cluster.client;

import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.view.TreeReport;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What administrators ask of a pool's servers: each has an audit log of its own, all have one tree, and each reads the audit logs
 * of nodes. Thread-safe. */
public final class AuditClient {
    /** What a server takes for itself when it asks nodes. */
    private static final Duration OF_THE_SERVER = Duration.ofSeconds(10);

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
     * What servers, or nodes, remember.
     *
     * @param unasked who has not answered, and why
     * @param broken logs that are not as they were written, and what is wrong
     */
    public record Recent(AuditList list, List<String> unasked, List<String> broken) {
        public static final Recent NOTHING = new Recent(new AuditList(List.of()), List.of(), List.of());

        public Recent {
            unasked = List.copyOf(unasked);
            broken = List.copyOf(broken);
        }

        /** Both, in the order of their times. */
        public Recent and(Recent other) {
            return new Recent(
                    AuditList.merged(joined(list.entries(), other.list.entries())),
                    joined(unasked, other.unasked),
                    joined(broken, other.broken));
        }

        private static <T> List<T> joined(List<T> one, List<T> other) {
            return Stream.concat(one.stream(), other.stream()).toList();
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
        return new Recent(
                AuditList.merged(rows),
                unasked.stream()
                        .map(server -> "server " + server + " was not asked: it does not answer")
                        .toList(),
                List.of());
    }

    /**
     * The latest entries of these nodes' logs, as the first server has read them that answers.
     *
     * @param most of each log
     */
    public Recent recent(List<NodeName> nodes, int most) throws ServerUnreachable, InterruptedException {
        AuditRpc.NodeLogs all = read(nodes, most, false);
        return new Recent(
                AuditList.merged(
                        all.logs().stream().flatMap(log -> log.rows().stream()).toList()),
                all.unread().stream()
                        .map(one -> "node " + one.node() + " was not read: " + one.why())
                        .toList(),
                all.logs().stream()
                        .flatMap(log -> log.broken().stream().map(what -> log.whose() + ": " + what))
                        .toList());
    }

    /** Whether these nodes' logs are as they were written, but for what is missing at their ends. */
    public AuditReport verify(List<NodeName> nodes) throws ServerUnreachable, InterruptedException {
        AuditRpc.NodeLogs all = read(nodes, 0, true);
        List<AuditReport.Row> rows = new ArrayList<>();
        all.logs()
                .forEach(
                        log -> rows.add(AuditReport.Row.read(log.whose(), log.entries(), log.refused(), log.broken())));
        all.unread()
                .forEach(one -> rows.add(AuditReport.Row.unread(
                        new Principal(Role.NODE, one.node().value()).toString(), one.why())));
        return new AuditReport(rows);
    }

    /** All nodes of the pool. */
    public List<NodeName> nodes() throws ServerUnreachable, InterruptedException {
        return askAny(ServerRpc.NODES, new ServerRpc.Nothing(), patience).nodes().stream()
                .map(NodeList.Row::name)
                .toList();
    }

    /** So many at a time: an answer about all could be too large. */
    private AuditRpc.NodeLogs read(List<NodeName> nodes, int most, boolean whole)
            throws ServerUnreachable, InterruptedException {
        List<AuditRpc.NodeLog> logs = new ArrayList<>();
        List<AuditRpc.Unread> unread = new ArrayList<>();
        for (int from = 0; from < nodes.size(); from += AuditRpc.OfNodes.MOST_NODES) {
            List<NodeName> some = nodes.subList(from, Math.min(nodes.size(), from + AuditRpc.OfNodes.MOST_NODES));
            AuditRpc.NodeLogs part = askAny(
                    AuditRpc.OF_NODES,
                    new AuditRpc.OfNodes(some, most, whole, patience.toMillis()),
                    patience.plus(OF_THE_SERVER));
            logs.addAll(part.logs());
            unread.addAll(part.unread());
        }
        return new AuditRpc.NodeLogs(logs, unread);
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
                rows.add(AuditReport.Row.read(address, found.entries(), found.refused(), found.broken()));
            } catch (LineLost e) {
                unasked.add(address);
                requireOneAnswer(addresses, unasked, e);
            }
        }
        known.removeAll(asked);
        known.forEach(server -> rows.add(AuditReport.Row.unread(server, "--server names all servers")));
        return new AuditReport(rows);
    }

    /** How the tree differs from the table of who writes what, as the first server says that answers. */
    public TreeReport tree() throws ServerUnreachable, InterruptedException {
        return askAny(AuditRpc.TREE, new ServerRpc.Nothing(), patience);
    }

    private <Q, A> A askAny(RpcMethod<Q, A> method, Q ask, Duration within)
            throws ServerUnreachable, InterruptedException {
        try (Servers any = new Servers(ServerAddresses.parse(hosts), connections)) {
            return any.ask(method, ask, within, false);
        } catch (LineLost e) {
            throw ServerUnreachable.noAnswer(hosts, within, e);
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
