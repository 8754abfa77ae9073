package dev.scc.cli.daemon;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.Obstruction;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import dev.scc.vpc.EchoProber;
import dev.scc.vpc.PathOutcome;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the networks of a cluster that does not exist on this node, sends a probe, and takes them back, before the agent offers the node.
 * What the node cannot do is in its log before anybody waits for it; and the first real cluster does not have to wait for
 * kernel modules, tools and classes that have never been used (half of its time on a slow node).
 */
public final class Rehearsal {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
    /** The last of each, which a pool gives out last; and addresses for documentation (RFC 5737), which nobody has. */
    private static final int LAST_VNI = 0xFFFFFF;

    private static final int LAST_VLAN = 4094;
    private static final int MTU = 1450;
    private static final Cidr VPC = Cidr.parse("192.0.2.0/24");
    private static final Cidr SEGMENT = Cidr.parse("198.51.100.0/24");

    private Rehearsal() {}

    /** Does nothing on a node that bears anything of ours: an agent that is back must find its cluster as it left it. */
    public static void run(AgentSettings settings, Machine machine, NodeInventory has)
            throws CommandFailed, InterruptedException {
        if (!machine.observe().objects().isEmpty()) {
            return;
        }
        Optional<String> obstacle = Obstruction.of(List.of(VPC, SEGMENT), has);
        if (obstacle.isPresent()) {
            log.atInfo()
                    .addKeyValue("node", settings.node())
                    .addKeyValue("why", "has to reach " + obstacle.get())
                    .log("networks not rehearsed");
            return;
        }
        long started = System.nanoTime();
        Roster roster = Json.read(Json.write(roster(settings, device(settings, has))), Roster.class);
        NetState wanted = new ClusterNetworks(settings.underlay()).wanted(roster, settings.node(), has);
        PlanRunner runner = new PlanRunner(machine);
        PlanOutcome built = runner.run(NetPlanner.plan(NetState.empty(), wanted));
        NetState there = machine.observe();
        Ipv4 self = Ipv4.parse("127.0.0.1");
        PathOutcome probed =
                new EchoProber(NetworkNamespace.own()).probe(new PathProber.Path("lo", self, self, Optional.of(MTU)));
        PlanOutcome removed = runner.run(NetPlanner.plan(there, NetState.empty()));
        log.atInfo()
                .addKeyValue("node", settings.node())
                .addKeyValue("millis", (System.nanoTime() - started) / 1_000_000)
                .addKeyValue("built", words(built))
                .addKeyValue("probed", probed)
                .addKeyValue("removed", words(removed))
                .log("networks rehearsed");
    }

    private static String words(PlanOutcome outcome) {
        return switch (outcome) {
            case PlanOutcome.Done _ -> "all";
            case PlanOutcome.Undone undone -> "not " + undone.failed().title() + ": " + undone.why();
            case PlanOutcome.Stuck stuck -> "not " + stuck.failed().title() + ": " + stuck.why();
        };
    }

    private static String device(AgentSettings settings, NodeInventory has) {
        return has.rdmaDevices().stream()
                .filter(device -> device.netdev().equals(settings.rdma()))
                .map(RdmaDevice::name)
                .findFirst()
                .orElse("");
    }

    private static Roster roster(AgentSettings settings, String device) {
        return new Roster(
                new ClusterName("rehearsal"),
                1,
                0,
                VpcNetwork.of("rehearsal", new Vni(LAST_VNI), VPC),
                Segment.of(new VlanId(LAST_VLAN), SEGMENT),
                List.of(
                        member(settings, settings.node(), device, 1),
                        member(settings, new NodeName("another"), device, 2)));
    }

    private static Member member(AgentSettings settings, NodeName node, String device, int number) {
        Ipv4 underlay = Ipv4.parse("203.0.113.0").plus(number);
        return new Member(
                node, underlay, underlay + ":1", VPC.host(number), SEGMENT.host(number), device, settings.rdma());
    }
}
