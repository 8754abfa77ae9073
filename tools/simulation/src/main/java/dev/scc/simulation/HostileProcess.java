package dev.scc.simulation;

import dev.scc.cluster.Alive;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeTunnel;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Repair;
import dev.scc.cluster.Unreached;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.net.TunnelKey;
import java.util.List;
import java.util.Optional;

/**
 * What has the rights of one node's agent and means harm: it writes to that node's own paths, and to no others, whatever may
 * stop a controller, fill its journal or put the blame on somebody.
 */
final class HostileProcess extends SimProcess {
    final Hardware hardware;
    private final SimTree tree;
    /** It is enrolled as others are before it shows what it is. */
    private boolean harming;

    HostileProcess(Simulation sim, Hardware hardware) {
        super(sim, hardware.instance);
        this.hardware = hardware;
        this.tree = SimTree.ofNode(this, hardware.node);
        start(this::live);
    }

    void harm() {
        harming = true;
    }

    private void live() {
        while (true) {
            try {
                if (harming) {
                    harmSomehow();
                } else {
                    write(Paths.enrol(hardware.node), Json.write(machine()), true);
                }
            } catch (ConnectionLost e) {
                sim.trace.mark(name, "has no connection", "");
            }
            sleep(sim.chance.between(5 * Timeline.MILLI, 400 * Timeline.MILLI));
        }
    }

    private Alive machine() {
        return new Alive(hardware.instance, hardware.underlay(), Optional.of(hardware.underlay() + ":7070"));
    }

    private void harmSomehow() throws ConnectionLost {
        switch (sim.chance.below(5)) {
            case 4 -> write(Paths.tunnel(hardware.node), sim.chance.oneIn(3) ? nonsense() : tunnel(), false);
            case 0 -> write(Paths.enrol(hardware.node), sim.chance.oneIn(2) ? claim() : nonsense(), true);
            case 1 -> write(Paths.alive(hardware.node), sim.chance.oneIn(2) ? claim() : nonsense(), true);
            case 2 -> write(Paths.inventory(hardware.node), sim.chance.oneIn(3) ? nonsense() : inventory(), false);
            default -> write(Paths.status(hardware.node), sim.chance.oneIn(3) ? nonsense() : status(), false);
        }
        sim.tally.fault("(hostile entry)");
    }

    private void write(String path, String text, boolean ephemeral) throws ConnectionLost {
        Optional<Entry> there = tree.get(path);
        Op create = ephemeral ? new Op.CreateEphemeral(path, text) : new Op.Create(path, text);
        try {
            tree.commit(List.of(there.<Op>map(entry -> new Op.Set(path, text, entry.version()))
                    .orElse(create)));
        } catch (Conflict e) {
            sim.trace.mark(name, "cannot write", path);
        }
    }

    /** The address of somebody else, or of nobody. */
    private Ipv4 another() {
        return sim.chance.oneIn(4)
                ? Ipv4.parse("10.99.0.250")
                : sim.chance.of(sim.hardware).underlay();
    }

    private String claim() {
        Ipv4 claimed = another();
        Alive claim =
                new Alive(sim.chance.oneIn(2) ? hardware.instance : "another", claimed, Optional.of(claimed + ":7070"));
        return Json.write(claim);
    }

    /** Somebody else's key, or one of which nobody has the secret half. */
    private String tunnel() {
        List<NodeTunnel> known = List.copyOf(sim.promises.tree.tunnels.values());
        return Json.write(
                known.isEmpty() || sim.chance.oneIn(3)
                        ? new NodeTunnel(new TunnelKey("A".repeat(43) + "="))
                        : sim.chance.of(known));
    }

    private String nonsense() {
        return switch (sim.chance.below(8)) {
            case 0 -> "";
            case 1 -> "null";
            case 2 -> "x".repeat(100_000);
            case 3 -> "{\"is\":".repeat(2_000);
            case 4 -> status().replaceFirst("[0-9]+", "-1");
            case 5 -> status().replaceFirst("[0-9]+", "1e999");
            case 6 -> inventory().replaceFirst("/24", "/99");
            default ->
                inventory()
                        .replace(
                                hardware.node.value(),
                                sim.chance.of(sim.hardware).node.value());
        };
    }

    private String inventory() {
        String mine = hardware.underlay() + "/24";
        List<Need> needs = sim.chance.oneIn(2)
                ? List.of()
                : List.of(
                        new Need(Cidr.parse("0.0.0.0/1"), Need.Kind.ROUTE, "\u001b[2J"),
                        new Need(Cidr.parse("128.0.0.0/1"), Need.Kind.ROUTE, ""));
        NodeInventory has = new NodeInventory(
                "6.1.0\n",
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                List.of(
                        new Nic(
                                "eth0",
                                "02:00:00:00:00:01",
                                sim.chance.of(List.of(0, 68, 1 << 20)),
                                "UP",
                                List.of(mine)),
                        new Nic(
                                "eth1",
                                "02:00:00:00:00:02",
                                sim.chance.of(List.of(0, 4200)),
                                "UP",
                                List.of("0.0.0.0/0"))),
                List.of(new RdmaDevice("rxe0", "eth1", "ACTIVE", 0, List.of())),
                needs,
                List.of(),
                Optional.empty(),
                sim.chance.of(List.of(Optional.empty(), Optional.of(""), Optional.of("\u001b[2J"))));
        Optional<Repair> repaired = sim.chance.oneIn(3)
                ? Optional.of(new Repair(sim.chance.between(0, Long.MAX_VALUE - 1), List.of("link:eni0")))
                : Optional.empty();
        Optional<Unreached> unreached = sim.chance.oneIn(3)
                ? Optional.of(new Unreached(
                        sim.chance.between(0, Long.MAX_VALUE - 1),
                        sim.hardware.stream().map(other -> other.node).toList()))
                : Optional.empty();
        return Json.write(new Inventory(hardware.node, "eth1", "1", has, repaired, List.of(), unreached));
    }

    /** Of assignments that were never given to it, and of clusters that it is not in. */
    private String status() {
        NodeStatus.State state = switch (sim.chance.below(3)) {
            case 0 -> new NodeStatus.Clean();
            case 1 -> new NodeStatus.StepFailed("\u202e", "because of n1", List.of("n1: everything"));
            default ->
                new NodeStatus.Reached(
                        sim.promises.tree.clusters.keySet().stream()
                                .findFirst()
                                .orElseGet(() -> new ClusterName("beside")),
                        1 + sim.chance.below(3),
                        Optional.empty());
        };
        return Json.write(
                new NodeStatus(sim.chance.of(List.of(0, 1, 2, 3, 1_000_000, Integer.MAX_VALUE)), state, List.of()));
    }
}
