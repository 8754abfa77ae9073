package dev.scc.cli.render;

import dev.scc.cli.view.DemoView;
import dev.scc.cli.view.DoctorView;
import dev.scc.cli.view.GcView;
import dev.scc.cli.view.JobListView;
import dev.scc.cli.view.JobView;
import dev.scc.cli.view.PlacementView;
import dev.scc.cli.view.RootsView;
import dev.scc.cli.view.TestbedView;
import dev.scc.cli.view.View;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Event;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.VpcSummary;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
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
import dev.scc.cluster.view.Isolation;
import dev.scc.cluster.view.LoadView;
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
import dev.scc.cluster.world.NodeState;
import dev.scc.fabric.GidEntry;
import dev.scc.fabric.PriorityPairs;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.verify.Difference;
import dev.scc.fabric.verify.Suspect;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.job.JobEnd;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import dev.scc.job.MpiFamily;
import dev.scc.job.Receipt;
import dev.scc.job.Transport;
import dev.scc.vpc.EniId;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One answer of each sort, with every field filled. */
final class SampleViews {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Optional<Principal> ADA = Optional.of(new Principal(Role.USER, "ada"));
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");

    private SampleViews() {}

    static Map<String, View> ofThisMachine() {
        return Map.ofEntries(
                Map.entry("doctor", doctor()),
                Map.entry("gc", gc()),
                Map.entry("testbed", testbed()),
                Map.entry("demo", demo()),
                Map.entry("job", job()),
                Map.entry("placement", placement()),
                Map.entry("roots", roots()),
                Map.entry("jobs", new JobListView(List.of(job()))));
    }

    private static MeshView mesh() {
        List<MeshView.Sample> well = List.of(
                new MeshView.Sample("2027-01-15T08:00:00Z", "answered", 410.5, 700, ""),
                new MeshView.Sample("2027-01-15T08:00:02Z", "answered", 1_400, 1_900.25, ""),
                new MeshView.Sample("2027-01-15T08:00:04Z", "turned-away", 0, 0, "connecting: rejected"),
                new MeshView.Sample("2027-01-15T08:00:06Z", "answered", 420, 800, ""));
        List<MeshView.Sample> gone =
                List.of(new MeshView.Sample("2027-01-15T08:00:06Z", "lost", 0, 0, "connecting: no answer\u001b[31m"));
        return new MeshView(
                new ClusterName("demo"),
                List.of(
                        new MeshView.Participant(N1, 50, Optional.empty()),
                        new MeshView.Participant(N2, 0, Optional.empty()),
                        new MeshView.Participant(N3, 50, Optional.of("there is no RDMA device rxe0 on this node"))),
                List.of(
                        new MeshView.Direction(
                                N1, N2, 4, 0, new VerifyView.Latency(420, 1_400), 1_900.25, Optional.empty(), "", well),
                        new MeshView.Direction(
                                N1,
                                N3,
                                7,
                                3,
                                new VerifyView.Latency(0, 0),
                                0,
                                Optional.of("2027-01-15T08:00:06Z"),
                                "connecting: no answer\u001b[31m",
                                gone)),
                List.of("n3: fails with 2 of 2 partners; n1 to n3: connecting: no answer"),
                List.of(new VerifyView.Suspicion(
                        Suspect.Kind.NODE,
                        true,
                        List.of(N3),
                        "fails with 2 of 2 partners; n1 to n3: connecting: no answer")),
                List.of(new MeshView.Unread(N2, "its agent is gone")));
    }

    private static PlacementView placement() {
        return new PlacementView(
                "demo",
                "openmpi",
                "rdma",
                Optional.of("pmix"),
                List.of(
                        new PlacementView.Node(
                                "n1",
                                List.of(0, 1),
                                List.of("0,4", "1,5"),
                                "rxe0",
                                List.of(
                                        new PlacementView.Seat(
                                                0, Optional.of(0), Optional.of("rxe0"), "the next core without a rank"),
                                        new PlacementView.Seat(
                                                1,
                                                Optional.of(1),
                                                Optional.of("rxe1"),
                                                "the next core without a rank; rxe1 is nearer, but the cluster is on"
                                                        + " rxe0"))),
                        new PlacementView.Node(
                                "n2",
                                List.of(2),
                                List.of(),
                                "",
                                List.of(new PlacementView.Seat(
                                        2, Optional.empty(), Optional.empty(), "the kernel decides")))),
                "an even spread in blocks over all nodes of the cluster");
    }

