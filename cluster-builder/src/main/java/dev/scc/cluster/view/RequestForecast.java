package dev.scc.cluster.view;

import dev.scc.cluster.Request;
import dev.scc.cluster.plan.RequestPlanner;
import java.util.List;

/**
 * What a request would do.
 *
 * @param request such as {@code vpc create lab}
 * @param refused why it would not be done; empty if it would
 * @param changes operations of the one transaction, such as {@code create /scc/vpcs/lab}
 */
public record RequestForecast(String request, String refused, List<String> changes) implements PoolView {
    public RequestForecast {
        changes = List.copyOf(changes);
    }

    public static RequestForecast of(Request request, RequestPlanner.Answer answer, List<String> changes) {
        return switch (answer) {
            case RequestPlanner.Answer.Commit _ -> new RequestForecast(request.title(), "", changes);
            case RequestPlanner.Answer.Refuse refuse -> new RequestForecast(request.title(), refuse.why(), List.of());
        };
    }
}
