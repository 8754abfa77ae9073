package dev.scc.cluster.front;

import dev.scc.cluster.agent.DropsRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks agents what filters on their nodes have counted, all at the same time. */
final class DropsSearch {
    private final AskedAgents<DropsRpc.Counted> agents;

    /** @param world where the agents are said to be */
    DropsSearch(World world, Connections connections) {
        agents = new AskedAgents<>(world, connections);
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
        agents.ask(
                tables.keySet(),
                (agent, node) -> agent.call(
                        DropsRpc.COUNT, new DropsRpc.Count(node, tables.getOrDefault(node, List.of())), each));
        return new Found(
                agents.answers(),
                agents.silent().entrySet().stream()
                        .map(one -> new GroupPackets.Unread(one.getKey(), one.getValue()))
                        .toList());
    }
}
