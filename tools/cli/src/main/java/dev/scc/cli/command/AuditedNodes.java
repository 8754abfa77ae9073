package dev.scc.cli.command;

import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.host.HostList;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose audit logs are meant: those of servers, of nodes, or all. */
final class AuditedNodes {
    @Option(
            names = "--node",
            paramLabel = "NODES",
            description =
                    "The logs that these nodes' agents and keepers of jobs keep there instead, such as n7 or n[1-8]: read by"
                            + " a server through the agents.")
    @Nullable
    String nodes;

    @Option(names = "--all", description = "The servers' logs and those of all nodes.")
    boolean all;

    /** @throws UserMistake if the options contradict each other */
    void check() {
        if (nodes != null && all) {
            throw new UserMistake("--all has all nodes in it: leave --node or --all out");
        }
    }

    boolean servers() {
        return nodes == null;
    }

    boolean some() {
        return nodes != null || all;
    }

    List<NodeName> names(AuditClient client) throws ServerUnreachable, InterruptedException {
        if (nodes != null) {
            return UserMistake.reading("--node", nodes, HostList::parse);
        }
        return all ? client.nodes() : List.of();
    }
}
