package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.fabric.inventory.Need;
import dev.scc.host.IpNetwork;
import dev.scc.host.NodeName;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds of each node: its assignment, its machine, its ledger, and what it says. */
final class NodePromises {
    private final Simulation sim;
    private final Mirror tree;
    private final Map<Hardware, Long> obeyed = new HashMap<>();

    NodePromises(Simulation sim, Mirror tree) {
        this.sim = sim;
        this.tree = tree;
    }

    void assigned(
            NodeName node, Optional<Assignment> before, Optional<Assignment> after, long epoch, boolean otherMachine) {
        if (after.isEmpty()) {
            require(!tree.nodes.containsKey(node), "P1", () -> "the assignment of " + node + " is gone");
            require(
                    before.isPresent() && !(before.get() instanceof Assignment.Serve),
                    "P1",
                    () -> node + " is forgotten, and was " + before);
            return;
        }
        Assignment next = after.get();
        require(next.epoch() == epoch, "P4", () -> node + " is assigned " + next + " in epoch " + epoch);
        if (before.isEmpty()) {
            require(next instanceof Assignment.Free, "P1", () -> node + " is enrolled with " + next);
            return;
        }
        boolean legal = switch (before.get()) {
            case Assignment.Free _ ->
                next instanceof Assignment.Serve || (otherMachine && next instanceof Assignment.Free);
            case Assignment.Serve(long _, var cluster, int revision, int network) ->
                (next instanceof Assignment.Serve serve
                                && serve.cluster().equals(cluster)
                                && serve.network() == network
                                && serve.revision() > revision)
                        || (next instanceof Assignment.Leave leave
                                && leave.cluster().equals(cluster)
                                && leave.network() == network);
            case Assignment.Leave _ -> next instanceof Assignment.Free;
        };
        require(legal, "P1", () -> node + " goes from " + before.get() + " to " + next);
        if (next instanceof Assignment.Serve serve && before.get() instanceof Assignment.Free) {
            Roster roster = tree.roster(serve.cluster(), serve.revision()).orElseThrow();
            leavesAlone(sim.machine(node), roster.vpc().cidr());
            leavesAlone(sim.machine(node), roster.segment().cidr());
        }
        if (next instanceof Assignment.Free || before.get() instanceof Assignment.Free) {
            Hardware hardware = sim.machine(node);
            require(
                    hardware.bare()
                            || hardware.ahead
                            || (before.get() instanceof Assignment.Free && next instanceof Assignment.Free),
                    "P5",
                    () -> node + " becomes " + next + ", but machine " + hardware + " bears "
                            + hardware.objects().keySet());
        }
    }

    /** A machine becomes the node: nobody else is, and it has everything to prove. */
    void recorded(NodeRecord now, Optional<NodeRecord> before) {
        if (before.isPresent() && before.get().machine().equals(now.machine())) {
            return;
        }
        NodeName node = now.node();
        tree.nodes
                .values()
                .forEach(other -> require(
                        other.node().equals(node)
                                || !other.machine()
                                        .underlay()
                                        .equals(now.machine().underlay()),
                        "P1",
                        () -> node + " and " + other.node() + " are enrolled with one address: " + now.machine()));
        if (before.isPresent()
                && before.get().machine().instance().equals(now.machine().instance())) {
            return;
        }
        before.ifPresent(former -> require(
                !sim.zk.newest().containsKey(Paths.alive(node)),
                "P1",
                () -> now.machine() + " becomes " + node + ", and " + former.machine() + " lives"));
        sim.machine(node).proved = false;
        sim.tally.ends.merge(before.isPresent() ? "another machine becomes the node" : "node enrolled", 1L, Long::sum);
    }

