package dev.scc.cluster.front;

import dev.scc.cluster.agent.DropsRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks agents what filters on their nodes have counted, all at the same time. */
final class DropsSearch {
    private final World world;
    private final Connections connections;
    private final Map<NodeName, DropsRpc.Counted> counted = new TreeMap<>();
    private final List<GroupPackets.Unread> unread = new ArrayList<>();

    /** @param world where the agents are said to be */
    DropsSearch(World world, Connections connections) {
        this.world = world;
        this.connections = connections;
    }

    /** What came of it: of each node one or the other. */
    record Found(Map<NodeName, DropsRpc.Counted> counted, List<GroupPackets.Unread> unread) {}

    /**
     * Asks them.
     *
     * @param tables of nftables, by nodes
     * @param each how long each node may take to answer
     */
    Found run(Map<NodeName, List<String>> tables, Duration each) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            tables.forEach((node, its) -> threads.execute(() -> ask(node, its, each)));
        }
        unread.sort(Comparator.comparing(GroupPackets.Unread::node));
        return new Found(counted, unread);
    }

    private void ask(NodeName name, List<String> tables, Duration each) {
        Optional<Node> node = Optional.ofNullable(world.nodes().get(name));
        Optional<String> address =
                node.flatMap(known -> known.record().value().machine().agent());
        if (node.filter(Node::alive).isEmpty()) {
            skip(name, "its agent is gone");
        } else if (address.isEmpty()) {
            skip(name, "it has not said where its agent is");
        } else {
            try (RpcChannel agent = connections.to(Peer.agent(name, address.get()))) {
                add(name, agent.call(DropsRpc.COUNT, new DropsRpc.Count(name, tables), each));
            } catch (RpcFailed e) {
                skip(name, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                skip(name, "interrupted");
            }
        }
    }

    private synchronized void add(NodeName node, DropsRpc.Counted answer) {
        counted.put(node, answer);
    }

    private synchronized void skip(NodeName node, String why) {
        unread.add(new GroupPackets.Unread(node, why));
    }
}
