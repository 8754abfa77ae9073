package dev.scc.cluster.agent;

import dev.scc.cluster.Roster;
import dev.scc.cluster.reactor.Instance;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.Ipv4;
import dev.scc.host.UserMistake;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of a running agent. */
public final class AgentProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentProcess.class);
    private static final Duration SESSION = Duration.ofSeconds(6);

    private final RunningAgent agent;

    private AgentProcess(RunningAgent agent) {
        this.agent = agent;
    }

    /** Something else that lives in the agent: its gRPC services, and what it has to end before a cluster is left. */
    public interface Extension {
        List<ServerServiceDefinition> services();

        /** What has to be ended on the node before a cluster leaves it. */
        default List<LeaveHook> leaveHooks() {
            return List.of();
        }

        /** From now on it may tell the tree something by the agent's own session. */
        default void joined(Tree tree) {}

        /** From now on it may have the agent look anew at what the node has. */
        default void onNews(Runnable news) {}

        /** What it has made on the node and what belongs to nothing any more. */
        default LeftoverService.Source leftovers() {
            return _ -> List.of();
        }
    }

    /** Makes an extension that may ask at any time what the node serves. */
    @FunctionalInterface
    public interface ExtensionMaker {
        /** @param address where the extension's services will be called */
        Extension make(Supplier<Optional<ServedCluster>> served, InetSocketAddress address);
    }

    /**
     * Starts an agent. It connects to ZooKeeper in the background, for as long as that takes.
     *
     * @throws IOException if its data directory or its port cannot be used
     * @throws CommandFailed if the node cannot be looked at
     * @throws UserMistake if the underlay interface is not there or has no address
     */
    public static AgentProcess start(
            AgentSettings settings,
            Connections connections,
            Machine machine,
            NodeNetwork network,
            InventorySource inventory,
            Prober prober,
            List<ExtensionMaker> extensionMakers)
            throws IOException, CommandFailed {
        return start(settings, connections, machine, network, inventory, prober, extensionMakers, Optional.empty());
    }

    /**
     * The same on a machine whose programs look names up in a file.
     *
     * @param hosts the file; empty if it is left alone
     */
    public static AgentProcess start(
            AgentSettings settings,
            Connections connections,
            Machine machine,
            NodeNetwork network,
            InventorySource inventory,
            Prober prober,
            List<ExtensionMaker> extensionMakers,
            Optional<Path> hosts)
            throws IOException, CommandFailed {
        Ipv4 underlay = address(inventory.read(), settings.underlay());
        String instance = Instance.of(settings.data());
        InetSocketAddress bind = new InetSocketAddress(InetAddress.getByName(underlay.toString()), settings.port());
        Identity identity = new Identity(settings.node(), instance, underlay, "", settings.rdma(), settings.version());
        HostedNode node = new HostedNode(
                identity,
                machine,
                network,
                inventory,
                new Ledger<>(settings.data().resolve("ledger.json"), Roster.class),
                connections,
                Optional.of(new HostedNode.Services(bind, prober, extensionMakers)),
                hosts.map(file -> KernelNames.ofMachine(identity, file)));
        RunningAgent agent = RunningAgent.start(
                node,
                settings.server(),
                new RunningAgent.Holding(
                        shown -> TreeSessions.open(settings.server(), shown, settings.door(), SESSION),
                        Thread::ofPlatform,
                        TreeTexts.ofOneAgent()));
        log.atInfo()
                .addKeyValue("node", settings.node())
                .addKeyValue("address", agent.identity().address())
                .log("agent started");
        return new AgentProcess(agent);
    }

    private static Ipv4 address(NodeInventory has, String underlay) {
        return has.nics().stream()
                .filter(nic -> nic.name().equals(underlay))
                .flatMap(nic -> nic.addresses().stream())
                .findFirst()
                .map(address -> Ipv4.parse(address.substring(0, address.indexOf('/'))))
                .orElseThrow(() ->
                        new UserMistake("underlay interface " + underlay + " is not there or has no IPv4 address"));
    }

    /** What the node serves at the moment. */
    public Optional<ServedCluster> served() {
        return agent.agent().served();
    }

    /** The port of the gRPC service. */
    public int port() {
        String address = agent.identity().address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Stops the agent. The node's networks stay as they are. */
    @Override
    public void close() {
        agent.close();
        log.atInfo().log("agent stopped");
    }
}
