package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.Request;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.view.GroupView;
import dev.scc.vpc.GroupName;
import java.time.Duration;

/** A request about security groups, made by a command. */
record GroupRequest(Session session, RequestOptions request, boolean dryRun) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Makes it, and shows the group as it is then. */
    int show(Request what, GroupName group) throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(session, Subject.GROUP, what.title(), pool.forecast(what));
            }
            ask(pool, what);
            session.printer().answer(find(what.title(), pool, group));
        }
        return ExitStatus.DONE.code();
    }

    /** Makes it, and says so. */
    int remark(Request what, String words) throws Exception {
        try (ClusterClient pool = Pool.connect(session.options())) {
            if (dryRun) {
                return Outcomes.forecast(session, Subject.GROUP, what.title(), pool.forecast(what));
            }
            ask(pool, what);
            session.printer().remark(words);
        }
        return ExitStatus.DONE.code();
    }

    private void ask(ClusterClient pool, Request what) throws Exception {
        Outcomes.require(
                Subject.GROUP,
                what.title(),
                request.await(
                        what.title(),
                        "",
                        id -> pool.change(what, id, session.options().timeoutOr(PATIENCE))));
    }

    static GroupView find(String what, ClusterClient pool, GroupName group)
            throws Failure, ServerUnreachable, InterruptedException {
        return pool.groups().groups().stream()
                .filter(each -> each.group().equals(group.value()))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitStatus.FAILED,
                        Problem.of(what, "there is no security group " + group, "scc sg list shows which there are")));
    }
}
