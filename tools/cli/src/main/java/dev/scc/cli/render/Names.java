package dev.scc.cli.render;

import dev.scc.cli.view.ClusterList;
import dev.scc.cli.view.ClusterView;
import dev.scc.cli.view.DemoView;
import dev.scc.cli.view.DryRunView;
import dev.scc.cli.view.EventList;
import dev.scc.cli.view.GcView;
import dev.scc.cli.view.NodeList;
import dev.scc.cli.view.NodeView;
import dev.scc.cli.view.PhaseTime;
import dev.scc.cli.view.TestbedView;
import dev.scc.cli.view.VerifyView;
import dev.scc.cli.view.View;
import java.util.List;

/** Answers as names only, one a line, for pipes. */
final class Names {
    private Names() {}

    static List<String> of(View view) {
        return switch (view) {
            case ClusterView cluster -> List.of(cluster.cluster());
            case ClusterList list ->
                list.clusters().stream().map(ClusterList.Row::cluster).toList();
            case EventList list ->
                list.events().stream().map(EventList.Row::what).toList();
            case GcView gc -> gc.items().stream().map(GcView.Item::what).toList();
            case NodeList list -> list.nodes().stream().map(NodeList.Row::name).toList();
            case NodeView node -> List.of(node.name());
            case VerifyView verify -> List.of(verify.cluster());
            case TestbedView testbed ->
                testbed.nodes().stream().map(TestbedView.Node::name).toList();
            case DryRunView dry ->
                dry.nodes().stream().map(DryRunView.Node::name).toList();
            case DemoView demo -> demo.phases().stream().map(PhaseTime::name).toList();
        };
    }
}
