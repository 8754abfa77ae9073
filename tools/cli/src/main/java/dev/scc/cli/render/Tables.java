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
import dev.scc.cluster.Event;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.trust.Principal;
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
import dev.scc.fabric.RdmaDevice;
import dev.scc.host.HostList;
import dev.scc.host.NodeName;
import dev.scc.host.Visible;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers for people. */
final class Tables {
    private static final int SERVER_SHOWN = 8;

    /** More nodes than a person reads one by one are shown by state. */
    private static final int MOST_TESTBED_ROWS = 32;

    private Tables() {}

    static String of(PoolView view) {
        return switch (view) {
            case ClusterView cluster -> cluster(cluster);
            case ClusterList list -> clusters(list);
            case EventList list -> events(list);
            case NodeList list -> nodes(list);
            case NodeView node -> node(node);
            case EniList list -> VpcTables.enis(list.enis());
            case EniView eni -> VpcTables.of(eni);
            case GroupList list -> VpcTables.groups(list.groups());
            case GroupView group -> VpcTables.of(group);
            case GroupPackets packets -> PacketTables.of(packets);
            case MeshView mesh -> MeshTable.of(mesh);
            case VpcList list -> VpcTables.list(list);
            case VpcView vpc -> VpcTables.of(vpc);
            case ReachView reach -> VpcTables.of(reach);
            case RequestForecast forecast -> VpcTables.forecast(forecast);
            case VerifyView verify -> VerifyTable.of(verify);
            case DryRunView dry -> dryRun(dry);
            case AuditList list -> AuditTables.list(list);
            case AuditReport report -> AuditTables.report(report);
            case TreeReport report -> AuditTables.tree(report);
        };
    }

    static String of(View view) {
        return switch (view) {
            case DoctorView doctor -> DoctorTable.of(doctor);
            case GcView gc -> gc(gc);
            case TestbedView testbed -> testbed(testbed);
            case DemoView demo -> demo(demo);
            case ExportView export -> export(export);
            case TokenView token -> token.token() + "\n";
            case PeopleView people -> people(people);
            case RootsView roots -> roots(roots);
            case JobListView jobs -> JobTables.list(jobs);
            case JobView job -> JobTables.one(job);
            case PlacementView placement -> JobTables.placement(placement);
            case StartedJobView started -> started.job() + "\n";
        };
    }

    private static String clusters(ClusterList list) {
        Table table = new Table("CLUSTER", "PHASE", "NODES", "OWNER");
        list.clusters()
                .forEach(row -> table.row(
                        row.cluster(),
                        row.phase(),
                        row.nodes(),
                        row.owner().map(Principal::toString).orElse("")));
        return table.toString();
    }

    private static String events(EventList list) {
        Table table = new Table("TIME", "KIND", "NAME", "WHAT");
        list.events().forEach(row -> table.row(row.at(), row.kind(), who(row), row.what()));
        return table.toString();
    }

    private static String roots(RootsView view) {
        Table table = new Table("ROOT", "STATE", "UNTIL", "FINGERPRINT");
        view.roots().forEach(row -> table.row(row.root(), row.state(), row.ends(), row.fingerprint()));
        StringBuilder text = new StringBuilder(table.toString());
        if (!view.rotation().isEmpty()) {
            text.append('\n').append(view.rotation()).append('\n');
        }
        if (!view.behind().isEmpty()) {
            text.append("\nbehind\n");
            view.behind()
                    .forEach(who -> text.append("  ").append(Visible.line(who)).append('\n'));
        }
        return text.toString();
    }

    private static String people(PeopleView view) {
        Table table = new Table("USER", "ROLE", "CLUSTERS", "UNIX USER", "QUOTA");
        view.users()
                .forEach(person -> table.row(
                        person.user(),
                        person.role(),
                        String.join(",", person.clusters()),
                        person.unixUser(),
                        person.quota().map(String::valueOf).orElse("")));
        return table.toString();
    }

    private static String gc(GcView view) {
        StringBuilder text = new StringBuilder();
        if (view.items().isEmpty()) {
            text.append("nothing is left\n");
        } else {
            Table table = new Table("WHERE", "WHAT", "STATE", "WHY");
            view.items()
                    .forEach(item -> table.row(
                            item.place(),
                            item.what(),
                            item.state(),
                            item.why() + (item.problem().isEmpty() ? "" : "; not removed: " + item.problem())));
            text.append(table);
        }
        if (!view.unasked().isEmpty()) {
            text.append("\nnot asked\n");
            view.unasked()
                    .forEach(node -> text.append("  ")
                            .append(node.node())
                            .append(": ")
                            .append(Visible.line(node.why()))
                            .append('\n'));
        }
        return text.toString();
    }

