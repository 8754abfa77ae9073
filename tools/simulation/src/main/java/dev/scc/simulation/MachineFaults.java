package dev.scc.simulation;

import dev.scc.cluster.Unreached;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import java.util.List;
import java.util.Optional;

/** What goes wrong with machines. */
final class MachineFaults {
    private static final List<String> STEPS = List.of(
            "",
            "add",
            "add link",
            "add link:vpc",
            "add link:eth1.",
            "add addr",
            "add nft",
            "add fdb",
            "add neigh",
            "remove",
            "remove link",
            "remove nft");

    /** And a little more, in milliseconds. */
    private static final long A_DAY = 90_000_000;

    private final Simulation sim;
    private final Faults faults;

    MachineFaults(Simulation sim, Faults faults) {
        this.sim = sim;
        this.faults = faults;
    }

    /** A machine whose agent has the name of another machine's. */
    static boolean twin(Hardware machine) {
        return machine.instance.endsWith("'");
    }

    private Hardware machine() {
        return sim.chance.of(sim.hardware);
    }

    /** One that a cluster may be given next, if there is any. */
    private Hardware free() {
        List<Hardware> free = allFree();
        return free.isEmpty() ? machine() : sim.chance.of(free);
    }

    private List<Hardware> allFree() {
        return sim.hardware.stream()
                .filter(machine -> sim.promises.tree.free(machine.node))
                .toList();
    }

    void stepsFail() {
        stepsFail(sim.chance.oneIn(2) ? machine() : free());
    }

    private void stepsFail(Hardware machine) {
        machine.failing = Optional.of(sim.chance.of(STEPS));
        machine.failures = sim.chance.of(List.of(1, 1, 2, 5, 1000));
        machine.silent = sim.chance.oneIn(6);
        sim.trace.mark(
                machine.instance, machine.silent ? "steps will have no effect" : "steps will fail", machine.failing);
        faults.whileOn(faults.some() * 2, () -> machine.failing = Optional.empty());
    }

    /** Where a cluster's networks are likely to be, and the machine does not know. */
    static Cidr somewhere(Chance chance) {
        return chance.of(List.of(Cidr.parse("172.16.0.0/12"), Cidr.parse("10.64.0.0/10")));
    }

    /** Somebody removes something of ours, and mostly the kernel tells of it. */
    void drift() {
        Hardware machine = machine();
        // Its next key comes in the next pass.
        machine.keyTime += A_DAY;
        AgentProcess agent = machine.agent;
        List<NetObject> ours = List.copyOf(machine.objects().values());
        boolean atWork = agent != null && agent.alive() && !agent.idle();
        if (ours.isEmpty() || atWork) {
            return;
        }
        NetObject object = sim.chance.of(ours);
        sim.trace.mark(machine.instance, "somebody removes", object.key());
        sim.tally.fault("something of ours removed");
        try {
            machine.kernel.apply(List.of(new Step.Remove(object)));
        } catch (StepFailed e) {
            throw new IllegalStateException(e);
        }
        // What was said of it before may arrive later.
        machine.rebooted = true;
        routesChanged(machine);
        if (agent != null && !sim.chance.oneIn(4)) {
            agent.signal();
        }
    }

    void serversElsewhere() {
        Hardware machine = sim.chance.oneIn(3) ? machine() : free();
        machine.servers = Optional.of(somewhere(sim.chance));
        sim.trace.mark(machine.instance, "servers are elsewhere", machine.servers);
        long until = sim.chance.between(5 * Timeline.SECOND, 60 * Timeline.SECOND);
        routesChanged(machine);
        faults.whileOn(until, () -> knownAgain(machine));
    }

    static void knownAgain(Hardware machine) {
        machine.servers = Optional.empty();
        routesChanged(machine);
    }

    static void routesChanged(Hardware machine) {
        if (machine.agent != null && machine.agent.alive()) {
            machine.agent.followRoutes();
        }
    }

    /** Whichever a cluster chooses; half of the time, only one of those that it may choose. */
    void nextToJoinFails() {
        if (sim.chance.oneIn(2)) {
            allFree().forEach(this::stepsFail);
        } else {
            stepsFail(free());
        }
    }

    void slow() {
        Hardware machine = machine();
        machine.slowness = sim.chance.of(List.of(10, 100, 2000));
        faults.whileOn(faults.some(), () -> machine.slowness = 1);
    }

