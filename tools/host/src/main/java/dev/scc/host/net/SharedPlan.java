package dev.scc.host.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way from one state to another where all that is shared comes, goes, or stays: the same plan, without a look at each object. */
final class SharedPlan {
    private SharedPlan() {}

    /** Empty if it is not as simple as that. */
    static Optional<List<Step>> of(NetState observed, NetState wanted) {
        List<SharedObjects.Part> before = observed.parts();
        List<SharedObjects.Part> after = wanted.parts();
        if ((before.isEmpty() && after.isEmpty()) || !apart(observed) || !apart(wanted)) {
            return Optional.empty();
        }
        List<Step> own = NetPlanner.each(observed.own(), wanted.own());
        if (before.equals(after)) {
            // Else what stays may sit on something that goes.
            return own.isEmpty() ? Optional.of(own) : Optional.empty();
        }
        List<List<Step>> steps = new ArrayList<>();
        if (before.isEmpty()) {
            steps.add(own);
            after.stream().filter(part -> !part.entries()).forEach(part -> steps.add(part.additions()));
            after.stream().filter(SharedObjects.Part::entries).forEach(part -> steps.add(part.additions()));
            return Optional.of(StepList.of(steps));
        }
        if (after.isEmpty()) {
            before.stream().filter(SharedObjects.Part::entries).forEach(part -> steps.add(part.removals()));
            before.stream().filter(part -> !part.entries()).forEach(part -> steps.add(part.removals()));
            steps.add(own);
            return Optional.of(StepList.of(steps));
        }
        return Optional.empty();
    }

    /** Whether nothing that could be shared is the node's own. */
    private static boolean apart(NetState state) {
        return state.own().objects().values().stream().noneMatch(SharedObjects::sharable);
    }
}
