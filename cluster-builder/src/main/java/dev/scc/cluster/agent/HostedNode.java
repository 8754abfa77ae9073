package dev.scc.cluster.agent;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.ListeningChannels;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * A node whose agent lives in an {@link AgentHost}.
 *
 * @param identity its address is replaced by that of the services, if there are any
 * @param ledger of a node that outlives this process it is on disk, else it may be in memory
 * @param connections by which it shows who it is
 * @param services what the node can do for others; empty if it can neither probe nor run jobs
 * @param names where its programs look names up; empty if none do
 */
public record HostedNode(
        Identity identity,
        Machine machine,
        NodeNetwork network,
        InventorySource inventory,
        Ledger<Roster> ledger,
        Connections connections,
        Optional<Services> services,
        Optional<NodeNames> names) {

    /** One where nobody looks names up. */
    public HostedNode(
            Identity identity,
            Machine machine,
            NodeNetwork network,
            InventorySource inventory,
            Ledger<Roster> ledger,
            Connections connections,
            Optional<Services> services) {
        this(identity, machine, network, inventory, ledger, connections, services, Optional.empty());
    }

    /**
     * Its gRPC server.
     *
     * @param bind where it listens and is reached; port 0 takes a free one
     * @param sockets makes the one that it listens with
     */
    public record Services(
            InetSocketAddress bind,
            ListeningChannels sockets,
            Prober prober,
            List<AgentProcess.ExtensionMaker> extensions) {
        public Services {
            extensions = List.copyOf(extensions);
        }

        /** On this machine. */
        public Services(InetSocketAddress bind, Prober prober, List<AgentProcess.ExtensionMaker> extensions) {
            this(bind, ListeningChannels.ofThisProcess(), prober, extensions);
        }
    }
}
