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
    static void require(Subject subject, String what, Outcome outcome) throws Failure {
        switch (outcome) {
            case Outcome.Done(long _, List<String> left, List<String> _) -> {
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
                throw new Failure(
                        status(reason), new Problem(what, "", "", why, "nothing has changed", subject.next(reason)));
            case Outcome.Failed(long _, dev.scc.cluster.Failure failure) ->
                throw new Failure(failure.left().isEmpty() ? ExitStatus.FAILED : ExitStatus.LEFT_BEHIND, told(failure));
            case Outcome.InProgress(long _) ->
                throw new IllegalStateException(what + " was answered before it had ended");
        }
    }

    /** Prints what a request would do. @throws Failure if it would be refused */
    static int forecast(Session session, Subject subject, String what, ServerRpc.WouldBe forecast) throws Failure {
        session.printer().answer(forecast.view());
        if (forecast.refusal().isPresent()) {
            require(
                    subject,
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
