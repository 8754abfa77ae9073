package dev.scc.cli.command;

import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.api.Progress;
import java.util.Locale;

/** A request's progress in words. */
final class ProgressWords {
    private ProgressWords() {}

    static String of(Progress event) {
        return switch (event) {
            case Progress.Entered entered -> words(entered.phase()) + ", " + entered.nodes() + " nodes";
            case Progress.NodeDone done ->
                done.node() + (cleaning(done.phase()) ? " is clean" : " is built") + " (" + done.done() + " of "
                        + done.all() + ")";
            case Progress.NodeFailed failed -> failed.node() + " failed at " + failed.step() + ": " + failed.why();
        };
    }

    private static boolean cleaning(ClusterPhase phase) {
        return phase == ClusterPhase.ROLLING_BACK || phase == ClusterPhase.DELETING;
    }

    /** {@code RollingBack} as {@code rolling back}. */
    private static String words(ClusterPhase phase) {
        return phase.toString().replaceAll("(?<=[a-z])([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