    static Map<String, PoolView> ofThePool() {
        return Map.ofEntries(
                Map.entry("cluster", cluster()),
                Map.entry("clusters", new ClusterList(List.of(new ClusterList.Row(DEMO, ClusterPhase.READY, 2, ADA)))),
                Map.entry("nodes", nodes()),
                Map.entry("node", node()),
                Map.entry("events", events()),
                Map.entry("audit", audit()),
                Map.entry("audit-report", auditReport()),
                Map.entry("audit-tree", auditTree()),
                Map.entry("dry-run", dryRun()),
                Map.entry("enis", new EniList(List.of(eni()))),
                Map.entry("eni", eni()),
                Map.entry("groups", new GroupList(List.of(group()))),
                Map.entry("group", group()),
                Map.entry("group-packets", packets()),
                Map.entry(
                        "reach",
                        new ReachView(
                                "cluster a (172.20.0.1 on n1)",
                                "eni-0a1b2c3d (172.20.0.3 on n3)",
                                "tcp/80",
                                "lab",
                                true,
                                "in",
                                "in tcp/80-81 172.20.0.0/16",
                                2,
                                "web",
                                "user:ada",
                                "allowed by rule 2 of web, in tcp/80-81 172.20.0.0/16")),
                Map.entry("vpcs", vpcs()),
                Map.entry("vpc", vpc()),
                Map.entry("vpc-dry-run", new RequestForecast("vpc create lab", "", List.of("create /scc/vpcs/lab"))),
                Map.entry("mesh", mesh()),
                Map.entry("verify", verify()));
    }

    private static RootsView roots() {
        return new RootsView(
                List.of(
                        new RootsView.Row("servers", "ab".repeat(32), "signs", "2036-11-26T12:00:00Z"),
                        new RootsView.Row("members", "cd".repeat(32), "signs", "2036-11-26T12:00:00Z"),
                        new RootsView.Row("members", "ef".repeat(32), "trusted", "2035-11-26T12:00:00Z")),
                "the new root of members signs, the old one is trusted",
                List.of("node:n7", "user:ada"));
    }

    private static EniView eni() {
        return new EniView(
                new EniId("eni-0a1b2c3d"),
                "lab",
                N3,
                1,
                List.of(Ipv4.parse("172.20.0.3"), Ip.parse("fd00:20::3")),
                Mac.of(Ipv4.parse("172.20.0.3")),
                List.of("web"),
                "netns",
                "/run/netns/blue",
                "eni1",
                16,
                Optional.of(64),
                1450,
                "",
                "attached",
                "",
                "user:ada");
    }

    private static GroupView group() {
        return new GroupView(
                "web",
                "lab",
                "user:ada",
                List.of(
                        new GroupView.Rule(1, "out", "any", "0.0.0.0/0"),
                        new GroupView.Rule(2, "in", "tcp/80-81", "sg:web")),
                List.of("eni-0a1b2c3d"));
    }

