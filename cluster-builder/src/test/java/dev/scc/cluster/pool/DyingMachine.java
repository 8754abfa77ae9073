package dev.scc.cluster.pool;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A machine whose agent is killed just before a step; its session goes with it. */
record DyingMachine(Machine machine, BooleanSupplier now, TestPool pool, String node) implements Machine {
    @Override
    public NetState observe() throws CommandFailed {
        return machine.observe();
    }

    @Override
    public void apply(List<Step> steps) throws StepFailed {
        for (int i = 0; i < steps.size(); i++) {
            if (now.getAsBoolean()) {
                pool.killAgentSoon(node);
                throw new Killed("before " + steps.get(i).title());
            }
            try {
                machine.apply(List.of(steps.get(i)));
            } catch (StepFailed e) {
                throw new StepFailed(i, steps.get(i), String.valueOf(e.getMessage()));
            }
        }
    }
}
