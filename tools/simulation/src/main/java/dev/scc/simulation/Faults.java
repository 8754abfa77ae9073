package dev.scc.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes wrong, at random moments. Which kinds there are, and how often, differs from seed to seed. */
final class Faults {
    /** One kind of fault. */
    enum Kind {
        KILL_CONTROLLER,
        KILL_AGENT,
        KILL_CLIENT,
        STOP_CONTROLLER,
        STOP_AGENT,
        HOLD_CONTROLLER,
        HOLD_AGENT,
        DISCONNECT,
        LOSE_ANSWER,
        LOSE_REQUEST,
        EXPIRE,
        CUT,
        SLOW_SERVER,
        CLOCK,
        STEP,
        DISK_FULL,
        SLOW_NODE,
        PORT_DOWN,
        BLIND,
        CANNOT_LEAVE,
        NO_GID,
        UNPLUG,
        VPC_DROPPED,
        VPC_NARROW,
        VERIFIER,
        REBOOT,
        TWIN,
        SERVERS_ELSEWHERE,
        DRIFT,
        SUCCESSOR,
        REMAKE,
        OLD_DISK,
        DEVICE_HARM
    }

    private final Simulation sim;
    private final MachineFaults machines;
    private final Successions successions;
    private boolean on;
    private List<Kind> kinds = List.of();
    private long mean;
    private final List<Long> lags = new ArrayList<>();
    private boolean verifierFails;

    Faults(Simulation sim) {
        this.sim = sim;
        this.machines = new MachineFaults(sim, this);
        this.successions = new Successions(sim, this);
        for (int i = 0; i < sim.replicas; i++) {
            lags.add(3 * Timeline.MILLI);
        }
    }