    private static GroupPackets packets() {
        String why = "no rule of web, which eni-0a1b2c3d (172.20.0.3 on n3) is in, lets tcp/22 in from 172.20.0.9";
        String why6 = why.replace("172.20.0.9", "fd00:20::9");
        return new GroupPackets(
                "web",
                "lab",
                List.of(
                        new GroupPackets.Rule(1, "out", "any", "0.0.0.0/0", 0, 0),
                        new GroupPackets.Rule(2, "in", "tcp/80-81", "sg:web", 12, 3_400)),
                List.of(
                        new GroupPackets.Cause("no-rule-in", "in", "no rule lets it in", 4, 260),
                        new GroupPackets.Cause("forged", "in", "anti-spoofing", 1, 84)),
                List.of(
                        new GroupPackets.Drop(
                                "2026-05-04T10:20:30.123Z",
                                N3,
                                "eni-0a1b2c3d",
                                List.of("web"),
                                "no-rule-in",
                                "in",
                                "172.20.0.9",
                                51_234,
                                "172.20.0.3",
                                22,
                                "tcp/22",
                                3,
                                180,
                                why),
                        new GroupPackets.Drop(
                                "2026-05-04T10:20:29.123Z",
                                N3,
                                "eni-0a1b2c3d",
                                List.of("web"),
                                "no-rule-in",
                                "in",
                                "fd00:20::9",
                                51_235,
                                "fd00:20::3",
                                22,
                                "tcp/22",
                                1,
                                80,
                                why6)),
                false,
                List.of(new GroupPackets.Unread(N2, "its agent is gone")));
    }

    private static VpcList vpcs() {
        return new VpcList(List.of(
                new VpcList.Row(
                        "demo",
                        70,
                        Cidr.parse("172.16.0.0/20"),
                        Optional.empty(),
                        "",
                        true,
                        false,
                        List.of("cluster demo")),
                new VpcList.Row(
                        "lab",
                        5000,
                        Cidr.parse("172.20.0.0/16"),
                        Optional.of(Cidr6.parse("fd00:20::/64")),
                        "user:ada",
                        false,
                        true,
                        List.of("cluster a", "cluster b"))));
    }

    private static VpcView vpc() {
        return new VpcView(
                "lab",
                5000,
                Cidr.parse("172.20.0.0/16"),
                Optional.of(Cidr6.parse("fd00:20::/64")),
                Optional.of(1450),
                "user:ada",
                false,
                false,
                false,
                List.of(
                        new VpcView.Place("cluster a", N1, Ipv4.parse("172.20.0.1")),
                        new VpcView.Place("cluster b", N2, Ipv4.parse("172.20.0.2")),
                        new VpcView.Place("cluster b", N2, Ip.parse("fd00:20::2"))));
    }

    private static DoctorView doctor() {
        return new DoctorView(
                List.of(
                        new Finding(
                                "mtu-unequal",
                                Finding.Severity.ERROR,
                                N2,
                                "eth1.70 has an MTU of 1500, other members 4200",
                                "ip link set dev eth1.70 mtu 4200"),
                        new Finding(
                                "differs",
                                Finding.Severity.WARNING,
                                N1,
                                "kernel is 6.1; 2 of 3 nodes have 6.8",
                                "# if it is meant: scc doctor --ignore 'kernel'")),
                2,
                210,
                List.of(new DoctorView.Unasked(N3, "its agent is gone")));
    }

    private static GcView gc() {
        return new GcView(
                false,
                List.of(
                        new GcView.Item(
                                "tree", "rosters of old", GcView.State.REMOVED, "there is no cluster of that name", ""),
                        new GcView.Item(
                                "n1",
                                "link:eth1.99",
                                GcView.State.LEFT,
                                "it is half made, and the node serves none",
                                "Device busy")),
                List.of(new GcView.Unasked("n2", "its agent is gone")));
    }

    private static AuditList audit() {
        return new AuditList(List.of(
                new AuditList.Row(
                        "2026-05-04T10:20:30.120Z",
                        "s1",
                        7,
                        "user:ada",
                        "10.0.0.9:40122",
                        "scc.Server/Ask",
                        "create demo",
                        "DONE",
                        "",
                        0),
                new AuditList.Row(
                        "2026-05-04T10:20:31Z",
                        "s1",
                        8,
                        "unknown",
                        "10.0.0.66:51000",
                        "scc.Trust/Join",
                        "node:n7",
                        "NOT_ENTITLED",
                        "the token is unknown or spent",
                        12),
                new AuditList.Row(
                        "2026-05-04T10:20:32.500Z",
                        "keeper:n7",
                        3,
                        "user:ada",
                        "10.0.0.9:40124",
                        "scc.Keeper/Cancel",
                        "cancel demo-00000001",
                        "DONE",
                        "",
                        0)));
    }