    /** One event for whoever follows them. */
    static String line(EventList.Row row) {
        return Visible.line(row.at() + "  " + row.kind() + " " + who(row) + "  " + row.what());
    }

    /** A server's name may be a long number, of which the beginning tells it from the others. */
    private static String who(EventList.Row row) {
        return row.kind() == Event.Kind.SERVER && row.name().length() > SERVER_SHOWN
                ? row.name().substring(0, SERVER_SHOWN)
                : row.name();
    }

    private static String dryRun(DryRunView view) {
        StringBuilder text = new StringBuilder("cluster       " + view.cluster());
        if (!view.refused().isEmpty()) {
            text.append(" would be refused: ").append(view.refused()).append('\n');
        } else {
            text.append(" would be built in one transaction of %d operations%n".formatted(view.operations()));
            text.append("vpc           ").append(view.vpc()).append('\n');
            text.append("segment       ").append(view.segment()).append("\n\n");
            Table table = new Table("NODE", "VPC ADDRESS", "RDMA ADDRESS", "DEVICE", "STEPS");
            view.nodes()
                    .forEach(node -> table.row(
                            node.name(),
                            node.vpcIp(),
                            node.rdmaIp(),
                            node.rdmaDevice(),
                            node.steps().size()));
            text.append(table);
            view.nodes().stream().findFirst().ifPresent(first -> {
                text.append("\nsteps on ").append(first.name()).append(", and alike on the others\n");
                first.steps()
                        .forEach(step ->
                                text.append("  ").append(Visible.line(step)).append('\n'));
            });
        }
        if (!view.unsuitable().isEmpty()) {
            text.append("\nnot suitable\n");
            view.unsuitable()
                    .forEach(why -> text.append("  ").append(Visible.line(why)).append('\n'));
        }
        return text.toString();
    }

    private static String nodes(NodeList list) {
        Table table = new Table("NODE", "STATE", "CLUSTER", "RDMA DEVICES", "ENIS", "OUT OF SERVICE");
        list.nodes()
                .forEach(row -> table.row(
                        row.name(),
                        row.state(),
                        row.cluster(),
                        String.join(",", row.rdmaDevices()),
                        row.enis(),
                        row.outOfService()));
        return table.toString();
    }

    private static String cluster(ClusterView view) {
        StringBuilder text = new StringBuilder();
        text.append("cluster       ").append(view.cluster()).append(", ").append(view.phase());
        if (!view.reason().isEmpty()) {
            text.append(" (").append(Visible.line(view.reason())).append(')');
        }
        text.append(", revision ").append(view.revision()).append('\n');
        view.owner()
                .ifPresent(owner -> text.append("owner         ")
                        .append(owner)
                        .append(view.users().isEmpty() ? "" : ", shared with " + String.join(", ", view.users()))
                        .append('\n'));
        text.append("vpc           %s, VNI %s, %s%n"
                .formatted(view.vpc().name(), view.vpc().vni(), view.vpc().cidr()));
        text.append("segment       VLAN %s, %s%n"
                .formatted(view.segment().vlan(), view.segment().cidr()));
        view.isolation()
                .ifPresent(isolation -> text.append("isolation     ")
                        .append(
                                switch (isolation) {
                                    case SWITCH_PORTS -> "by switch ports, too";
                                    case NODES_ALONE ->
                                        "of the segment rests on the nodes alone: no switch port is set (scc server --switch)";
                                })
                        .append('\n'));
        VerificationSummary verification = view.verification();
        text.append("verification  ");
        if (verification.pairs() == 0 && verification.pattern().equals(VerificationSummary.NONE.pattern())) {
            text.append("off: nothing is known about the fabric\n");
        } else {
            text.append("%s, %d of %d pairs passed%n"
                    .formatted(verification.pattern(), verification.passed(), verification.pairs()));
        }
        verification
                .failed()
                .forEach(pair -> text.append("  failed      ")
                        .append(pair.a() + " - " + pair.b() + ": " + Visible.line(pair.why()) + "\n"));
        if (!verification.suspects().isEmpty()) {
            text.append("  suspects    ")
                    .append(Visible.line(String.join(", ", verification.suspects())))
                    .append('\n');
        }
        text.append(verification.vpc().map(VpcText::of).orElse(""));
        if (!view.phases().isEmpty()) {
            text.append("phases        ").append(phases(view.phases())).append('\n');
        }
        String findings = DoctorTable.of(view.findings());
        if (!findings.isEmpty()) {
            text.append('\n').append(findings.stripTrailing()).append('\n');
        }
        Table table = new Table("NODE", "VPC ADDRESS", "RDMA ADDRESS", "DEVICE", "GID", "INDEX");
        view.nodes()
                .forEach(node -> table.row(
                        node.name(),
                        node.vpcIp(),
                        node.rdmaIp(),
                        node.rdmaDevice(),
                        node.gid(),
                        node.gidIndex() < 0 ? "" : node.gidIndex()));
        return text.append('\n').append(table).toString();
    }