    /** Its mesh shows it, too. */
    void portDown(Hardware machine, boolean down) {
        machine.rdmaPortDown = down;
        machine.ailing |= down;
        List<NodeName> others = sim.hardware.stream()
                .map(other -> other.node)
                .filter(other -> !other.equals(machine.node))
                .toList();
        machine.unreached = Optional.of(new Unreached(sim.timeline.now() / Timeline.MILLI, down ? others : List.of()));
        if (machine.agent != null && machine.agent.alive()) {
            machine.agent.reachesOthers();
        }
    }

    /** Of a member of a cluster, mostly, which gives its node back with it. */
    void harmDevice() {
        List<Hardware> serving = sim.hardware.stream()
                .filter(machine -> NodePromises.page(machine).serving().isPresent())
                .toList();
        Hardware machine = serving.isEmpty() || sim.chance.oneIn(4) ? machine() : sim.chance.of(serving);
        DeviceHarm harm = sim.chance.of(
                List.of(DeviceHarm.FAILS, DeviceHarm.COUNTS_ERRORS, DeviceHarm.HANGS, DeviceHarm.CANNOT_BE_TRIED));
        sim.trace.mark(machine.instance, "its device is harmed", harm);
        sim.tally.fault("device harmed: " + harm);
        machine.harm(harm);
        faults.whileOn(faults.some() * 2, () -> machine.harm(DeviceHarm.NONE));
    }

    /** Something that is so for a while. */
    interface Ailment {
        void set(Hardware machine, boolean yes);
    }

    void ail(String what, Ailment ailment) {
        Hardware machine = machine();
        sim.trace.mark(machine.instance, what, "");
        ailment.set(machine, true);
        faults.whileOn(faults.some(), () -> ailment.set(machine, false));
    }

    /** Its kernel forgets everything, its disk does not. */
    void reboot() {
        Hardware machine = machine();
        AgentProcess agent = machine.agent;
        if (agent != null) {
            agent.kill();
        }
        sim.trace.mark(machine.instance, "reboots", "");
        forget(machine);
        faults.whileOn(sim.chance.between(2 * Timeline.SECOND, 30 * Timeline.SECOND), () -> faults.revive(machine));
    }

    static void forget(Hardware machine) {
        List<Step> steps = machine.objects().values().stream()
                .filter(NetObject.Link.class::isInstance)
                .<Step>map(Step.Remove::new)
                .toList();
        List<Step> rest =
                machine.objects().values().stream().<Step>map(Step.Remove::new).toList();
        try {
            machine.kernel.apply(steps);
            machine.kernel.apply(rest);
        } catch (StepFailed e) {
            throw new IllegalStateException(e);
        }
        machine.rebooted = true;
        machine.job = Optional.empty();
    }

    /** Its disk is put back to an older copy while it is off. */
    void oldDisk() {
        Hardware machine = machine();
        AgentProcess agent = machine.agent;
        if (agent != null) {
            agent.kill();
        }
        sim.trace.mark(machine.instance, "starts with an old disk", "");
        forget(machine);
        machine.disk.setBack(sim.chance);
        sim.promises.diskReplaced(machine);
        faults.whileOn(sim.chance.between(2 * Timeline.SECOND, 30 * Timeline.SECOND), () -> faults.revive(machine));
    }

    /** Something that bears our mark and that nobody knows of. */
    static void soil(Hardware machine) {
        machine.forgotten = true;
        try {
            machine.kernel.apply(List.of(new Step.Add(new NetObject.Link(
                    "eth1.4000", "forgotten", new LinkKind.Vlan("eth1", 4000), 1500, Optional.empty()))));
        } catch (StepFailed e) {
            throw new IllegalStateException(e);
        }
    }

    /** Another machine is given the name of one that is there. */
    void twin() {
        List<Hardware> without =
                sim.hardware.stream().filter(machine -> !twin(machine)).toList();
        NodeName name = sim.chance.of(without).node;
        Hardware machine = sim.hardware.stream()
                .filter(MachineFaults::twin)
                .findFirst()
                .orElseGet(() -> {
                    Hardware other = new Hardware(sim.hardware.size() + 1, name, name + "'");
                    if (sim.chance.oneIn(2)) {
                        soil(other);
                    }
                    sim.hardware.add(other);
                    return other;
                });
        faults.revive(machine);
    }
}
