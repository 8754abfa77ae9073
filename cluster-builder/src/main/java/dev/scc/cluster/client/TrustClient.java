package dev.scc.cluster.client;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Root;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What administrators ask a pool's servers: who may come in, and who has to go. Thread-safe. */
public final class TrustClient implements AutoCloseable {
    private final String hosts;
    private final Servers servers;
    private final Duration patience;

    private TrustClient(String hosts, Servers servers, Duration patience) {
        this.hosts = hosts;
        this.servers = servers;
        this.patience = patience;
    }

    /**
     * Nothing is sent yet.
     *
     * @param hosts as people write them
     * @param patience how long each answer may take
     */
    public static TrustClient to(String hosts, Connections connections, Duration patience) {
        return new TrustClient(hosts, new Servers(ServerAddresses.parse(hosts), connections), patience);
    }

    /**
     * A token that lets somebody in, once.
     *
     * @param address that he has to come from; empty for any
     * @param lasts how long, at most 7 days
     * @param person what he may do beyond his role; empty for a node
     */
    public TrustRpc.Token invite(Principal principal, Optional<String> address, Duration lasts, Optional<Rights> person)
            throws ServerUnreachable, InterruptedException {
        return ask(TrustRpc.INVITE, new TrustRpc.Invite(principal, address, lasts.toSeconds(), person));
    }

    public List<TrustRpc.Person> people() throws ServerUnreachable, InterruptedException {
        return ask(TrustRpc.PEOPLE, new ServerRpc.Nothing()).people();
    }

    /** From now on nothing counts that was signed for him before. */
    public void revoke(Principal principal) throws ServerUnreachable, InterruptedException {
        ask(TrustRpc.REVOKE, new TrustRpc.Revoke(principal));
    }

    public TrustRpc.RootsSaid roots() throws ServerUnreachable, InterruptedException {
        return ask(TrustRpc.ROOTS, new ServerRpc.Nothing());
    }

    /** @param force although somebody is behind, who is cut off by that */
    public void rotate(Root root, TrustRpc.RotationStep step, boolean force)
            throws ServerUnreachable, InterruptedException {
        ask(TrustRpc.ROTATE, new TrustRpc.Rotate(root, step, force));
    }

    private <Q, A> A ask(RpcMethod<Q, A> method, Q question) throws ServerUnreachable, InterruptedException {
        try {
            return servers.ask(method, question, patience, false);
        } catch (LineLost e) {
            throw ServerUnreachable.noAnswer(hosts, patience, e);
        }
    }

    @Override
    public void close() {
        servers.close();
    }
}
