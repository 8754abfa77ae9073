package dev.scc.cluster.view;

import dev.scc.cluster.verify.KeptVerification;
import dev.scc.cluster.verify.LoadResult;
import dev.scc.fabric.verify.Flow;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the fabric did while many flows were there at the same time.
 *
 * @param load which flows those were, in lower case as on the command line
 */
public record LoadView(String load, List<FlowRow> flows) {
    public LoadView {
        flows = List.copyOf(flows);
    }

    /**
     * One flow: bandwidths in 10^6 bytes per second.
     *
     * @param round from 0; flows of a round were there at the same time
     * @param unloadedMBps of the same direction, when the pair was probed; 0 if it was not, or did not pass
     * @param ratio loaded to unloaded; 0 if one of them is not known
     * @param why empty if the flow is ok
     */
    public record FlowRow(
            int round,
            NodeName from,
            NodeName to,
            boolean ok,
            double writeMBps,
            double unloadedMBps,
            double ratio,
            String why) {}

    static LoadView of(LoadResult result, KeptVerification verification) {
        Map<Flow, Double> unloaded = new HashMap<>();
        for (ProbeResult probe : verification.results()) {
            if (probe.ok()) {
                // The active side writes to the passive one, and reads from it.
                unloaded.put(new Flow(probe.a(), probe.b()), probe.measured().writeMBps());
                unloaded.put(new Flow(probe.b(), probe.a()), probe.measured().readMBps());
            }
        }
        return new LoadView(
                result.load().name().toLowerCase(Locale.ROOT),
                result.flows().stream()
                        .map(flow -> row(flow, unloaded.getOrDefault(flow.flow(), 0.0)))
                        .toList());
    }

    private static FlowRow row(FlowResult result, double unloaded) {
        Flow flow = result.flow();
        return switch (result.outcome()) {
            case FlowResult.Moved(double moved) ->
                new FlowRow(
                        result.round(),
                        flow.from(),
                        flow.to(),
                        true,
                        moved,
                        unloaded,
                        unloaded > 0 ? moved / unloaded : 0,
                        "");
            case FlowResult.Broken(String why) ->
                new FlowRow(result.round(), flow.from(), flow.to(), false, 0, unloaded, 0, why);
        };
    }
}
