package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.TrustClient;
import java.time.Duration;

/** Connections to the server that the options name. */
final class Pool {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Pool() {}

    static ClusterClient connect(GlobalOptions options) throws Failure, InterruptedException {
        return connect(options, options.timeoutOr(PATIENCE));
    }

    /** @param most the most that the caller waits for a server; this never waits longer than 10 s */
    static ClusterClient connect(GlobalOptions options, Duration most) throws Failure, InterruptedException {
        return ClusterClient.to(
                options.servers(), options.connections(), most.compareTo(PATIENCE) < 0 ? most : PATIENCE);
    }

    /** The same for administrators. */
    static TrustClient trust(GlobalOptions options, Duration usual) throws Failure, InterruptedException {
        return TrustClient.to(options.servers(), options.connections(), options.timeoutOr(usual));
    }

    /** The same for the audit logs of all servers that the options name. */
    static AuditClient audit(GlobalOptions options, Duration usual) throws Failure, InterruptedException {
        return new AuditClient(options.servers(), options.connections(), options.timeoutOr(usual));
    }

    static Failure noSuchCluster(String what, ClusterName name) {
        return new Failure(
                ExitStatus.FAILED, Problem.of(what, "there is no cluster " + name, "scc list shows which there are"));
    }
}