    private static AuditReport auditReport() {
        return new AuditReport(List.of(
                AuditReport.Row.read("10.0.0.1:7443", 1200, 3, List.of()),
                AuditReport.Row.read(
                        "10.0.0.2:7443", 900, 0, List.of("audit-000000000001.jsonl:6: this is entry 7, after 5")),
                AuditReport.Row.unread("i3", "--server names all servers"),
                AuditReport.Row.read("node:n1", 12, 4, List.of()),
                AuditReport.Row.read("keeper:n1", 3, 0, List.of()),
                AuditReport.Row.unread("node:n2", "its agent is gone")));
    }

    private static TreeReport auditTree() {
        return new TreeReport(
                812,
                false,
                List.of(
                        new TreeReport.Row("/scc/notes", TreeReport.Kind.UNKNOWN, "no entry of scc's stands there"),
                        new TreeReport.Row(
                                "/scc/status/n1",
                                TreeReport.Kind.ACCESS,
                                "it is open to everybody: world:anyone:cdrwa")),
                3);
    }

    private static EventList events() {
        return new EventList(List.of(
                new EventList.Row("2026-05-04T10:20:30.120Z", 3, Event.Kind.SERVER, "s1", "leads, in epoch 3"),
                new EventList.Row("2026-05-04T10:20:31Z", 3, Event.Kind.CLUSTER, "demo", "was Verifying: ready")));
    }

    private static DryRunView dryRun() {
        return new DryRunView(
                DEMO,
                "",
                "demo, VNI 70, 172.16.0.0/20",
                "VLAN 70, 10.70.0.0/24",
                6,
                List.of(new DryRunView.Node(
                        N1,
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        "rxe0",
                        List.of("add link:vx70", "add link:eni0"))),
                List.of("n2 is in cluster other"));
    }