    void begin() {
        on = true;
        List<Kind> chosen = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (sim.chance.oneIn(2)) {
                chosen.add(kind);
            }
        }
        kinds = chosen.isEmpty() ? List.of(Kind.values()) : List.copyOf(chosen);
        mean = sim.chance.of(List.of(Timeline.SECOND, 3 * Timeline.SECOND, 10 * Timeline.SECOND));
        next();
    }

    private void next() {
        sim.timeline.after(sim.chance.between(0, 2 * mean), () -> {
            if (on) {
                cause(sim.chance.of(kinds));
                next();
            }
        });
    }

    /** All is well from now on, and who is dead is started again. */
    void end() {
        on = false;
        sim.trace.mark("--", "faults end", "");
        for (int i = 0; i < lags.size(); i++) {
            lags.set(i, 3 * Timeline.MILLI);
        }
        verifierFails = false;
        for (Hardware machine : sim.hardware) {
            machine.cure();
            MachineFaults.knownAgain(machine);
        }
        for (SimProcess process : sim.processes()) {
            process.holdNext = 0;
            process.wire.exchange.loseNext = Exchange.Loss.NOTHING;
            process.wire.heal();
            process.proceed();
        }
        oneMachinePerNode();
        List<String> names = sim.controllers.stream()
                .map(controller -> controller.name)
                .distinct()
                .toList();
        names.forEach(this::reviveController);
    }

    /** Of several machines with one name the one that is enrolled stays, also if it had been thrown away. */
    void oneMachinePerNode() {
        for (Hardware machine : List.copyOf(sim.hardware)) {
            if (sim.machine(machine.node) == machine) {
                machine.scrapped = false;
                revive(machine);
            } else if (machine.agent != null) {
                machine.agent.kill();
            }
        }
    }

    void revive(Hardware machine) {
        if (!machine.scrapped && (machine.agent == null || !machine.agent.alive())) {
            sim.startAgent(machine);
        }
    }

    private void reviveController(String name) {
        boolean lives = sim.controllers.stream().anyMatch(one -> one.name.equals(name) && one.alive());
        if (!lives) {
            sim.startController(name);
        }
    }

    /** Whether anything goes wrong at all now. */
    boolean on() {
        return on;
    }

    /** How long the server takes to apply what is new. */
    long lag(int replica) {
        return sim.chance.between(100 * Timeline.MICRO, lags.get(replica));
    }

    long some() {
        return sim.chance.oneIn(3)
                ? sim.chance.between(5 * Timeline.SECOND, 25 * Timeline.SECOND)
                : sim.chance.between(20 * Timeline.MILLI, 5 * Timeline.SECOND);
    }

    /** Another leads before the process goes on. */
    private long longerThanASession() {
        return sim.chance.between(7 * Timeline.SECOND, 25 * Timeline.SECOND);
    }

    private Optional<? extends SimProcess> controller() {
        List<ControllerProcess> all =
                sim.controllers.stream().filter(SimProcess::alive).toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(sim.chance.of(all));
    }

    /** A controller that does not lead. */
    private Optional<? extends SimProcess> follower() {
        List<ControllerProcess> all = sim.controllers.stream()
                .filter(SimProcess::alive)
                .filter(one -> !Optional.of(one).equals(sim.promises.leader()))
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(sim.chance.of(all));
    }

    private Optional<AgentProcess> agent() {
        AgentProcess agent = sim.chance.of(sim.hardware).agent;
        return Optional.ofNullable(agent).filter(SimProcess::alive);
    }

    private Optional<SimProcess> anyone() {
        List<SimProcess> all = sim.processes();
        return all.isEmpty() ? Optional.empty() : Optional.of(sim.chance.of(all));
    }

    /** After this time, unless the faults have ended before. */
    void whileOn(long nanos, Runnable end) {
        sim.timeline.after(nanos, () -> {
            if (on) {
                end.run();
            }
        });
    }

    /** At this moment, when it probably waits for something to do; or at one of the next points of what it does. */
    private void now(SimProcess one, Runnable what) {
        if (sim.chance.oneIn(3)) {
            what.run();
        } else {
            boolean changing = sim.chance.oneIn(2);
            one.fate(sim.chance.below(changing ? 8 : 40), changing, () -> {
                if (on) {
                    what.run();
                }
            });
        }
    }

    private void cause(Kind kind) {
        sim.tally.fault(kind.name());
        switch (kind) {
            case KILL_CONTROLLER ->
                controller()
                        .ifPresent(one -> now(one, () -> {
                            one.kill();
                            whileOn(some(), () -> reviveController(one.name));
                        }));
            case KILL_AGENT ->
                agent().ifPresent(one -> now(one, () -> {
                    one.kill();
                    whileOn(sim.chance.oneIn(3) ? some() * 3 : some(), () -> revive(one.hardware));
                }));
            case KILL_CLIENT -> {
                List<ClientProcess> all =
                        sim.clients.stream().filter(SimProcess::alive).toList();
                if (!all.isEmpty()) {
                    ClientProcess one = sim.chance.of(all);
                    one.kill();
                    // Somebody follows the request, or asks once more.
                    whileOn(some(), () -> sim.ask(one.id, one.caller, one.request, 60 * Timeline.SECOND));
                }
            }
            case STOP_CONTROLLER -> controller().ifPresent(one -> now(one, () -> one.stop(some())));
            case STOP_AGENT -> agent().ifPresent(one -> now(one, () -> one.stop(some())));
            case HOLD_CONTROLLER ->
                (sim.chance.oneIn(4) ? controller() : sim.promises.leader().filter(SimProcess::alive))
                        .ifPresent(one -> one.holdNext = sim.chance.oneIn(2) ? some() : longerThanASession());
            case HOLD_AGENT -> agent().ifPresent(one -> one.holdNext = some());
            case DISCONNECT -> anyone().filter(SimProcess::runs).ifPresent(one -> one.wire.disconnect("reset"));
            case LOSE_ANSWER -> anyone().ifPresent(one -> one.wire.exchange.loseNext = Exchange.Loss.ANSWER);
            case LOSE_REQUEST -> loseRequest();
            case EXPIRE -> {
                if (sim.chance.oneIn(4)) {
                    leaderExpiresAndReadsWhatWas();
                } else {
                    anyone().ifPresent(one -> now(one, one.wire::expire));
                }
            }
            case CUT -> anyone().ifPresent(this::cut);
            case SLOW_SERVER -> slow(sim.chance.below(sim.replicas), 200 * Timeline.MILLI);
            case CLOCK ->
                anyone().ifPresent(one -> {
                    one.clockAhead = sim.chance.between(-120, 120) * Timeline.SECOND;
                    sim.trace.mark(one.name, "clock is ahead", one.clockAhead / 1e9);
                    one.signal();
                });
            case STEP -> machines.stepsFail();
            case DISK_FULL -> machines.ail("disk full", (machine, yes) -> machine.disk.full = yes);
            case SLOW_NODE -> machines.slow();
            case PORT_DOWN -> machines.ail("port down", machines::portDown);
            case BLIND -> machines.ail("cannot look", (machine, yes) -> machine.cannotBeLookedAt = yes);
            case CANNOT_LEAVE -> machines.ail("cannot leave", (machine, yes) -> machine.cannotLeave = yes);
            case NO_GID -> machines.ail("no GID", (machine, yes) -> machine.noGid = yes);
            case VPC_DROPPED -> machines.ail("drops the packets of its VPC", (machine, yes) -> machine.walled = yes);
            case VPC_NARROW ->
                machines.ail(
                        "carries smaller packets",
                        (machine, yes) -> machine.narrow = yes ? Optional.of(1280) : Optional.empty());
            case UNPLUG -> machines.ail("unplugged", (machine, yes) -> machine.unplugged = yes);
            case VERIFIER -> {
                verifierFails = true;
                whileOn(some(), () -> verifierFails = false);
            }
            case REBOOT -> machines.reboot();
            case TWIN -> machines.twin();
            case SERVERS_ELSEWHERE -> machines.serversElsewhere();
            case DRIFT -> machines.drift();
            case SUCCESSOR -> successions.replace();
            case REMAKE -> successions.remake();
            case OLD_DISK -> machines.oldDisk();
            case DEVICE_HARM -> machines.harmDevice();
        }
    }

    private void slow(int replica, long atLeast) {
        lags.set(replica, sim.chance.between(atLeast, 6 * Timeline.SECOND));
        whileOn(some(), () -> lags.set(replica, 3 * Timeline.MILLI));
    }

    /** From a server that is behind it may learn that it leads, when another one does. */
    private void leaderExpiresAndReadsWhatWas() {
        int fast = sim.chance.below(sim.replicas);
        for (int replica = 0; replica < sim.replicas; replica++) {
            if (replica != fast) {
                slow(replica, 2 * Timeline.SECOND);
            }
        }
        sim.promises.leader().filter(SimProcess::alive).ifPresent(leader -> now(leader, leader.wire::expire));
    }

    private void loseRequest() {
        Optional<? extends SimProcess> follower = sim.chance.oneIn(2) ? follower() : Optional.empty();
        if (follower.isEmpty()) {
            anyone().ifPresent(one -> one.wire.exchange.loseNext = Exchange.Loss.REQUEST);
            return;
        }
        // What a controller that does not lead sends next is its wish to lead.
        follower.get().wire.exchange.loseNext = Exchange.Loss.REQUEST;
        if (!sim.chance.oneIn(4)) {
            sim.promises.leader().filter(SimProcess::alive).ifPresent(leader -> leader.wire.expire());
        }
    }

    private void cut(SimProcess one) {
        int way = sim.chance.below(3);
        sim.tally.fault(List.of("cut both ways", "cut to ZooKeeper", "cut from ZooKeeper")
                .get(way));
        sim.trace.mark(one.name, "cut", way);
        one.wire.cut(way != 2, way != 1);
        whileOn(some(), one.wire::heal);
    }

    /** Troubles do not come alone. */
    void nextToJoinFails() {
        if (on) {
            machines.nextToJoinFails();
        }
    }

    // What the verifier asks.

    boolean answerLost() {
        return verifierFails && sim.chance.oneIn(12);
    }

    boolean cannotVerify(Hardware machine) {
        return verifierFails && sim.chance.oneIn(15) && !machine.unplugged;
    }

    Optional<String> badLink() {
        return verifierFails && sim.chance.oneIn(6) ? Optional.of("retry counter exceeded") : Optional.empty();
    }

    boolean repeated() {
        return on && sim.chance.oneIn(8);
    }
}
