package dev.scc.cluster.front;

import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.audit.AuditBackwards;
import dev.scc.cluster.audit.AuditEntry;
import dev.scc.cluster.audit.AuditPage;
import dev.scc.cluster.audit.NodeAudit;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the audit logs of nodes through their agents, all at the same time, from the end of each log on. What a node sends is
 * checked here, and no more of it is read than a node keeps.
 */
final class NodeAuditSearch {
    /** Of the entries that are shown of one log, in bytes: what an answer has of all of them fits into a message. */
    private static final int SHOWN = 384 << 10;

    private final World world;
    private final Connections connections;

    /** @param world where the agents are said to be */
    NodeAuditSearch(World world, Connections connections) {
        this.world = world;
        this.connections = connections;
    }

    AuditRpc.NodeLogs run(AuditRpc.OfNodes ask) {
        Duration patience = Duration.ofMillis(ask.eachMillis());
        AskedAgents<List<AuditRpc.NodeLog>> agents = new AskedAgents<List<AuditRpc.NodeLog>>(world, connections)
                .ask(ask.nodes(), (agent, node) -> {
                    long deadline = System.nanoTime() + patience.toNanos();
                    List<AuditRpc.NodeLog> logs = new ArrayList<>();
                    for (AuditLogRpc.Log log : AuditLogRpc.Log.values()) {
                        new Reading(agent, node, log, ask, deadline).run().ifPresent(logs::add);
                    }
                    return logs;
                });
        List<AuditRpc.NodeLog> logs = new ArrayList<>();
        List<AuditRpc.Unread> unread = new ArrayList<>();
        for (NodeName node : ask.nodes()) {
            Optional<List<AuditRpc.NodeLog>> read =
                    Optional.ofNullable(agents.answers().get(node));
            read.ifPresent(logs::addAll);
            if (read.isEmpty() || read.get().isEmpty()) {
                unread.add(new AuditRpc.Unread(node, why(node, read.isPresent(), agents.silent())));
            }
        }
        return new AuditRpc.NodeLogs(logs, unread);
    }

    private String why(NodeName node, boolean answered, Map<NodeName, String> silent) {
        if (!world.nodes().containsKey(node)) {
            return "there is no such node";
        }
        return answered ? "it keeps no audit log" : silent.getOrDefault(node, "it was not asked");
    }

    /** Of one log. */
    private static final class Reading {
        private final RpcChannel agent;
        private final NodeName node;
        private final AuditLogRpc.Log log;
        private final AuditRpc.OfNodes ask;
        private final long deadline;
        private final String whose;
        private final AuditBackwards chain = new AuditBackwards();
        private final Deque<AuditList.Row> rows = new ArrayDeque<>();
        private int shown;
        private long bytes;

        Reading(RpcChannel agent, NodeName node, AuditLogRpc.Log log, AuditRpc.OfNodes ask, long deadline) {
            this.agent = agent;
            this.node = node;
            this.log = log;
            this.ask = ask;
            this.deadline = deadline;
            Role role = switch (log) {
                case AGENT -> Role.NODE;
                case KEEPER -> Role.KEEPER;
            };
            whose = new Principal(role, node.value()).toString();
        }

        /** Empty if the node has no such log. */
        Optional<AuditRpc.NodeLog> run() throws RpcFailed, InterruptedException {
            Optional<AuditPage.Place> before = Optional.empty();
            do {
                Optional<AuditPage> page = agent.call(AuditLogRpc.READ, new AuditLogRpc.Read(node, log, before), left())
                        .page();
                if (page.isEmpty()) {
                    return Optional.empty();
                }
                requireProgress(before, page.get().begin());
                take(page.get());
                before = page.get().begin();
            } while (before.isPresent() && wantsMore());
            if (before.isEmpty()) {
                chain.end();
            }
            return Optional.of(
                    new AuditRpc.NodeLog(whose, chain.entries(), chain.refused(), chain.broken(), List.copyOf(rows)));
        }

        private Duration left() throws RpcFailed {
            long nanos = deadline - System.nanoTime();
            if (nanos <= 0) {
                throw new RpcFailed(RpcFailed.Kind.TIMED_OUT, "its audit logs were not read in time");
            }
            return Duration.ofNanos(nanos);
        }

        private void requireProgress(Optional<AuditPage.Place> before, Optional<AuditPage.Place> begin)
                throws RpcFailed {
            if (before.isPresent() && begin.isPresent() && !begin.get().isBefore(before.get())) {
                throw new RpcFailed(RpcFailed.Kind.FAILED, "it tells the same part of " + whose + "'s log again");
            }
        }

        private boolean wantsMore() {
            return ask.whole() || (rows.size() < ask.most() && shown < SHOWN);
        }

        private void take(AuditPage page) throws RpcFailed {
            for (String line : page.lines().reversed()) {
                bytes += line.length() + 1L;
                if (bytes > NodeAudit.LARGEST) {
                    throw new RpcFailed(
                            RpcFailed.Kind.FAILED, "it tells more of " + whose + "'s log than a node keeps of one");
                }
                if (!wantsMore()) {
                    return;
                }
                chain.take(line).ifPresent(entry -> show(entry, line.getBytes(StandardCharsets.UTF_8).length));
            }
        }

        private void show(AuditEntry entry, int length) {
            if (rows.size() < ask.most() && shown < SHOWN) {
                shown += length;
                rows.addFirst(AuditService.row(whose, entry));
            }
        }
    }
}
