package dev.scc.cli.render;

import dev.scc.cli.view.DemoView;
import dev.scc.cli.view.DoctorView;
import dev.scc.cli.view.ExportView;
import dev.scc.cli.view.GcView;
import dev.scc.cli.view.JobListView;
import dev.scc.cli.view.JobView;
import dev.scc.cli.view.PeopleView;
import dev.scc.cli.view.PlacementView;
import dev.scc.cli.view.RootsView;
import dev.scc.cli.view.StartedJobView;
import dev.scc.cli.view.TestbedView;
import dev.scc.cli.view.TokenView;
import dev.scc.cli.view.View;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.view.AuditReport;
import dev.scc.cluster.view.ClusterList;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.view.DryRunView;
import dev.scc.cluster.view.EniList;
import dev.scc.cluster.view.EniView;
import dev.scc.cluster.view.EventList;
import dev.scc.cluster.view.GroupList;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.view.GroupView;
import dev.scc.cluster.view.MeshView;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.view.NodeView;
import dev.scc.cluster.view.PoolView;
import dev.scc.cluster.view.ReachView;
import dev.scc.cluster.view.RequestForecast;
import dev.scc.cluster.view.TreeReport;
import dev.scc.cluster.view.VerifyView;
import dev.scc.cluster.view.VpcList;
import dev.scc.cluster.view.VpcView;
import dev.scc.fabric.doctor.Finding;
import java.util.List;

/** Answers as names only, one a line, for pipes. */
final class Names {
    private Names() {}

    static List<String> of(PoolView view) {
        return switch (view) {
            case ClusterView cluster -> List.of(cluster.cluster().value());
            case ClusterList list ->
                list.clusters().stream().map(row -> row.cluster().value()).toList();
            case EventList list ->
                list.events().stream().map(EventList.Row::what).toList();
            case NodeList list ->
                list.nodes().stream().map(row -> row.name().value()).toList();
            case NodeView node -> List.of(node.name().value());
            case EniList list ->
                list.enis().stream().map(eni -> eni.eni().value()).toList();
            case EniView eni -> List.of(eni.eni().value());
            case GroupList list -> list.groups().stream().map(GroupView::group).toList();
            case GroupView group -> List.of(group.group());
            case GroupPackets packets -> List.of(packets.group());
            case MeshView mesh -> List.of(mesh.cluster().value());
            case VpcList list -> list.vpcs().stream().map(VpcList.Row::vpc).toList();
            case VpcView vpc -> List.of(vpc.vpc());
            case ReachView reach -> List.of(reach.allowed() ? "allowed" : "dropped");
            case RequestForecast forecast -> forecast.changes();
            case VerifyView verify -> List.of(verify.cluster().value());
            case DryRunView dry ->
                dry.nodes().stream().map(node -> node.name().value()).toList();
            case AuditList list ->
                list.entries().stream().map(AuditList.Row::who).toList();
            case AuditReport report ->
                report.servers().stream().map(AuditReport.Row::server).toList();
            case TreeReport report ->
                report.findings().stream().map(TreeReport.Row::path).distinct().toList();
        };
    }

    static List<String> of(View view) {
        return switch (view) {
            case DoctorView doctor ->
                doctor.findings().stream().map(Finding::rule).distinct().toList();
            case GcView gc -> gc.items().stream().map(GcView.Item::what).toList();
            case TestbedView testbed ->
                testbed.nodes().stream().map(TestbedView.Node::name).toList();
            case ExportView export ->
                export.files().stream()
                        .map(ExportView.File::path)
                        .filter(path -> !path.isEmpty())
                        .toList();
            case TokenView token -> List.of(token.token());
            case RootsView roots ->
                roots.roots().stream().map(RootsView.Row::fingerprint).toList();
            case PeopleView people ->
                people.users().stream().map(PeopleView.Person::user).toList();
            case JobListView jobs ->
                jobs.jobs().stream().map(job -> job.job().value()).toList();
            case JobView job -> List.of(job.job().value());
            case PlacementView placement ->
                placement.nodes().stream().map(PlacementView.Node::node).toList();
            case StartedJobView started -> List.of(started.job().value());
            case DemoView demo -> demo.phases().stream().map(PhaseTime::name).toList();
        };
    }
}