    private static String node(NodeView view) {
        StringBuilder text = new StringBuilder();
        text.append("node      ").append(view.name()).append(", ").append(view.state());
        if (!view.cluster().isEmpty()) {
            text.append(", in cluster ").append(view.cluster());
        }
        if (!view.outOfService().isEmpty()) {
            text.append(", ").append(Visible.line(view.outOfService()));
        }
        if (!view.health().isEmpty()) {
            text.append("%nhealth    %s".formatted(Visible.line(view.health())));
        }
        if (!view.labels().isEmpty()) {
            text.append("%nlabels    %s".formatted(Visible.line(labels(view.labels()))));
        }
        text.append("%nunderlay  %s%nkernel    %s%ncores     %d%nmemory    %d MiB%nenis      %d%n"
                .formatted(
                        Visible.line(view.underlay()),
                        Visible.line(view.kernel()),
                        view.cores(),
                        view.memoryBytes() >> 20,
                        view.enis()));
        view.traffic()
                .ifPresent(traffic -> text.append("traffic   of segments: ")
                        .append(traffic.words())
                        .append('\n'));
        view.unchecked()
                .ifPresent(why -> text.append("device    not checked: ")
                        .append(Visible.line(why))
                        .append('\n'));
        text.append('\n');
        Table nics = new Table("NIC", "STATE", "MTU", "MAC", "ADDRESSES");
        view.nics()
                .forEach(nic ->
                        nics.row(nic.name(), nic.state(), nic.mtu(), nic.mac(), String.join(",", nic.addresses())));
        Table devices = new Table("RDMA DEVICE", "NETDEV", "STATE", "MTU", "GIDS");
        view.rdmaDevices().forEach(device -> devices.row(deviceRow(device)));
        String phases = view.phases().isEmpty() ? "" : "\nlast change: " + phases(view.phases()) + "\n";
        return text.append(nics).append('\n').append(devices).append(phases).toString();
    }

    private static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(" "));
    }

    private static Object[] deviceRow(RdmaDevice device) {
        return new Object[] {
            device.name(),
            device.netdev(),
            device.portState(),
            device.mtu(),
            device.gids().size()
        };
    }

    private static String testbed(TestbedView view) {
        if (view.nodes().isEmpty()) {
            return "testbed %s is %s%n".formatted(view.name(), view.state());
        }
        String what = Stream.of(
                        view.kind(), view.accelerator(), view.kernel().isEmpty() ? "" : "kernel " + view.kernel())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(", "));
        String head = "testbed %s (%s) is %s in network namespace %s; server %s%n"
                .formatted(
                        view.name(),
                        what,
                        view.state(),
                        view.netns(),
                        view.server().isEmpty() ? "none" : view.server());
        String phases = view.phases().isEmpty() ? "" : phases(view.phases()) + "\n";
        return head + phases + testbedNodes(view.nodes());
    }

    private static Table testbedNodes(List<TestbedView.Node> nodes) {
        if (nodes.size() <= MOST_TESTBED_ROWS) {
            Table table = new Table("NODE", "ADDRESS", "STATE");
            nodes.forEach(node -> table.row(node.name(), node.address(), node.state()));
            return table;
        }
        Table table = new Table("NODES", "STATE");
        nodes.stream()
                .collect(Collectors.groupingBy(
                        TestbedView.Node::state,
                        LinkedHashMap::new,
                        Collectors.mapping(node -> new NodeName(node.name()), Collectors.toList())))
                .forEach((state, names) -> table.row(HostList.format(names), state));
        return table;
    }

    private static String demo(DemoView view) {
        Table table = new Table("FIGURE", "MEASURED", "AT MOST", "");
        for (DemoView.Figure figure : view.figures()) {
            table.row(
                    figure.what(),
                    String.format(Locale.ROOT, "%.2f %s", figure.value(), figure.unit()),
                    String.format(Locale.ROOT, "%.1f %s", figure.target(), figure.unit()),
                    figure.met() ? "met" : "missed");
        }
        return "\n" + table + "\nreceipt of the job: " + view.data() + "/receipt.json\n";
    }

    static String phases(List<PhaseTime> phases) {
        return phases.stream()
                .map(phase -> Visible.line(phase.name()) + " " + Times.of(phase.millis()))
                .collect(Collectors.joining(", "));
    }

    /** What was written is named; what was not is the answer. */
    private static String export(ExportView export) {
        return export.files().stream()
                .map(file -> file.path().isEmpty() ? file.text() : "written: " + file.path() + "\n")
                .collect(Collectors.joining());
    }
}
