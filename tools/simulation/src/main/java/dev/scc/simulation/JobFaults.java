package dev.scc.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes wrong in the scene with jobs, by chance, until it ends. */
final class JobFaults {
    /** Sorts of faults. */
    enum Kind {
        AGENT_KILLED(true),
        AGENT_STOPPED(false),
        AGENT_FORGETS(true),
        SERVERS_RESTARTED(true),
        TRANSACTION_LOST(true),
        ANSWER_LOST(true),
        DISK_FULL(true),
        SUBMIT_ANSWER_LOST(true),
        CLIENT_KILLED(true),
        CLIENT_CUT(true),
        KEEPER_KILLED(false),
        KEEPER_KILLED_AT_A_WRITE(false),
        KEEPER_STOPPED(false),
        NODE_LOST(false),
        NODE_CUT(false),
        CLUSTER_DELETED(false);

        /** Whether no job of a client that stays suffers from it. */
        private final boolean gentle;

        Kind(boolean gentle) {
            this.gentle = gentle;
        }
    }

    private final JobScene scene;
    private final Simulation sim;
    private List<Kind> kinds = List.of();
    private boolean over;
    private Optional<JobKeeperProcess> dies = Optional.empty();

    JobFaults(JobScene scene) {
        this.scene = scene;
        this.sim = scene.sim;
    }

