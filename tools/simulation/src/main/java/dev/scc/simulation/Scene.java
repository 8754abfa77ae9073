package dev.scc.simulation;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Request;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import java.util.Objects;
import java.util.Optional;

/** One undertaking in a small pool: two controllers, five nodes, one client at a time. */
final class Scene {
    private static final long SEED = 7;
    private static final int NODES = 5;
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final long PATIENCE = 300 * Timeline.SECOND;
    private static final long TO_SETTLE = 600 * Timeline.SECOND;

    private final Undertaking undertaking;
    private final Simulation sim;
    private final Quiet quiet;

    Scene(Undertaking undertaking, Simulation.Tracing tracing) {
        this.undertaking = undertaking;
        this.sim = new Simulation(SEED, 3, tracing);
        this.quiet = new Quiet(sim);
    }

    /** @param points told of every point between the wish and its end */
    void play(Point points) {
        for (int i = 1; i <= NODES; i++) {
            Hardware machine = new Hardware(i, new NodeName("n" + i), "n" + i);
            sim.hardware.add(machine);
            sim.startAgent(machine);
        }
        sim.startController("s1");
        sim.startController("s2");
        sim.run(4 * Timeline.SECOND);
        prepare();
        sim.points = points;
        wish();
        sim.run(undertaking == Undertaking.REPAIR ? 40 * Timeline.SECOND : 10 * Timeline.SECOND);
        sim.points = (process, kind, what) -> {};
        sim.hardware.forEach(Hardware::cure);
        for (Hardware machine : sim.hardware) {
            if (machine.agent == null || !machine.agent.alive()) {
                sim.startAgent(machine);
            }
        }
        quiet.settle(TO_SETTLE);
        if (sim.promises.tree.clusters.containsKey(DEMO)) {
            sim.ask("last", new Request.Delete(DEMO), PATIENCE);
            sim.run(Timeline.SECOND / 10);
            quiet.settle(TO_SETTLE);
        }
        quiet.nothingLeft();
    }

    private void prepare() {
        int nodes = switch (undertaking) {
            case CREATE, FAILED_CREATE, CUTTING_CREATE -> 0;
            case SCALE_UP -> 2;
            case SCALE_DOWN, REPAIR, DELETE -> 3;
        };
        if (nodes > 0) {
            sim.ask("first", create(nodes), PATIENCE);
            sim.run(Timeline.SECOND / 10);
            quiet.settle(TO_SETTLE);
        }
    }

    private void wish() {
        switch (undertaking) {
            case CREATE -> sim.ask("wish", create(3), PATIENCE);
            case FAILED_CREATE -> {
                Hardware machine = sim.hardware.get(1);
                machine.failing = Optional.of("add addr");
                machine.failures = 1000;
                sim.ask("wish", create(3), PATIENCE);
            }
            case CUTTING_CREATE -> {
                // Not cured: the machine has to get out of its own way by itself.
                sim.hardware.get(1).servers = Optional.of(Cidr.parse("172.16.0.0/12"));
                sim.ask("wish", create(3), PATIENCE);
            }
            case SCALE_UP -> sim.ask("wish", new Request.Scale(DEMO, 4), PATIENCE);
            case SCALE_DOWN -> sim.ask("wish", new Request.Scale(DEMO, 1), PATIENCE);
            case REPAIR -> Objects.requireNonNull(sim.hardware.get(1).agent).kill();
            case DELETE -> sim.ask("wish", new Request.Delete(DEMO), PATIENCE);
        }
    }

    private Request create(int nodes) {
        OnFailure policy = undertaking == Undertaking.REPAIR ? OnFailure.REPLACE : OnFailure.ROLLBACK;
        return new Request.Create(ClusterSpec.of(DEMO.value(), nodes).withOnFailure(policy));
    }

    /** Called by the process, at the point. */
    void treat(SimProcess process, CrashPoints.Treatment treatment, String where) {
        sim.trace.mark(process.name, "is treated", treatment + " at " + where);
        switch (treatment) {
            case KILL -> {
                process.kill();
                sim.timeline.after(3 * Timeline.SECOND, () -> again(process));
                Coroutine.pause();
            }
            case STOP -> process.stopHere(12 * Timeline.SECOND);
            case EXPIRE -> process.wire.expire();
            case LOSE -> process.wire.exchange.loseNext = Exchange.Loss.ANSWER;
            case DROP -> process.wire.exchange.loseNext = Exchange.Loss.REQUEST;
        }
    }

    private void again(SimProcess process) {
        switch (process) {
            case AgentProcess agent -> {
                if (agent.hardware.agent == agent) {
                    sim.startAgent(agent.hardware);
                }
            }
            case ControllerProcess controller -> sim.startController(controller.name);
            case ClientProcess client -> sim.ask(client.id, client.caller, client.request, PATIENCE);
            // Its caller goes on at another server, or at this one again.
            case FrontProcess _ -> {}
            default -> throw new IllegalStateException(process.toString());
        }
    }
}
