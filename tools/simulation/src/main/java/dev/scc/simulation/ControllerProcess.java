package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.cluster.controller.Controller;

/** A real controller. */
final class ControllerProcess extends SimProcess {
    ControllerProcess(Simulation sim, String name) {
        super(sim, name);
        SimTree tree = new SimTree(this);
        Controller controller = new Controller(tree, name, new SimVerifier(this), clock(), Simulation.TIMING);
        tree.watch(Paths.ROOT, this::signal);
        start(() -> react(controller));
    }
}
