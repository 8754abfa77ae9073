package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.host.NodeName;
import java.util.List;

/** What became of a request, as an exit status and a message. */
final class Outcomes {
    private Outcomes() {}

    /** Returns if it is done and nothing is left. @throws Failure otherwise */
    static void require(String what, Outcome outcome) throws Failure {
        switch (outcome) {
            case Outcome.Done(long _, List<String> left) -> {
                if (!left.isEmpty()) {
                    throw new Failure(
                            ExitStatus.LEFT_BEHIND,
                            new Problem(
                                    what,
                                    "",
                                    "",
                                    "left behind: " + String.join("; ", left),
                                    "everything else is done",
                                    "when a lost node comes back its agent cleans it; scc node list shows when"));
                }
            }
            case Outcome.Refused(long _, Refusal reason, String why) ->
                throw new Failure(status(reason), new Problem(what, "", "", why, "nothing has changed", next(reason)));
            case Outcome.Failed(long _, dev.scc.cluster.Failure failure) ->
                throw new Failure(failure.left().isEmpty() ? ExitStatus.FAILED : ExitStatus.LEFT_BEHIND, told(failure));
            case Outcome.InProgress(long _) ->
                throw new IllegalStateException(what + " was answered before it had ended");
        }
    }

    /** Prints what a request would do. @throws Failure if it would be refused */
    static int forecast(Session session, String what, ServerRpc.WouldBe forecast) throws Failure {
        session.printer().answer(forecast.view());
        if (forecast.refusal().isPresent()) {
            require(
                    what,
                    new Outcome.Refused(
                            0, forecast.refusal().get(), forecast.view().refused()));
        }
        return ExitStatus.DONE.code();
    }

    private static ExitStatus status(Refusal reason) {
        return switch (reason) {
            case NOT_ENOUGH_NODES, NO_RDMA, NOT_ENTITLED, OVER_QUOTA -> ExitStatus.REFUSED;
            case INVALID, NOT_SUPPORTED -> ExitStatus.USAGE;
            case NAME_TAKEN, ADDRESSES, UNKNOWN, BUSY, DOES_NOT_FIT -> ExitStatus.FAILED;
        };
    }

    private static String next(Refusal reason) {
        return switch (reason) {
            case NOT_ENOUGH_NODES -> "scc node list shows which nodes are free";
            case NO_RDMA -> "without RDMA a cluster has a VPC only: --verify off builds that";
            case NAME_TAKEN -> "choose another name, or scc delete this one";
            case ADDRESSES -> "choose other addresses, or leave them out where that is allowed";
            case UNKNOWN -> "scc list and scc node list show what there is";
            case BUSY -> "scc show tells when it has come to rest";
            case DOES_NOT_FIT -> "scc gc --dry-run shows what is left behind in the tree, scc gc removes it";
            case NOT_ENTITLED ->
                "its owner may create it with --user, an administrator may add it: scc user create --clusters";
            case OVER_QUOTA -> "take fewer nodes, delete a cluster, or ask an administrator: scc user create --quota";
            case INVALID, NOT_SUPPORTED -> "";
        };
    }

    private static Problem told(dev.scc.cluster.Failure failure) {
        String left = failure.left().isEmpty() ? "" : "; left behind: " + String.join("; ", failure.left());
        return new Problem(
                failure.what(),
                failure.node().map(NodeName::value).orElse(""),
                failure.step().map(dev.scc.cluster.Failure.Step::title).orElse(""),
                failure.why(),
                failure.done() + left,
                failure.next());
    }
}
