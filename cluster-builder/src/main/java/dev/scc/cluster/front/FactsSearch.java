package dev.scc.cluster.front;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.agent.FactsRpc;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Has agents observe their nodes, all at the same time, and compares their clocks with this server's. */
final class FactsSearch {
    private final Connections connections;
    private final InstantSource clock;

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
    ServerRpc.Observations run(World world, Collection<Node> nodes, Duration each) {
        AskedAgents<NodeFacts> agents = new AskedAgents<NodeFacts>(world, connections)
                .ask(nodes.stream().map(Node::name).toList(), (agent, node) -> observed(agent, node, each));
        return new ServerRpc.Observations(
                List.copyOf(agents.answers().values()),
                agents.silent().entrySet().stream()
                        .map(one -> new ServerRpc.Unobserved(one.getKey(), one.getValue()))
                        .toList());
    }

    private NodeFacts observed(RpcChannel agent, NodeName node, Duration each) throws RpcFailed, InterruptedException {
        long start = clock.millis();
        FactsRpc.Observed seen = agent.call(FactsRpc.OBSERVE, new FactsRpc.Observe(node), each);
        long end = clock.millis();
        if (!seen.facts().node().equals(node)) {
            throw new RpcFailed(
                    RpcFailed.Kind.FAILED,
                    "who answers there says that it is node " + seen.facts().node());
        }
        // It was read at some moment between the two.
        return seen.facts().with(new NodeFacts.Clock(seen.at() - end, end - start));
    }
}