    static ClusterView cluster() {
        return new ClusterView(
                DEMO,
                ClusterPhase.FAILED,
                "1 pair failed",
                1,
                List.of(
                        new ClusterView.Node(
                                N1,
                                Ipv4.parse("172.16.0.1"),
                                Ipv4.parse("10.70.0.1"),
                                "rxe0",
                                "0000:0000:0000:0000:0000:ffff:0a46:0001",
                                5),
                        new ClusterView.Node(N2, Ipv4.parse("172.16.0.2"), Ipv4.parse("10.70.0.2"), "rxe0", "", -1)),
                new VpcNetwork("demo", new Vni(70), Cidr.parse("172.16.0.0/24"), Optional.of(1450)),
                new ClusterView.Segment(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                List.of(new PhaseTime("place", 41), new PhaseTime("converge", 1900)),
                new VerificationSummary(
                        "full",
                        1,
                        0,
                        List.of(new VerificationSummary.FailedPair(N1, N2, "no route")),
                        List.of("link n1 - n2"),
                        Optional.of(new VpcSummary(
                                2,
                                1,
                                1450,
                                List.of(new VerificationSummary.FailedPair(N1, N2, "no answer")),
                                List.of("pair n1 - n2: no answer")))),
                ADA,
                List.of("grace"),
                Optional.of(Isolation.NODES_ALONE),
                List.of(new Finding("memlock", Finding.Severity.WARNING, N2, "65536 bytes", "ulimit -l")));
    }

    private static NodeList nodes() {
        return new NodeList(List.of(
                new NodeList.Row(N1, NodeState.ASSIGNED, "demo", List.of("rxe0"), 1, "cordoned: bad fan"),
                new NodeList.Row(N2, NodeState.FREE, "", List.of(), 0, "")));
    }

    private static NodeView node() {
        return new NodeView(
                N1,
                NodeState.ASSIGNED,
                "demo",
                "fan 2 is broken",
                "cordoned: fan 2 is broken",
                "1 failure, the last: its agent was gone for a while; 2 of 3 clean windows of 5 min",
                Map.of("rack", "r2"),
                "10.99.0.11",
                "6.1.0-40-amd64",
                1,
                1L << 30,
                1,
                List.of(new Nic("eth0", "52:54:00:00:00:01", 1500, "UP", List.of("10.99.0.11/24"))),
                List.of(new RdmaDevice(
                        "rxe0",
                        "eth1",
                        "ACTIVE",
                        4096,
                        List.of(new GidEntry(0, "fe80:0000:0000:0000:5054:00ff:fe00:0001", "RoCE v2", "eth1")))),
                List.of(new PhaseTime("add", 350), new PhaseTime("gid", 20)),
                Optional.of(new TrafficClass(PriorityPairs.parse("0:3"), Optional.of(26))),
                Optional.of("no RoCE v2 GID for an address of interface eth1"));
    }

    private static VerifyView verify() {
        return new VerifyView(
                DEMO,
                List.of(
                        new VerifyView.Pair(N1, N2, true, new VerifyView.Latency(760.5, 1200), 9.5, 8.25, ""),
                        new VerifyView.Pair(
                                N1, N3, false, new VerifyView.Latency(0, 0), 0, 0, "connect: no answer in 5 s")),
                List.of("n1 - n3: why"),
                2300,
                "full",
                "2026-05-04T10:20:31Z",
                List.of(new VerifyView.Suspicion(Suspect.Kind.UNCLEAR, true, List.of(N1, N3), "why")),
                Optional.of(new VerifyView.Comparison(
                        "2026-05-03T09:00:00Z",
                        true,
                        List.of(new Difference(
                                N1, N3, Difference.Figure.RESULT, true, "ok", "failed: connect: no answer in 5 s")))),
                Optional.of(new LoadView(
                        "ring",
                        List.of(
                                new LoadView.FlowRow(0, N1, N2, true, 4.75, 9.5, 0.5, ""),
                                new LoadView.FlowRow(0, N2, N1, false, 0, 8.25, 0, "no connection to n1")))),
                Optional.of(new VpcSummary(3, 3, 1450, List.of(), List.of())));
    }

    private static TestbedView testbed() {
        return new TestbedView(
                "testbed",
                "vm",
                "up",
                "scc-testbed",
                "10.99.0.1:7443",
                "tcg",
                "6.1.0-40-amd64",
                List.of(new TestbedView.Node("n1", "10.99.0.11", "up")),
                List.of(new PhaseTime("boot", 40_000)));
    }

    private static JobView job() {
        JobId id = new JobId("demo-1f2e3d4c");
        Instant noon = Instant.parse("2026-05-04T12:00:00Z");
        JobEnd end = new JobEnd.Failed(7, "rank 1 on n2 ended with exit status 7");
        Receipt receipt = new Receipt(
                id,
                DEMO,
                MpiFamily.OPENMPI,
                2,
                7,
                Transport.RDMA,
                List.of(new Receipt.NodeUse(N1, "rxe0", 1200, 1180)),
                List.of(new Receipt.Phase("open", 40)));
        JobSpec again = JobSpec.of(List.of("./app", "-v")).again(2, List.of(new JobId("demo-0a1b2c3d")));
        return JobView.of(JobRecord.pending(id, DEMO, "user:ada", N1, again, noon)
                .withRanks(2)
                .moved(new JobState.Starting(), noon.plusMillis(10))
                .moved(new JobState.Running(), noon.plusMillis(50))
                .moved(new JobState.Ending(), noon.plusSeconds(3))
                .moved(
                        new JobState.Ended(new JobOutcome.Ended(end, List.of(), List.of(), receipt)),
                        noon.plusMillis(3_200)));
    }

    private static DemoView demo() {
        return new DemoView(
                List.of(new PhaseTime("create", 3100)),
                List.of(
                        DemoView.Figure.atMost("create of 3 nodes, request to all converged", 1.25, 3, "s"),
                        DemoView.Figure.atMost("verification of 3 pairs", 12, 10, "s")),
                "/data");
    }
}
