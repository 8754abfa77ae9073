package dev.scc.cluster.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterShape;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Course;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VerificationSummary;
import dev.scc.cluster.VpcSummary;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.verify.KeptVerification;
import dev.scc.cluster.verify.LoadResult;
import dev.scc.cluster.world.NodeState;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Flow;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Thresholds;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The command line's JSON is a contract: fields may be added, none of these may change. */
class ViewJsonTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Optional<Principal> ADA = Optional.of(new Principal(Role.USER, "ada"));
    private static final NodeName N1 = new NodeName("n1");

    @Test
    void aCluster() {
        Roster roster = new Roster(
                DEMO,
                1,
                3,
                new VpcNetwork("demo", new Vni(70), Cidr.parse("172.16.0.0/20"), Optional.of(1450)),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                List.of(new Member(
                        N1,
                        Ipv4.parse("10.99.0.11"),
                        "10.99.0.11:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        "rxe0",
                        "eth1")));
        ClusterRecord record = new ClusterRecord.Ready(
                new ClusterShape(
                        ADA, ClusterSpec.of("demo", 1).withUsers(List.of("grace")), 1, 70, List.of(N1), List.of()),
                new Course(9, List.of(new PhaseTime("Creating", 120))),
                Optional.of(new VerificationSummary(
                        "full",
                        0,
                        0,
                        List.of(),
                        List.of(),
                        Optional.of(new VpcSummary(4, 4, 1450, List.of(), List.of())))));
        NodeStatus.Reached reached =
                new NodeStatus.Reached(DEMO, 1, Optional.of(new NodeStatus.SegmentAddress("0000:ffff", 3)));

        assertThat(Json.write(ClusterView.of(record, roster, Map.of(N1, reached), Isolation.SWITCH_PORTS, List.of())))
                .isEqualTo(
                        "{\"cluster\":\"demo\",\"phase\":\"Ready\",\"reason\":\"\",\"revision\":1,"
                                + "\"nodes\":[{\"name\":\"n1\",\"vpcIp\":\"172.16.0.1\",\"rdmaIp\":\"10.70.0.1\","
                                + "\"rdmaDevice\":\"rxe0\",\"gid\":\"0000:ffff\",\"gidIndex\":3}],"
                                + "\"vpc\":{\"name\":\"demo\",\"vni\":70,\"cidr\":\"172.16.0.0/20\",\"mtu\":1450},"
                                + "\"segment\":{\"vlan\":70,\"cidr\":\"10.70.0.0/24\"},"
                                + "\"phases\":[{\"name\":\"Creating\",\"millis\":120}],"
                                + "\"verification\":{\"pattern\":\"full\",\"pairs\":0,\"passed\":0,\"failed\":[],\"suspects\":[],\"vpc\":{\"paths\":4,\"passed\":4,\"mtu\":1450,\"failed\":[],\"suspects\":[]}},"
                                + "\"owner\":\"user:ada\",\"users\":[\"grace\"],\"isolation\":\"switch ports\",\"findings\":[]}");
    }

    @Test
    void lists() {
        assertThat(Json.write(new ClusterList(List.of(new ClusterList.Row(DEMO, ClusterPhase.ROLLING_BACK, 3, ADA)))))
                .isEqualTo("[{\"cluster\":\"demo\",\"phase\":\"RollingBack\",\"nodes\":3,\"owner\":\"user:ada\"}]");
        assertThat(Json.write(new NodeList(List.of(
                        new NodeList.Row(N1, NodeState.ASSIGNED, "demo", List.of("rxe0"), 1, "drained: no answer")))))
                .isEqualTo("[{\"name\":\"n1\",\"state\":\"Assigned\",\"cluster\":\"demo\","
                        + "\"rdmaDevices\":[\"rxe0\"],\"enis\":1,\"outOfService\":\"drained: no answer\"}]");
    }

    @Test
    void aVerification() {
        List<NodeName> nodes = List.of(N1, new NodeName("n2"));
        var pair = Schedule.of(nodes, Pattern.FULL).pairs().getFirst();
        ProbeResult result = ProbeResult.passed(pair, new ProbeOutcome.Passed(2.5, 4, 100, 90, 300));
        Verdict verdict = Verdict.of(nodes, Pattern.FULL, List.of(result));

        assertThat(Json.write(VerifyView.of(new KeptVerification(
                        DEMO,
                        1,
                        1_777_890_031_000L,
                        Pattern.FULL,
                        verdict.results(),
                        Thresholds.HARDWARE,
                        12,
                        Optional.empty(),
                        Optional.empty()))))
                .isEqualTo("{\"cluster\":\"demo\",\"pairs\":[{\"a\":\"" + pair.active() + "\",\"b\":\""
                        + pair.passive() + "\",\"ok\":true,\"latencyMicros\":{\"p50\":2.5,\"p99\":4.0},"
                        + "\"writeMBps\":100.0,\"readMBps\":90.0,\"why\":\"\"}],"
                        + "\"suspects\":[],\"millis\":12,\"pattern\":\"full\",\"at\":\"2026-05-04T10:20:31Z\",\"verdicts\":[],"
                        + "\"comparison\":null,\"load\":null,\"vpc\":null}");
    }

    @Test
    void aFlowIsComparedWithItsPairInTheSameDirection() {
        NodeName n2 = new NodeName("n2");
        ProbeResult probe = ProbeResult.passed(new Pair(N1, n2), new ProbeOutcome.Passed(2.5, 4, 100, 80, 300));
        VerifyView view = VerifyView.of(new KeptVerification(
                        DEMO,
                        1,
                        1_777_890_031_000L,
                        Pattern.FULL,
                        List.of(probe),
                        Thresholds.HARDWARE,
                        12,
                        Optional.empty(),
                        Optional.empty())
                .under(new LoadResult(
                        Load.RING,
                        List.of(
                                new FlowResult(0, new Flow(N1, n2), new FlowResult.Moved(50)),
                                new FlowResult(0, new Flow(n2, N1), new FlowResult.Moved(60))))));

        assertThat(view.load())
                .hasValue(new LoadView(
                        "ring",
                        List.of(
                                new LoadView.FlowRow(0, N1, n2, true, 50, 100, 0.5, ""),
                                new LoadView.FlowRow(0, n2, N1, true, 60, 80, 0.75, ""))));
        assertThat(view.ok()).isTrue();
    }
}
