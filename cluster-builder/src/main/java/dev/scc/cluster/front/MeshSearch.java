package dev.scc.cluster.front;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.agent.MeshRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.view.MeshView;
import dev.scc.cluster.world.World;
import java.time.Duration;

/** Asks a cluster's members what their probes of the mesh have come to, all at the same time. */
final class MeshSearch {
    /** Of each pair, one by one. */
    private static final int SAMPLES = 60;

    private final World world;
    private final Connections connections;

    MeshSearch(World world, Connections connections) {
        this.world = world;
        this.connections = connections;
    }

    /** @param each how long each node may take to answer */
    MeshView run(ClusterRecord cluster, Duration each) {
        AskedAgents<MeshRpc.Series> agents = new AskedAgents<MeshRpc.Series>(world, connections)
                .ask(
                        cluster.members(),
                        (agent, node) -> agent.call(MeshRpc.READ, new MeshRpc.Read(node, SAMPLES), each));
        return MeshView.of(cluster.name(), cluster.members(), agents.answers(), agents.silent());
    }
}
