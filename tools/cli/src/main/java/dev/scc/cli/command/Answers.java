package dev.scc.cli.command;

import dev.scc.cli.view.ClusterList;
import dev.scc.cli.view.ClusterView;
import dev.scc.cli.view.DryRunView;
import dev.scc.cli.view.EventList;
import dev.scc.cli.view.NodeList;
import dev.scc.cli.view.NodeView;
import dev.scc.cli.view.PhaseTime;
import dev.scc.cli.view.VerifyView;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Event;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.client.ClusterSummary;
import dev.scc.cluster.client.NodeSummary;
import dev.scc.cluster.controller.DryRun;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.Ipv4;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/** What the pool says, in the command line's records. */
final class Answers {
    /** n2 before n10. */
    private static final Comparator<NodeList.Row> BY_NUMBER = Comparator.<NodeList.Row, String>comparing(
                    row -> row.name().replaceAll("[0-9]+$", ""))
            .thenComparingInt(row -> row.name().length())
            .thenComparing(NodeList.Row::name);

    private Answers() {}

    static ClusterList clusters(List<ClusterSummary> clusters) {
        return new ClusterList(clusters.stream()
                .map(cluster -> new ClusterList.Row(
                        cluster.cluster().value(), cluster.phase().toString(), cluster.nodes()))
                .sorted(Comparator.comparing(ClusterList.Row::cluster))
                .toList());
    }

    static NodeList nodes(List<NodeSummary> nodes) {
        return new NodeList(nodes.stream().map(Answers::row).sorted(BY_NUMBER).toList());
    }

    private static NodeList.Row row(NodeSummary node) {
        return new NodeList.Row(
                node.name().value(),
                node.state().toString(),
                node.cluster().map(ClusterName::value).orElse(""),
                node.rdmaDevices(),
                node.enis(),
                node.outOfService().orElse(""));
    }

    static NodeView node(dev.scc.cluster.client.NodeView view) {
        NodeSummary node = view.node();
        return new NodeView(
                node.name().value(),
                node.state().toString(),
                node.cluster().map(ClusterName::value).orElse(""),
                view.cordon().orElse(""),
                node.outOfService().orElse(""),
                view.health().words(System.currentTimeMillis()),
                view.labels(),
                view.inventory().map(Inventory::underlay).map(Ipv4::toString).orElse(""),
                view.inventory().map(has -> has.has().kernel()).orElse(""),
                view.inventory().map(has -> has.has().cores()).orElse(0),
                view.inventory().map(has -> has.has().memoryBytes()).orElse(0L),
                node.enis(),
                view.inventory().map(has -> has.has().nics()).orElse(List.of()),
                view.inventory().map(has -> has.has().rdmaDevices()).orElse(List.of()),
                view.status().map(NodeStatus::phases).map(Answers::phases).orElse(List.of()));
    }

    static DryRunView forecast(ClusterName cluster, DryRun.Forecast forecast) {
        return switch (forecast) {
            case DryRun.Impossible no ->
                new DryRunView(cluster.value(), no.why(), "", "", 0, List.of(), no.unsuitable());
            case DryRun.Possible yes ->
                new DryRunView(
                        cluster.value(),
                        "",
                        yes.roster().vpc().name() + ", VNI "
                                + yes.roster().vpc().vni() + ", "
                                + yes.roster().vpc().cidr(),
                        "VLAN " + yes.roster().segment().vlan() + ", "
                                + yes.roster().segment().cidr(),
                        yes.operations(),
                        yes.roster().members().stream()
                                .map(member -> new DryRunView.Node(
                                        member.node().value(),
                                        member.vpcAddress().toString(),
                                        member.rdmaAddress().toString(),
                                        member.rdmaDevice(),
                                        yes.steps().getOrDefault(member.node(), List.of())))
                                .toList(),
                        yes.unsuitable());
        };
    }

    static EventList.Row event(Event event) {
        return new EventList.Row(
                Instant.ofEpochMilli(event.at()).truncatedTo(ChronoUnit.MILLIS).toString(),
                event.epoch(),
                event.kind().toString(),
                event.name(),
                event.what());
    }

    private static List<PhaseTime> phases(List<dev.scc.cluster.PhaseTime> phases) {
        return phases.stream()
                .map(phase -> new PhaseTime(phase.name(), phase.millis()))
                .toList();
    }

    static ClusterView cluster(dev.scc.cluster.client.ClusterView view) {
        return new ClusterView(
                view.cluster().value(),
                view.phase().toString(),
                // A rollback that has succeeded since is no longer the reason for anything.
                view.phase() == ClusterPhase.READY
                        ? ""
                        : view.failure().map(Failure::why).orElse(""),
                view.revision(),
                view.nodes().stream().map(Answers::member).toList(),
                new ClusterView.Vpc(
                        view.vpc().name(),
                        view.vpc().vni().value(),
                        view.vpc().cidr().toString()),
                new ClusterView.Segment(
                        view.segment().vlan().value(), view.segment().cidr().toString()),
                phases(view.phases()),
                view.verification()
                        .map(Answers::verification)
                        .orElseGet(() -> new ClusterView.Verification("off", 0, 0, List.of(), List.of())));
    }

    private static ClusterView.Node member(dev.scc.cluster.client.ClusterView.NodeView node) {
        return new ClusterView.Node(
                node.name().value(),
                node.vpcIp().toString(),
                node.rdmaIp().toString(),
                node.rdmaDevice(),
                node.gid().orElse(""),
                node.gidIndex().orElse(-1));
    }

    private static ClusterView.Verification verification(VerificationSummary summary) {
        return new ClusterView.Verification(
                summary.pattern(),
                summary.pairs(),
                summary.passed(),
                summary.failed().stream()
                        .map(pair -> new ClusterView.FailedPair(
                                pair.a().value(), pair.b().value(), pair.why()))
                        .toList(),
                summary.suspects());
    }

    static VerifyView verify(ClusterName cluster, VerificationResult.Judged judged) {
        return new VerifyView(
                cluster.value(),
                judged.verdict().results().stream().map(Answers::pair).toList(),
                VerificationSummary.of(judged.verdict()).suspects(),
                judged.millis());
    }

    private static VerifyView.Pair pair(ProbeResult result) {
        return new VerifyView.Pair(
                result.a().value(),
                result.b().value(),
                result.ok(),
                new VerifyView.Latency(result.latencyMicrosP50(), result.latencyMicrosP99()),
                result.writeMBps(),
                result.readMBps(),
                result.why());
    }
}
