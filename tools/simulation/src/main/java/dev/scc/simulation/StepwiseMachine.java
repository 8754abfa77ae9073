package dev.scc.simulation;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.HandedLink;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.Step;
import dev.scc.host.net.StepFailed;
import dev.scc.host.net.TunnelKeys;
import java.util.List;
import java.util.Optional;

/** A machine as one agent process reaches it: step by step, with time passing in between. */
record StepwiseMachine(AgentProcess agent, Hardware hardware) implements Machine {
    /** How the file of a namespace ends that is nowhere. */
    static final String NO_NAMESPACE = "gone";

    @Override
    public NetState observe() throws CommandFailed {
        agent.point(Point.Kind.OBSERVE, "observe");
        takeTime(2 * Timeline.MILLI);
        if (hardware.cannotBeLookedAt) {
            agent.sim.tally.fault("machine could not be looked at");
            throw new CommandFailed("ip -j link: timed out");
        }
        return hardware.kernel.observe();
    }

    @Override
    public void apply(List<Step> steps) throws StepFailed {
        agent.sim.promises.applying(agent);
        takeTime(10 * Timeline.MILLI);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (!isReplacement(steps, i)) {
                agent.point(Point.Kind.STEP, step.title());
                if (agent.sim.chance.oneIn(4)) {
                    takeTime(Timeline.MILLI);
                }
            }
            Optional<String> why = hardware.ails(step);
            if (why.isPresent() && hardware.silent) {
                agent.sim.tally.fault("step without effect");
                agent.sim.trace.mark(agent.name, "did without effect", step.title());
                continue;
            }
            if (why.isPresent()) {
                agent.sim.tally.fault("step failed");
                agent.sim.trace.mark(agent.name, "step failed", step.title());
                throw new StepFailed(i, step, why.get());
            }
            try {
                hardware.kernel.apply(List.of(step));
            } catch (StepFailed e) {
                agent.sim.trace.mark(agent.name, "step failed", e.getMessage() == null ? "" : e.getMessage());
                throw new StepFailed(i, step, String.valueOf(e.getMessage()));
            }
            agent.sim.trace.mark(agent.name, "did", step.title());
            agent.sim.promises.machineChanged(hardware, step);
            agent.followRoutes();
            if (!isReplacement(steps, i + 1)) {
                agent.point(Point.Kind.STEPPED, step.title());
            }
        }
    }

    @Override
    public Optional<TunnelKeys> tunnelKeys() {
        return hardware.kernel.tunnelKeys();
    }

    @Override
    public Optional<String> objection(String namespace) {
        return namespace.endsWith(NO_NAMESPACE) ? Optional.of("no such namespace") : Optional.empty();
    }

    @Override
    public Optional<String> handOver(HandedLink link, boolean again) {
        if (link.equals(hardware.kernel.handed().get(link.end()))) {
            return Optional.empty();
        }
        if (!again) {
            return Optional.of("not there any more");
        }
        String title = "hand over " + link.end();
        agent.point(Point.Kind.STEP, title);
        takeTime(Timeline.MILLI);
        hardware.kernel.hand(link);
        agent.sim.trace.mark(agent.name, "did", title);
        agent.point(Point.Kind.STEPPED, title);
        return hardware.kernel.handed().containsKey(link.end())
                ? Optional.empty()
                : Optional.of("our end is not there");
    }

    /** A table that is removed and comes in the next step: that is one transaction of the kernel's, with nothing in between. */
    private static boolean isReplacement(List<Step> steps, int step) {
        return step > 0
                && step < steps.size()
                && steps.get(step - 1) instanceof Step.Remove(NetObject.NftTable gone)
                && steps.get(step) instanceof Step.Add(NetObject.NftTable come)
                && gone.key().equals(come.key());
    }

    private void takeTime(long most) {
        agent.sleep(agent.sim.chance.between(0, most) * hardware.slowness);
    }
}