    void said(Hardware hardware, NodeStatus status) {
        Mirror.Held<Assignment> assignment = tree.assignments.get(hardware.node);
        require(
                assignment != null && status.assignment() <= assignment.version(),
                "an acknowledgement is true",
                () -> hardware + " answers an assignment that never was: " + status);
        if (assignment == null || status.assignment() != assignment.version()) {
            return;
        }
        if (!(status.state() instanceof NodeStatus.StepFailed)) {
            long epoch = assignment.value().epoch();
            require(
                    page(hardware).epoch() >= epoch || hardware.rebooted,
                    "P4",
                    () -> hardware + " has obeyed epoch " + epoch + ", and has not written it down");
        }
        switch (status.state()) {
            case NodeStatus.Reached reached -> {
                Roster roster = tree.roster(reached.cluster(), reached.revision())
                        .orElseThrow(() -> new BrokenPromise(
                                "an acknowledgement is true", hardware + " has reached what is nowhere: " + status));
                boolean asked = assignment.value() instanceof Assignment.Serve serve
                        && serve.cluster().equals(reached.cluster())
                        && serve.revision() == reached.revision();
                require(asked, "an acknowledgement is true", () -> hardware + " says " + status + " to " + assignment);
                // What a machine said before it lost its power may arrive after it.
                require(
                        bears(hardware, roster) || hardware.rebooted,
                        "an acknowledgement is true",
                        () -> hardware + " says " + status + ", but bears "
                                + hardware.objects().keySet());
                hardware.unchecked = true;
                hardware.rebooted &= !bears(hardware, roster);
                hardware.ahead &= !bears(hardware, roster);
                sim.tally.ends.merge("node says reached", 1L, Long::sum);
            }
            case NodeStatus.Clean clean -> {
                require(
                        clean.worse().isEmpty() || hardware.ailing,
                        "a node whose device is well is not drained",
                        () -> hardware + " says " + clean);
                hardware.ailing &= clean.worse().isPresent() || !hardware.deviceIsWell();
                require(
                        !(assignment.value() instanceof Assignment.Serve),
                        "an acknowledgement is true",
                        () -> hardware + " says clean to " + assignment);
                require(
                        hardware.bare(),
                        "an acknowledgement is true",
                        () -> hardware + " says clean, but bears "
                                + hardware.objects().keySet());
                hardware.rebooted = false;
                hardware.ahead = false;
                hardware.proved |= sim.machine(hardware.node) == hardware;
                sim.tally.ends.merge("node says clean", 1L, Long::sum);
            }
            case NodeStatus.StepFailed _ -> sim.tally.ends.merge("node says step failed", 1L, Long::sum);
        }
    }

    /** What the roster asks of this node is there, whatever there is of ENIs, and whatever is known of others'. */
    static boolean bears(Hardware hardware, Roster roster) {
        NetState wanted = new ModelNetwork(hardware).networks().wanted(roster, hardware.node, hardware.inventory());
        Map<String, NetObject> there = hardware.objects();
        // The filter of a VPC is there before its first ENI, and goes after the last.
        boolean othersToo = there.keySet().stream()
                .anyMatch(key -> (key.startsWith("nft:scc_vpc") || key.startsWith("nft:scc_eni"))
                        && !wanted.objects().containsKey(key));
        boolean alone =
                hardware.enis().keySet().equals(Set.of("eni0")) && !othersToo && !VpcRecord.standsAlone(roster.vpc());
        return alone
                ? serves(hardware, roster, Plugged.NONE)
                : wanted.objects().values().stream()
                        .allMatch(object -> object instanceof NetObject.NftTable
                                ? there.containsKey(object.key())
                                : object.equals(there.get(object.key())));
    }

    /** Exactly what the roster asks of this node is there, with its ENIs. */
    static boolean serves(Hardware hardware, Roster roster, Plugged plugged) {
        return !Mirror.keyless(hardware.node, Optional.of(roster), plugged)
                && NetPlanner.plan(
                                hardware.kernel.observe(),
                                new ModelNetwork(hardware)
                                        .networks()
                                        .wanted(Optional.of(roster), hardware.node, hardware.inventory(), plugged))
                        .isEmpty();
    }

    void applying(AgentProcess agent) {
        if (agent.knowsAssignment) {
            return;
        }
        // What no server was reached with may be taken back, and nothing else.
        require(
                page(agent.hardware).onTrial(),
                "without ZooKeeper nothing changes",
                () -> agent + " changes its machine without having read its assignment");
        sim.tally.fault("taken back without a server");
    }

    void changed(Hardware hardware, Step step) {
        if (!(step instanceof Step.Add)) {
            return;
        }
        require(
                sim.machine(hardware.node) == hardware,
                "P1",
                () -> hardware + ": " + step.title() + ", and " + sim.machine(hardware.node) + " is the node");
        Optional<Integer> number = number(step.object());
        for (NetObject object : hardware.objects().values()) {
            Optional<Integer> other = number(object);
            require(
                    number.isEmpty() || other.isEmpty() || number.equals(other),
                    "P1",
                    () -> hardware + " is in two clusters: " + step.title() + " beside " + object.key());
        }
        number.ifPresent(known -> require(
                tree.pools.networks().containsKey(known),
                "P1",
                () -> hardware + ": " + step.title() + ", but nobody has number " + known));
        if (step.object() instanceof NetObject.Address address) {
            unique(hardware, address);
            leavesAlone(hardware, Hardware.network(address));
        }
    }

