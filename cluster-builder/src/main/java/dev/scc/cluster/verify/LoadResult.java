package dev.scc.cluster.verify;

import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import java.util.List;

/**
 * What a fabric did under load.
 *
 * @param flows one for each flow of the load, in its order
 */
public record LoadResult(Load load, List<FlowResult> flows) {
    public LoadResult {
        flows = List.copyOf(flows);
    }
}
