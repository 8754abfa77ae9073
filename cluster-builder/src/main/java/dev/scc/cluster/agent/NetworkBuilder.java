package dev.scc.cluster.agent;

import dev.scc.cluster.NodeStatus.StepFailed;
import dev.scc.cluster.PhaseTime;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Machine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.PlanOutcome;
import dev.scc.host.net.PlanRunner;
import dev.scc.host.net.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the node's networks to a wanted state: observe, plan, run, and observe again. */
final class NetworkBuilder {
    private static final Logger log = LoggerFactory.getLogger(NetworkBuilder.class);

    private final NodeName node;
    private final Machine machine;
    private final PlanRunner runner;
    private final LongSupplier nanos;

    NetworkBuilder(NodeName node, Machine machine, LongSupplier nanos) {
        this.node = node;
        this.machine = machine;
        this.runner = new PlanRunner(machine, nanos);
        this.nanos = nanos;
    }

    /**
     * How far it came.
     *
     * @param failed empty if the wanted state is there
     */
    record Built(Optional<StepFailed> failed, List<PhaseTime> phases) {
        Built {
            phases = List.copyOf(phases);
        }
    }

    /** What is on the node, and the steps from there to what is wanted. */
    record Planned(NetState observed, NetState wanted, List<Step> steps, long observeMillis) {

        /** Whether no link of what is wanted is there yet. */
        boolean fromNothing() {
            return wanted.marked().objects().values().stream()
                    .noneMatch(object -> object instanceof NetObject.Link
                            && observed.objects().containsKey(object.key()));
        }

        /** What of ours may be on the node from now on until the plan is through: all else sits on these. */
        NetState marked() {
            Map<String, NetObject> objects = new TreeMap<>(observed.marked().objects());
            objects.putAll(wanted.marked().objects());
            return new NetState(objects);
        }

        /** The steps that remove what nobody wants, as far as they come first. */
        List<Step> nobodys() {
            return steps.stream()
                    .takeWhile(
                            step -> !wanted.objects().containsKey(step.object().key()))
                    .toList();
        }

        /** What is made, removed or replaced, such as {@code link:eni0}. */
        List<String> keys() {
            return steps.stream()
                    .map(step -> step.object().key())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    Planned plan(NetState wanted) throws CommandFailed {
        long start = nanos.getAsLong();
        NetState observed = machine.observe();
        return new Planned(observed, wanted, NetPlanner.plan(observed, wanted), millisSince(start));
    }

    /** @param cluster that is wanted there, for the log */
    Built run(Planned plan, String cluster) {
        return run(plan, List.of(), cluster);
    }

    /** The same on a node that serves nothing: what nobody wants goes for good, whatever becomes of the rest. */
    Built runCleaning(Planned plan, String cluster) {
        return run(plan, plan.nobodys(), cluster);
    }

    private Built run(Planned plan, List<Step> forGood, String cluster) {
        List<PhaseTime> phases = new ArrayList<>();
        phases.add(new PhaseTime("observe", plan.observeMillis()));
        if (plan.steps().isEmpty()) {
            return new Built(Optional.empty(), phases);
        }
        PlanOutcome outcome = new PlanOutcome.Done(List.of());
        List<Step> rest = plan.steps().subList(forGood.size(), plan.steps().size());
        for (List<Step> part : List.of(forGood, rest)) {
            if (outcome instanceof PlanOutcome.Done) {
                outcome = runner.run(part);
                outcome.phases()
                        .forEach(phase -> phases.add(
                                new PhaseTime(phase.name(), phase.took().toMillis())));
            }
        }
        Optional<StepFailed> failed = switch (outcome) {
            case PlanOutcome.Done _ -> check(plan.wanted(), phases);
            case PlanOutcome.Undone undone ->
                Optional.of(new StepFailed(undone.failed().title(), undone.why(), List.of()));
            case PlanOutcome.Stuck stuck ->
                Optional.of(new StepFailed(
                        stuck.failed().title(),
                        stuck.why(),
                        stuck.left().stream()
                                .map(left -> left.undo().object().key() + " (" + left.why() + ")")
                                .toList()));
        };
        log.atInfo()
                .addKeyValue("node", node)
                .addKeyValue("cluster", cluster)
                .addKeyValue("steps", plan.steps().size())
                .addKeyValue("failed", failed.map(StepFailed::step).orElse("none"))
                .log("node changed");
        return new Built(failed, phases);
    }

    /** What the tools reported as done is read back. */
    private Optional<StepFailed> check(NetState wanted, List<PhaseTime> phases) {
        try {
            Planned again = plan(wanted);
            phases.add(new PhaseTime("check", again.observeMillis()));
            return again.steps().stream()
                    .findFirst()
                    .map(step -> new StepFailed(
                            step.title(), "the step was carried out, and its effect is not there", List.of()));
        } catch (CommandFailed e) {
            return Optional.of(new StepFailed("check", String.valueOf(e.getMessage()), List.of()));
        }
    }

    private long millisSince(long start) {
        return (nanos.getAsLong() - start) / 1_000_000;
    }
}
