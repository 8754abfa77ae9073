package dev.scc.cluster.client;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Waiting;
import dev.scc.cluster.rpc.Connections;
import java.time.Duration;

/** A node that asks its servers for ENIs of its containers. Thread-safe. */
public final class ContainerClient implements AutoCloseable {
    private final String hosts;
    private final Servers servers;
    private final Duration patience;

    private ContainerClient(String hosts, Servers servers, Duration patience) {
        this.hosts = hosts;
        this.servers = servers;
        this.patience = patience;
    }

    /**
     * Connects with the first call.
     *
     * @param hosts of the servers, {@code host:port} with commas between several
     * @param connections as the node
     * @param patience how long to look for one that answers, at each call
     */
    public static ContainerClient to(String hosts, Connections connections, Duration patience) {
        return new ContainerClient(
                hosts, new Servers(ServerAddresses.parse(hosts), connections, ServerRpc.CONTAINER), patience);
    }

    /** Asks, and waits for what becomes of it. */
    public Outcome ask(Request request, Duration atMost) throws ServerUnreachable, TimedOut, InterruptedException {
        return new RequestCall(servers, Waiting.ofThreads(), hosts, ClusterClient.newRequestId(), request, patience)
                .run(atMost, _ -> {});
    }

    @Override
    public void close() {
        servers.close();
    }
}
