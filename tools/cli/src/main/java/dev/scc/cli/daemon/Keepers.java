package dev.scc.cli.daemon;

import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.agent.AuditLogService;
import dev.scc.cluster.audit.NodeAudit;
import dev.scc.cluster.rpc.Connections;
import dev.scc.host.NodeName;
import dev.scc.job.keeper.KeeperDaemon;
import dev.scc.job.keeper.KeeperSpec;
import dev.scc.job.node.NodeSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How agents start keepers of jobs: by this distribution's own command line. */
public final class Keepers {
    /** Where the distribution is; its launcher says so. */
    private static final String HOME = "scc.home";

    private Keepers() {}

    /**
     * That of one node.
     *
     * @param agent where the node's agent listens
     * @param data the agent's data directory
     * @param clientSilence how long the caller of a job may be silent
     * @param connections of the agent
     * @param credentials file of what the keeper shows
     * @param cgroup for the keeper's process; empty for that of the agent
     */
    public static KeeperDaemon of(
            NodeName node,
            NodeSettings jobs,
            InetSocketAddress agent,
            Path data,
            String version,
            Duration clientSilence,
            Connections connections,
            Path credentials,
            Optional<Path> cgroup) {
        return daemon(
                data,
                version,
                clientSilence,
                List.of(KeeperSpec.Node.of(node, agent, port(agent), jobs, credentials)),
                _ -> connections,
                cgroup);
    }

    /** What a keeper has in an agent's data directory. */
    public static Path directory(Path data) {
        return data.resolve("keeper");
    }

    /** The audit logs that both keep there, for servers that ask. */
    static AuditLogService auditLogs(NodeName node, Path data) {
        return new AuditLogService(
                node,
                Map.of(
                        AuditLogRpc.Log.AGENT,
                        data.resolve(NodeAudit.DIRECTORY),
                        AuditLogRpc.Log.KEEPER,
                        directory(data).resolve(NodeAudit.DIRECTORY)));
    }

    /** The one after the agent's, so that a firewall can let both in. */
    static int port(InetSocketAddress agent) {
        return agent.getPort() + 1;
    }

    /** One for all these nodes. */
    static KeeperDaemon daemon(
            Path data,
            String version,
            Duration clientSilence,
            List<KeeperSpec.Node> nodes,
            Function<NodeName, Connections> connections,
            Optional<Path> cgroup) {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new IllegalStateException("-D" + HOME + " is not set; agents are started by the command scc");
        }
        Path directory = directory(data.toAbsolutePath());
        List<String> command = List.of(home + "/bin/scc", "keeper", directory.toString());
        return new KeeperDaemon(
                directory, command, new KeeperSpec(version, clientSilence.toSeconds(), nodes), connections, cgroup);
    }
}
