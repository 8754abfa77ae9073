package dev.scc.simulation;

import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeNetwork;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.host.NodeName;
import java.util.Optional;
import java.util.function.Consumer;

/** The networks of a machine as one agent process has them, which can have the device talk to itself. */
record DeviceNetwork(AgentProcess agent, Hardware hardware, ModelNetwork model) implements NodeNetwork {
    private static final long LONGEST = 5 * Timeline.SECOND;

    @Override
    public ClusterNetworks networks() {
        return model.networks();
    }

    @Override
    public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName self) throws NotReached {
        return model.reached(roster, self);
    }

    @Override
    public Optional<String> worse(Member former, NodeInventory has) {
        return model.worse(former, has);
    }

    @Override
    public Check check(String device, String netdev, NodeInventory has, Consumer<LoopbackOutcome> ended) {
        Run run = new Run(ended);
        agent.sim.trace.mark(agent.name, "checks its device", hardware.harm());
        if (hardware.harm() == DeviceHarm.HANGS) {
            agent.sim.tally.fault("check of a device hung");
            hardware.hangs(() -> agent.later(0, () -> run.end(new LoopbackOutcome.Failed(device + " hung"))));
        } else {
            long takes = agent.sim.chance.between(5 * Timeline.MILLI, 60 * Timeline.MILLI) * hardware.slowness;
            agent.later(Math.min(LONGEST, takes), () -> run.end(outcome(device)));
        }
        return run;
    }

    private LoopbackOutcome outcome(String device) {
        return switch (hardware.harm()) {
            case NONE ->
                hardware.rdmaPortDown
                        ? new LoopbackOutcome.Failed(device + " has no active port")
                        : new LoopbackOutcome.Passed(100);
            case FAILS, HANGS -> new LoopbackOutcome.Failed(device + ": a SEND did not arrive");
            case COUNTS_ERRORS -> new LoopbackOutcome.Failed(device + ": its counter rcvd_seq_err rose by 1");
            case CANNOT_BE_TRIED -> new LoopbackOutcome.NotTried("no connection manager");
        };
    }

    /** One check, which ends once. */
    private final class Run implements Check {
        private final Consumer<LoopbackOutcome> ended;
        private boolean cancelled;
        private boolean over;

        Run(Consumer<LoopbackOutcome> ended) {
            this.ended = ended;
        }

        void end(LoopbackOutcome outcome) {
            if (over) {
                return;
            }
            over = true;
            agent.sim.trace.mark(agent.name, "device checked", outcome);
            agent.sim.tally.ends.merge("check " + outcome.getClass().getSimpleName(), 1L, Long::sum);
            if (!cancelled && !(outcome instanceof LoopbackOutcome.Failed)) {
                hardware.unchecked = false;
            }
            ended.accept(outcome);
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (hardware.harm() != DeviceHarm.HANGS) {
                long soon = agent.sim.chance.between(0, 100 * Timeline.MILLI);
                agent.later(soon, () -> end(new LoopbackOutcome.NotTried("cancelled")));
            }
        }
    }
}
