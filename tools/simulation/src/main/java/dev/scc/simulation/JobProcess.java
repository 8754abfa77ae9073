package dev.scc.simulation;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.trust.Principal;
import java.util.Optional;

/** A process of the scene with jobs, which does several things at a time. */
abstract class JobProcess extends SimProcess {
    final JobScene scene;
    final JobHost host;
    final Principal who;
    final SimTasks tasks = new SimTasks(this);
    final Connections connections;
    /** Whoever waits for ZooKeeper. */
    private Optional<SimTasks.Fiber> asking = Optional.empty();

    JobProcess(JobScene scene, JobHost host, String name, Principal who) {
        super(scene.sim, name);
        this.scene = scene;
        this.host = host;
        this.who = who;
        this.connections = scene.net.of(this);
    }

    /** What it serves, and where; empty for one that only asks. */
    Optional<RpcService> service() {
        return Optional.empty();
    }

    /** The one who calls is going to wait for ZooKeeper: there is one such at a time. */
    final void asks() {
        asking = Optional.of(tasks.current());
    }

    @Override
    void resume() {
        asking.ifPresent(SimTasks.Fiber::resume);
    }

    @Override
    void kill() {
        if (alive()) {
            super.kill();
            scene.net.died(this);
        }
    }

    @Override
    void exit() {
        super.exit();
        scene.net.died(this);
    }
}
