package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.Visible;
import java.util.List;
import java.util.function.Consumer;

/** What the doctor's rules say about a cluster's members before a job starts there: what agents have noted, so nobody is asked. */
record RunPreflight(String what, boolean needsRdma, Consumer<String> remark) {

    /** Says what is to be said. @throws Failure if RDMA does not work on a member, and the job needs that */
    void check(List<Finding> findings) throws Failure {
        for (Finding one : findings) {
            if (needsRdma && one.severity() == Finding.Severity.ERROR) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        new Problem(
                                what,
                                one.node().value(),
                                one.rule(),
                                Visible.line(one.evidence()),
                                "nothing was started",
                                "mend it there: " + Visible.line(one.fix())
                                        + "; or start it all the same with --no-preflight"));
            }
            remark.accept("%s: %s: %s (mend it there: %s)"
                    .formatted(one.node(), one.rule(), Visible.line(one.evidence()), Visible.line(one.fix())));
        }
    }
}
