package dev.scc.cluster.agent;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.tree.Tree;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.ListeningChannels;
import dev.scc.vpc.PathProber;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What an agent does for those who call it: probes, and what its extensions offer. */
final class AgentFront implements AutoCloseable {
    private final AtomicReference<Supplier<Optional<ServedCluster>>> served;
    private final AtomicReference<Runnable> signal;
    private final RpcServer server;
    private final List<LeaveHook> leaveHooks;
    private final List<LeftoverService.Source> sources;
    private final List<AgentProcess.Extension> extensions;

    private AgentFront(
            AtomicReference<Supplier<Optional<ServedCluster>>> served,
            AtomicReference<Runnable> signal,
            RpcServer server,
            List<LeaveHook> leaveHooks,
            List<LeftoverService.Source> sources,
            List<AgentProcess.Extension> extensions) {
        this.extensions = List.copyOf(extensions);
        this.served = served;
        this.signal = signal;
        this.server = server;
        this.leaveHooks = List.copyOf(leaveHooks);
        this.sources = sources;
    }

    /**
     * Listens, and only then makes the extensions: what they find left of an earlier agent they end, so that agent must be gone.
     * Until it is told what the node serves, it is nothing.
     *
     * @throws IOException if the address cannot be bound, as when another agent runs on this node; nothing was touched
     */
    static AgentFront open(
            ListeningChannels sockets,
            InetSocketAddress bind,
            Connections connections,
            Identity identity,
            Prober prober,
            PathProber paths,
            List<AgentProcess.ExtensionMaker> extensionMakers)
            throws IOException {
        AtomicReference<Supplier<Optional<ServedCluster>>> served = new AtomicReference<>(Optional::empty);
        List<AgentProcess.Extension> extensions = new ArrayList<>();
        List<ServerServiceDefinition> services = new ArrayList<>();
        List<LeaveHook> hooks = new ArrayList<>();
        List<LeftoverService.Source> sources = new CopyOnWriteArrayList<>();
        AtomicReference<Runnable> signal = new AtomicReference<>(() -> {});
        RpcServer server = RpcServer.bind(sockets, bind, connections);
        try {
            for (AgentProcess.ExtensionMaker maker : extensionMakers) {
                AgentProcess.Extension extension =
                        maker.make(() -> served.get().get(), new InetSocketAddress(bind.getAddress(), server.port()));
                extensions.add(extension);
                services.addAll(extension.services());
                hooks.addAll(extension.leaveHooks());
                sources.add(extension.leftovers());
            }
            services.add(new AgentService(identity, () -> served.get().get(), prober, paths).definition());
            services.add(new LeftoverService(
                            identity.node(), () -> sources, () -> signal.get().run())
                    .definition());
            server.offer(services);
            return new AgentFront(served, signal, server, hooks, sources, extensions);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** From now on this agent answers, and has a session. {@code pass} has it look at its node anew. */
    void answers(Agent agent, Tree tree, Runnable pass) {
        extensions.forEach(extension -> {
            extension.joined(tree);
            extension.onNews(() -> {
                agent.doubtInventory();
                pass.run();
            });
        });
        served.set(agent::served);
        sources.add(agent::leftovers);
        signal.set(pass);
    }

    List<LeaveHook> leaveHooks() {
        return leaveHooks;
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
