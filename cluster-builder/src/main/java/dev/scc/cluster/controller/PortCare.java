package dev.scc.cluster.controller;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.port.Ports;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.port.SwitchPort.Allowed;
import dev.scc.host.NodeName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Says what is wanted of the nodes' switch ports: of one that serves a cluster, its part of the segment; of any other, nothing. */
final class PortCare {
    private final Tree tree;
    private final Ports ports;
    private final Map<ClusterName, Known> rosters = new HashMap<>();

    /** A roster, with the record that it was read for: another record of that name may have another roster of that revision. */
    private record Known(ClusterRecord record, Roster roster) {}

    PortCare(Tree tree, Ports ports) {
        this.tree = tree;
        this.ports = ports;
    }

    void want(World world, long epoch) throws ConnectionLost, InterruptedException {
        rosters.keySet().retainAll(world.clusters().keySet());
        Map<NodeName, Optional<Allowed>> settings = new HashMap<>();
        for (Node node : world.nodes().values()) {
            settings.put(
                    node.name(),
                    node.assignment().value() instanceof Assignment.Serve serve
                            ? allowed(world, node.name(), serve)
                            : Optional.empty());
        }
        ports.want(settings, epoch);
    }

    /** The same world, in which no node that leaves its cluster is clean before its port is closed. */
    World closing(World world) {
        Map<NodeName, Optional<String>> open = new HashMap<>();
        for (Node node : world.nodes().values()) {
            if (node.assignment().value() instanceof Assignment.Leave && node.clean()) {
                ports.open(node.name()).ifPresent(still -> open.put(node.name(), still.failure()));
            }
        }
        return open.isEmpty() ? world : world.notClean(open);
    }

    private Optional<Allowed> allowed(World world, NodeName node, Assignment.Serve serve)
            throws ConnectionLost, InterruptedException {
        Held<ClusterRecord> held = world.clusters().get(serve.cluster());
        if (held == null) {
            return Optional.empty();
        }
        Known known = rosters.get(serve.cluster());
        if (known == null || !known.record().equals(held.value())) {
            Optional<Roster> read = Rosters.of(tree, held.value());
            if (read.isEmpty()) {
                return Optional.empty();
            }
            known = new Known(held.value(), read.get());
            rosters.put(serve.cluster(), known);
        }
        Roster roster = known.roster();
        return roster.members().stream()
                .filter(member -> member.node().equals(node))
                .map(Member::rdmaAddress)
                .map(address -> new Allowed(roster.segment().vlan(), address))
                .findFirst();
    }

    void rest() {
        ports.rest();
    }
}