    private void unique(Hardware hardware, NetObject.Address address) {
        Optional<Integer> number = network(hardware);
        for (Hardware other : sim.hardware) {
            // An agent sees to its cluster's networks, and says so, before it sees to its ENIs. Those that an older
            // tree does not know of stay until then. There they may be another node's, which is sooner and cannot know.
            other.strays &= VpcPromises.strays(other, tree);
            require(
                    other == hardware
                            || other.ahead
                            || other.strays
                            || !address.link().startsWith("eni")
                            || other.enis().values().stream().noneMatch(its -> its.contains(address.address()))
                            || Collections.disjoint(VpcPromises.vnis(hardware), VpcPromises.vnis(other)),
                    "P10",
                    () -> hardware + " and " + other + " both have " + address + " in one VPC");
            boolean ofCluster =
                    !address.link().startsWith("eni") || address.link().equals("eni0");
            if (other != hardware
                    && !other.ahead
                    && ofCluster
                    && other.objects().containsKey(address.key())) {
                Optional<Integer> same = network(other);
                require(
                        number.isEmpty() || !number.equals(same),
                        "P1",
                        () -> hardware + " and " + other + " both have " + address.key() + " in network " + number);
            }
        }
    }

    private static void leavesAlone(Hardware hardware, IpNetwork network) {
        for (Need need : hardware.needs) {
            require(
                    !need.network().overlaps(network),
                    "what a node has to reach is left alone",
                    () -> hardware + " has to reach " + need.words() + ", and gets " + network);
        }
    }

    private static Optional<Integer> network(Hardware hardware) {
        return hardware.objects().values().stream()
                .flatMap(object -> number(object).stream())
                .findFirst();
    }

    /** The VNI or VLAN that a link or a table belongs to. */
    private static Optional<Integer> number(NetObject object) {
        return switch (object) {
            case NetObject.Link link -> ofCluster(link.name(), "vpc").or(() -> number(link.name(), "eth1."));
            case NetObject.NftTable table ->
                ofCluster(table.name(), "scc_vpc").or(() -> number(table.name(), "scc_seg"));
            case NetObject.Address _, NetObject.Fdb _, NetObject.Neighbour _, NetObject.PriorityMap _ ->
                Optional.empty();
            case NetObject.TunnelEnd _, NetObject.TunnelPeer _ -> Optional.empty();
            case NetObject.DefaultTos _ -> Optional.empty();
        };
    }

    /** A VPC that lives by itself is no cluster's. */
    private static Optional<Integer> ofCluster(String name, String prefix) {
        return number(name, prefix).filter(vni -> vni < VpcRecord.FIRST_VNI);
    }

    private static Optional<Integer> number(String name, String prefix) {
        return name.startsWith(prefix)
                ? Optional.of(Integer.parseInt(name, prefix.length(), name.length(), 10))
                : Optional.empty();
    }

    /** No machine bears a network whose number has just been given back. */
    void released(int number) {
        for (Hardware hardware : sim.hardware) {
            for (NetObject object : hardware.objects().values()) {
                require(
                        hardware.ahead || !number(object).equals(Optional.of(number)),
                        "P5",
                        () -> "number " + number + " is free, but " + hardware + " bears " + object.key());
            }
        }
    }

    void ledgerWritten(Hardware hardware) {
        long epoch = page(hardware).epoch();
        long before = obeyed.getOrDefault(hardware, 0L);
        require(
                epoch >= before,
                "P4",
                () -> hardware + " obeys epoch " + epoch + " after it has obeyed epoch " + before);
        obeyed.put(hardware, epoch);
    }

    /** It cannot know any more what it has obeyed. */
    void diskReplaced(Hardware hardware) {
        obeyed.put(hardware, page(hardware).epoch());
    }

    static Ledger.Page<Roster> page(Hardware hardware) {
        try {
            return new Ledger<>(hardware.disk.look(), Roster.class).read();
        } catch (IOException e) {
            throw new BrokenPromise("a ledger can be read", hardware + ": " + e.getMessage(), e);
        }
    }
}
