package dev.scc.cluster.front;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.agent.FactsRpc;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Has agents observe their nodes, all at the same time, and compares their clocks with this server's. */
final class FactsSearch {
    private final Connections connections;
    private final InstantSource clock;
    private final List<NodeFacts> facts = new ArrayList<>();
    private final List<ServerRpc.Unobserved> unobserved = new ArrayList<>();

    FactsSearch(Connections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    /** The members of the cluster of that name, or else the node; all nodes if there is no name. Only what the asker may see. */
    static List<Node> chosen(Permission permission, Optional<String> name) {
        World world = permission.world();
        List<Node> seen = world.nodes().values().stream()
                .filter(node -> permission.maySee(node.name()))
                .toList();
        if (name.isEmpty()) {
            return seen;
        }
        Optional<List<NodeName>> members = world.clusters().values().stream()
                .map(Held::value)
                .filter(cluster -> cluster.name().value().equals(name.get()))
                .map(ClusterRecord::members)
                .findFirst();
        return seen.stream()
                .filter(node -> members.map(all -> all.contains(node.name()))
                        .orElseGet(() -> node.name().value().equals(name.get())))
                .toList();
    }

    /** @param each how long each node may take to answer */
    ServerRpc.Observations run(Collection<Node> nodes, Duration each) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            nodes.forEach(node -> threads.execute(() -> ask(node, each)));
        }
        facts.sort(Comparator.comparing(NodeFacts::node));
        unobserved.sort(Comparator.comparing(ServerRpc.Unobserved::node));
        return new ServerRpc.Observations(facts, unobserved);
    }

    private void ask(Node node, Duration each) {
        Optional<String> address = node.record().value().machine().agent();
        if (!node.alive()) {
            skip(node.name(), "its agent is gone");
        } else if (address.isEmpty()) {
            skip(node.name(), "it has not said where its agent is");
        } else {
            try (RpcChannel agent = connections.to(Peer.agent(node.name(), address.get()))) {
                long start = clock.millis();
                FactsRpc.Observed seen = agent.call(FactsRpc.OBSERVE, new FactsRpc.Observe(node.name()), each);
                long end = clock.millis();
                // It was read at some moment between the two.
                add(node.name(), seen.facts().with(new NodeFacts.Clock(seen.at() - end, end - start)));
            } catch (RpcFailed e) {
                skip(node.name(), String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                skip(node.name(), "interrupted");
            }
        }
    }

    private synchronized void add(NodeName node, NodeFacts seen) {
        if (seen.node().equals(node)) {
            facts.add(seen);
        } else {
            skip(node, "who answers there says that it is node " + seen.node());
        }
    }

    private synchronized void skip(NodeName node, String why) {
        unobserved.add(new ServerRpc.Unobserved(node, why));
    }
}
