package dev.scc.cli.command;

import dev.scc.cli.failure.Problem;
import dev.scc.cli.view.TestbedView;
import dev.scc.cluster.PhaseTime;
import dev.scc.testbed.TestbedStatus;
import java.util.List;

/** What the testbed says, in the command line's records. */
final class TestbedAnswers {
    private TestbedAnswers() {}

    static TestbedView view(LocalTestbed local, TestbedStatus status, List<PhaseTime> phases) {
        return switch (status) {
            case TestbedStatus.Down _ -> without(local, "", "down");
            case TestbedStatus.Changing _ -> without(local, "", "changing");
            case TestbedStatus.Leftover _ -> without(local, "", "leftover");
            case TestbedStatus.Present present -> present(local, present, phases);
        };
    }

    private static TestbedView without(LocalTestbed local, String kind, String state) {
        return new TestbedView(
                local.name().value(), kind, state, local.name().namespace(), "", "", "", List.of(), List.of());
    }

    private static TestbedView present(LocalTestbed local, TestbedStatus.Present present, List<PhaseTime> phases) {
        TestbedStatus.Servers servers = present.servers();
        String server = servers.all() == 0
                ? ""
                : servers.running() == servers.all()
                        ? LocalTestbed.hosts(servers.all())
                        : servers.all() == 1 ? "dead" : servers.running() + " of " + servers.all() + " run";
        return new TestbedView(
                local.name().value(),
                present.kind(),
                "up",
                local.name().namespace(),
                server,
                present.accelerator(),
                present.kernel(),
                present.nodes().stream().map(TestbedAnswers::node).toList(),
                phases);
    }

    private static TestbedView.Node node(TestbedStatus.NodeStatus status) {
        String state = !status.running() ? "off" : status.answers() ? "up" : "silent";
        return new TestbedView.Node(
                status.node().name().value(), status.node().address().toString(), state);
    }

    /** @param commands that help with what is to be done next; may be empty */
    static Problem told(dev.scc.testbed.Problem problem, String commands) {
        return new Problem(
                problem.what(),
                problem.node().map(Object::toString).orElse(""),
                "",
                problem.why(),
                problem.done(),
                problem.next() + commands);
    }
}
