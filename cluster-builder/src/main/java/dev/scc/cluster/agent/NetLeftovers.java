package dev.scc.cluster.agent;

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
import java.util.TreeMap;

/** Objects of a node's networks that bear our mark and are not part of what the node serves. */
final class NetLeftovers {
    private final Machine machine;
    private final PlanRunner runner;

    NetLeftovers(Machine machine) {
        this.machine = machine;
        this.runner = new PlanRunner(machine);
    }

    /**
     * Finds them, the uppermost first.
     *
     * @param wanted all that has to be on the node
     * @param serves for whom, in words
     * @param remove whether they are removed, too
     */
    List<NodeLeftover> look(NetState wanted, String serves, boolean remove) throws CommandFailed {
        NetState observed = machine.observe();
        List<Step> steps = removals(observed, wanted);
        if (steps.isEmpty()) {
            return List.of();
        }
        Map<String, String> problems = remove ? remove(steps) : Map.of();
        List<NodeLeftover> found = new ArrayList<>();
        for (Step step : steps) {
            String key = step.object().key();
            NodeLeftover one = NodeLeftover.of(key, why(step.object(), serves));
            found.add(problems.containsKey(key) ? one.withProblem(problems.get(key)) : one);
        }
        return found;
    }

    /** Without those that are only to be replaced by the same in another form: that is no leftover, but the agent's work. */
    private static List<Step> removals(NetState observed, NetState wanted) {
        Map<String, NetObject> kept = new TreeMap<>(observed.objects());
        kept.entrySet()
                .removeIf(there -> stray(there.getValue(), wanted.objects().get(there.getKey())));
        return NetPlanner.plan(observed, new NetState(kept)).stream()
                .filter(Step.Remove.class::isInstance)
                .toList();
    }

    private static boolean stray(NetObject there, @org.jspecify.annotations.Nullable NetObject wanted) {
        if (wanted == null) {
            return true;
        }
        return there instanceof NetObject.Link link
                && wanted instanceof NetObject.Link like
                && !link.owner().equals(like.owner());
    }

    private static String why(NetObject object, String serves) {
        if (object instanceof NetObject.Link link) {
            return link.owner().isEmpty()
                    ? "it is half made, and " + serves
                    : "it is of cluster " + link.owner() + ", and " + serves;
        }
        return serves;
    }

    /** All of them at once; if that fails one by one, so that what can go goes. Answers what is there still, and why. */
    private Map<String, String> remove(List<Step> steps) throws CommandFailed {
        Map<String, String> problems = new TreeMap<>();
        if (!(runner.run(steps) instanceof PlanOutcome.Done)) {
            for (Step step : steps) {
                switch (runner.run(List.of(step))) {
                    case PlanOutcome.Done _ -> {}
                    case PlanOutcome.Undone undone -> problems.put(step.object().key(), undone.why());
                    case PlanOutcome.Stuck stuck -> problems.put(step.object().key(), stuck.why());
                }
            }
        }
        NetState now = machine.observe();
        problems.keySet().removeIf(key -> !now.objects().containsKey(key));
        for (Step step : steps) {
            String key = step.object().key();
            if (now.objects().containsKey(key)) {
                problems.putIfAbsent(key, "it was removed, and is there again");
            }
        }
        return problems;
    }
}
