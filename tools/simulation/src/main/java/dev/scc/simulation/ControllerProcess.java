package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.cluster.controller.Controller;

/** A server: a real controller, and the calls that it serves. */
final class ControllerProcess extends SimProcess {
    ControllerProcess(Simulation sim, String name) {
        super(sim, name);
        SimTree tree = SimTree.ofServer(this);
        Controller controller = new Controller(tree, name, new SimVerifier(this), clock(), Simulation.TIMING);
        tree.watch(Paths.ROOT, this::signal);
        start(() -> react(controller));
    }

    /** The calls that it serves die with it. */
    @Override
    void kill() {
        super.kill();
        sim.fronts(name).forEach(FrontProcess::kill);
    }

    @Override
    void stop(long nanos) {
        super.stop(nanos);
        sim.fronts(name).forEach(front -> front.stop(nanos));
    }
}
