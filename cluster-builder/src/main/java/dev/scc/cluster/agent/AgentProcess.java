package dev.scc.cluster.agent;

import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.reactor.Instance;
import dev.scc.cluster.reactor.Reactor;
import dev.scc.cluster.zk.CuratorTree;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.Ipv4;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.Machine;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of a running agent. */
public final class AgentProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentProcess.class);
    private static final Duration SESSION = Duration.ofSeconds(6);

    private final AgentFront front;
    private final CuratorTree tree;
    private final Reactor reactor;
    private final Agent agent;

    private AgentProcess(AgentFront front, CuratorTree tree, Reactor reactor, Agent agent) {
        this.front = front;
        this.tree = tree;
        this.reactor = reactor;
        this.agent = agent;
    }

    /** Something else that lives in the agent: its gRPC services, and what it has to end before a cluster is left. */
    public interface Guest {
        List<ServerServiceDefinition> services();

        List<LeaveHook> leaveHooks();

        /** What it has made on the node and what belongs to nothing any more. */
        LeftoverService.Source leftovers();
    }

    /** Makes a guest that may ask at any time what the node serves. */
    @FunctionalInterface
    public interface GuestMaker {
        /** @param address where the guest's services will be called */
        Guest make(Supplier<Optional<Served>> served, InetSocketAddress address);
    }

    /**
     * Starts an agent. It connects to ZooKeeper in the background, for as long as that takes.
     *
     * @throws IOException if its data directory or its port cannot be used
     * @throws CommandFailed if the node cannot be looked at
     * @throws IllegalArgumentException if the underlay interface is not there or has no address
     */
    public static AgentProcess start(
            AgentSettings settings,
            Machine machine,
            NodeNetwork network,
            InventorySource inventory,
            Prober prober,
            List<GuestMaker> guestMakers)
            throws IOException, CommandFailed {
        Ipv4 underlay = address(inventory.read(), settings.underlay());
        String instance = Instance.of(settings.data());
        Identity identity = new Identity(settings.node(), instance, underlay, "", settings.rdma(), settings.version());
        InetSocketAddress bind = new InetSocketAddress(InetAddress.getByName(underlay.toString()), settings.port());
        AgentFront front = AgentFront.open(ServerSocketFactory.getDefault(), bind, identity, prober, guestMakers);
        identity = identity.at(underlay + ":" + front.port());
        Ledger<Roster> ledger = new Ledger<>(settings.data().resolve("ledger.json"), Roster.class);
        CuratorTree tree = CuratorTree.open(settings.server(), SESSION);
        Agent agent = new Agent(
                tree,
                identity,
                machine,
                network,
                new ServerAddresses(settings.server()).among(inventory),
                ledger,
                front.leaveHooks(),
                InstantSource.system(),
                System::nanoTime);
        try {
            agent.recall();
        } catch (IOException e) {
            tree.close();
            front.close();
            throw e;
        }
        Reactor reactor = new Reactor("agent-" + settings.node(), agent);
        front.answers(agent, reactor::signal);
        tree.watch(Paths.assign(settings.node()), reactor::signal);
        tree.watch(Paths.node(settings.node()), reactor::signal);
        reactor.start();
        log.atInfo()
                .addKeyValue("node", settings.node())
                .addKeyValue("address", identity.address())
                .log("agent started");
        return new AgentProcess(front, tree, reactor, agent);
    }

    private static Ipv4 address(NodeInventory has, String underlay) {
        return has.nics().stream()
                .filter(nic -> nic.name().equals(underlay))
                .flatMap(nic -> nic.addresses().stream())
                .findFirst()
                .map(address -> Ipv4.parse(address.substring(0, address.indexOf('/'))))
                .orElseThrow(() -> new IllegalArgumentException(
                        "underlay interface " + underlay + " is not there or has no IPv4 address"));
    }

    /** What the node serves at the moment. */
    public Optional<Served> served() {
        return agent.served();
    }

    /** The port of the gRPC service. */
    public int port() {
        return front.port();
    }

    /** Stops the agent. The node's networks stay as they are. */
    @Override
    public void close() {
        reactor.close();
        tree.close();
        front.close();
        log.atInfo().log("agent stopped");
    }
}