    void begin() {
        boolean gentle = sim.chance.oneIn(3);
        List<Kind> chosen = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if ((kind.gentle || !gentle) && sim.chance.oneIn(kind == Kind.CLUSTER_DELETED ? 8 : 2)) {
                chosen.add(kind);
            }
        }
        kinds = chosen;
        long pause = sim.chance.between(2, 20) * Timeline.SECOND;
        if (!kinds.isEmpty()) {
            next(pause);
        }
    }

    private void next(long pause) {
        sim.timeline.after(sim.chance.between(Timeline.MILLI, pause), () -> {
            if (!over) {
                happens(sim.chance.of(kinds));
                next(pause);
            }
        });
    }

    private void happens(Kind kind) {
        JobHost host = sim.chance.of(scene.hosts);
        sim.trace.mark("fault", kind.name(), host);
        sim.tally.fault("job scene: " + kind);
        JobAgentProcess agent = host.agent;
        JobKeeperProcess keeper = host.keeper;
        switch (kind) {
            case AGENT_KILLED -> killAgent(host, sim.chance.between(200 * Timeline.MILLI, 12 * Timeline.SECOND));
            case AGENT_FORGETS -> {
                if (agent != null && agent.runs() && !host.leaves && scene.pool.has(host) && !host.cut) {
                    killAgent(host, sim.chance.between(200 * Timeline.MILLI, 3 * Timeline.SECOND));
                    host.serves = Optional.empty();
                    host.forgot = true;
                }
            }
            case AGENT_STOPPED -> {
                if (agent != null && agent.runs()) {
                    host.disturbed = sim.timeline.now();
                    long nanos = sim.chance.between(Timeline.SECOND, 25 * Timeline.SECOND);
                    agent.stop(nanos);
                    sim.timeline.after(nanos, () -> host.disturbed = sim.timeline.now());
                }
            }
            case SERVERS_RESTARTED -> {
                boolean expired = sim.chance.oneIn(2);
                for (JobHost each : scene.hosts) {
                    JobAgentProcess there = each.agent;
                    each.disturbed = sim.timeline.now();
                    if (there != null && there.alive()) {
                        if (expired) {
                            there.wire.expire();
                        } else {
                            there.wire.disconnect("servers restart");
                        }
                    }
                }
            }
            case TRANSACTION_LOST -> lose(host, Exchange.Loss.REQUEST);
            case ANSWER_LOST -> lose(host, Exchange.Loss.ANSWER);
            case DISK_FULL -> {
                host.diskFull = true;
                sim.timeline.after(
                        sim.chance.between(Timeline.SECOND, 20 * Timeline.SECOND), () -> host.diskFull = false);
            }
            case SUBMIT_ANSWER_LOST -> scene.net.loseNextSubmit();
            case CLIENT_KILLED ->
                scene.callers().stream().findAny().ifPresent(_ -> {
                    JobCaller caller = sim.chance.of(scene.callers());
                    caller.kill();
                    scene.promises.callerDied(caller).ifPresent(scene::asksAgainPerhaps);
                });
            case CLIENT_CUT -> {
                if (!scene.callers().isEmpty()) {
                    JobHost machine = sim.chance.of(scene.callers()).host;
                    cut(machine, sim.chance.between(Timeline.SECOND, 60 * Timeline.SECOND));
                }
            }
            case KEEPER_KILLED -> {
                if (keeper != null && keeper.alive()) {
                    keeper.end();
                }
            }
            case KEEPER_KILLED_AT_A_WRITE -> dies = Optional.ofNullable(keeper);
            case KEEPER_STOPPED -> {
                if (keeper != null && keeper.runs()) {
                    host.hurt = sim.timeline.now();
                    long nanos = sim.chance.between(Timeline.SECOND, 40 * Timeline.SECOND);
                    keeper.stop(nanos);
                    host.stunnedUntil = sim.timeline.now() + nanos;
                    sim.timeline.after(nanos, () -> host.hurt = sim.timeline.now());
                }
            }
            case NODE_LOST -> powerCut(host, sim.chance.between(5, 60) * Timeline.SECOND);
            case NODE_CUT -> cut(host, sim.chance.between(Timeline.SECOND, 60 * Timeline.SECOND));
            case CLUSTER_DELETED -> {
                if (!scene.pool.deleted()) {
                    scene.pool.delete();
                }
            }
        }
    }

    private void lose(JobHost host, Exchange.Loss what) {
        JobAgentProcess agent = host.agent;
        if (agent != null && agent.alive()) {
            host.disturbed = sim.timeline.now();
            agent.wire.exchange.loseNext = what;
        }
    }

    /** Whether the keeper dies just now, as it writes. */
    boolean killsAtWrite(JobKeeperProcess keeper) {
        if (over || dies.filter(keeper::equals).isEmpty()) {
            return false;
        }
        dies = Optional.empty();
        return true;
    }

    private void killAgent(JobHost host, long nanos) {
        JobAgentProcess agent = host.agent;
        if (agent != null && agent.alive()) {
            host.disturbed = sim.timeline.now();
            agent.kill();
            sim.timeline.after(nanos, () -> revive(host));
        }
    }

    private void revive(JobHost host) {
        JobAgentProcess agent = host.agent;
        if (host.powered && (agent == null || !agent.alive())) {
            host.disturbed = sim.timeline.now();
            scene.startAgent(host);
        }
    }

    private void powerCut(JobHost host, long nanos) {
        if (!host.powered) {
            return;
        }
        host.hurt = sim.timeline.now();
        host.powered = false;
        host.cutSince = sim.timeline.now();
        sim.timeline.after(nanos, () -> powerBack(host));
        host.processes.clear();
        JobAgentProcess agent = host.agent;
        if (agent != null) {
            agent.kill();
        }
        JobKeeperProcess keeper = host.keeper;
        if (keeper != null) {
            keeper.kill();
            host.keeper = null;
        }
        if (sim.chance.oneIn(4)) {
            sim.tally.fault("job scene: disk lost");
            scene.promises.diskLost(host);
            host.disk.clear();
        }
        scene.net.cut(host);
    }

    private void powerBack(JobHost host) {
        if (!host.powered) {
            host.powered = true;
            host.hurt = sim.timeline.now();
            revive(host);
        }
    }

    private void cut(JobHost host, long nanos) {
        if (host.cut || !host.powered) {
            return;
        }
        host.hurt = sim.timeline.now();
        host.cut = true;
        host.cutSince = sim.timeline.now();
        JobAgentProcess agent = host.agent;
        if (agent != null && agent.alive()) {
            agent.wire.cut(true, true);
        }
        scene.net.cut(host);
        sim.timeline.after(nanos, () -> heal(host));
    }

    private void heal(JobHost host) {
        if (host.cut) {
            host.cut = false;
            host.hurt = sim.timeline.now();
            host.disturbed = sim.timeline.now();
            JobAgentProcess agent = host.agent;
            if (agent != null && agent.alive()) {
                agent.wire.heal();
            }
        }
    }

    /** Nothing fails any more, and who is dead is started again. */
    void end() {
        over = true;
        scene.net.loseNothing();
        for (JobHost host : scene.machines()) {
            host.diskFull = false;
            heal(host);
        }
        for (JobHost host : scene.hosts) {
            powerBack(host);
            revive(host);
            JobAgentProcess agent = host.agent;
            if (agent != null) {
                agent.proceed();
                agent.wire.exchange.loseNext = Exchange.Loss.NOTHING;
            }
            JobKeeperProcess keeper = host.keeper;
            if (keeper != null) {
                keeper.proceed();
            }
        }
    }
}
