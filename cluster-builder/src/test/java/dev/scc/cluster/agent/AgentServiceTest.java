package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.LoadPlan;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an agent answers over a real connection. */
@Timeout(240)
class AgentServiceTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final ProbeResult RESULT = ProbeResult.failed(new Pair(N1, N2), "no way");
    private static final ServedCluster SERVED = new ServedCluster(roster(), roster().member(N1), Optional.empty());

    private final AtomicReference<Optional<ServedCluster>> served = new AtomicReference<>(Optional.of(SERVED));
    private final AtomicReference<Prober> prober =
            new AtomicReference<>((plan, passedOver, results) -> results.accept(RESULT));
    private final AtomicReference<PathProber> paths = new AtomicReference<>(PathProber.ofModel());
    private RpcServer server;
    private RpcChannel channel;

    private static Roster roster() {
        return new Roster(
                DEMO,
                3,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                List.of(
                        new Member(
                                N1,
                                Ipv4.parse("10.99.0.1"),
                                "a:7070",
                                Ipv4.parse("172.16.0.1"),
                                Ipv4.parse("10.70.0.1"),
                                "rxe0",
                                "eth1"),
                        new Member(
                                N2,
                                Ipv4.parse("10.99.0.2"),
                                "b:7070",
                                Ipv4.parse("172.16.0.2"),
                                Ipv4.parse("10.70.0.2"),
                                "rxe0",
                                "eth1")));
    }

    @BeforeEach
    void start() throws Exception {
        Identity identity = new Identity(N1, "instance", Ipv4.parse("10.99.0.1"), "a:7070", "eth1", "1.2.3");
        AgentService service = new AgentService(
                identity,
                served::get,
                (plan, passedOver, results) -> prober.get().run(plan, passedOver, results),
                path -> paths.get().probe(path));
        server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(service.definition()));
        channel = Connections.plain().to(Peer.agent(new NodeName("n1"), server.address()));
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
    }

    private List<ProbeResult> verify(ClusterName cluster, int revision, NodeName self) throws Exception {
        List<ProbeResult> results = new ArrayList<>();
        ProbePlan plan = new ProbePlan("session", self, "rxe0", new VlanId(70), List.of(), Pattern.FULL, 1);
        channel.stream(AgentRpc.VERIFY, new AgentRpc.Verify(cluster, revision, plan), LONG, results::add);
        return results;
    }

    private void assertRefused(RpcFailed.Kind kind, String why, ClusterName cluster, int revision, NodeName self) {
        assertThatThrownBy(() -> verify(cluster, revision, self)).isInstanceOfSatisfying(RpcFailed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(kind);
            assertThat(failed).hasMessageContaining(why);
        });
    }

    @Test
    void itSaysWhoItIsAndWhatItServes() throws Exception {
        assertThat(channel.call(AgentRpc.PING, new AgentRpc.Ping("test"), LONG))
                .isEqualTo(new AgentRpc.Pong(N1, "1.2.3", Optional.of(DEMO)));

        served.set(Optional.empty());
        assertThat(channel.call(AgentRpc.PING, new AgentRpc.Ping("test"), LONG).serving())
                .isEmpty();
    }

    @Test
    void whatItsProberFindsIsToldAndTheNextVerificationMayCome() throws Exception {
        assertThat(verify(DEMO, 3, N1)).containsExactly(RESULT);
        assertThat(verify(DEMO, 3, N1)).containsExactly(RESULT);
    }

    private List<FlowResult> load(int revision) throws Exception {
        LoadPlan plan = new LoadPlan("session", N1, "rxe0", new VlanId(70), List.of(), Load.NONE, 7000);
        List<FlowResult> flows = new ArrayList<>();
        channel.stream(AgentRpc.LOAD, new AgentRpc.PutLoad(DEMO, revision, plan), LONG, flows::add);
        return flows;
    }

    @Test
    void aLoadIsPutOnWhatItServesOnly() {
        assertThatThrownBy(() -> load(3))
                .isInstanceOfSatisfying(
                        RpcFailed.class, failed -> assertThat(failed.kind()).isEqualTo(RpcFailed.Kind.FAILED))
                .hasMessageContaining("can put no load on the fabric");
        assertThatThrownBy(() -> load(2)).hasMessageContaining("does not serve revision 2");
    }

    @Test
    void whoIsPassedOverIsToldToTheVerificationThatIsUnderWayAndToNoOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        prober.set((_, passedOver, results) -> {
            begun.countDown();
            told.await();
            passedOver
                    .why(new Pair(N1, N2))
                    .ifPresent(why -> results.accept(ProbeResult.failed(new Pair(N1, N2), why)));
        });
        List<ProbeResult> found = new CopyOnWriteArrayList<>();
        Thread verifies = Thread.ofVirtual().start(() -> {
            try {
                found.addAll(verify(DEMO, 3, N1));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        begun.await();

        assertThat(passOver("another").known()).isFalse();
        assertThat(passOver("session").known()).isTrue();
        told.countDown();
        verifies.join();

        assertThat(found).containsExactly(ProbeResult.failed(new Pair(N1, N2), "it is gone"));
        assertThat(passOver("session").known()).as("it is over").isFalse();
    }

    private AgentRpc.PassedOver passOver(String session) throws Exception {
        return channel.call(AgentRpc.PASS_OVER, new AgentRpc.PassOver(session, N2, "it is gone"), LONG);
    }

    @Test
    void onlyWhatItServesIsVerified() {
        assertRefused(RpcFailed.Kind.REFUSED, "does not serve revision 2 of cluster demo", DEMO, 2, N1);
        assertRefused(RpcFailed.Kind.REFUSED, "of cluster other", new ClusterName("other"), 3, N1);
        served.set(Optional.empty());
        assertRefused(RpcFailed.Kind.REFUSED, "node n1 does not serve revision 3", DEMO, 3, N1);
    }

    private List<AgentRpc.Reached> probe(int revision, NodeName... others) throws Exception {
        return channel.call(AgentRpc.PROBE_VPC, new AgentRpc.ProbeVpc(DEMO, revision, N1, List.of(others)), LONG)
                .paths();
    }

    /** Class of hole: a node that is made to send packets to others (CWE-918). */
    @Test
    void onlyMembersOfTheSameRosterAreProbedAtTheAddressThatItGives() throws Exception {
        List<PathProber.Path> probed = new CopyOnWriteArrayList<>();
        paths.set(path -> {
            probed.add(path);
            return new PathOutcome.Passed(1450);
        });

        assertThat(probe(3, N2)).containsExactly(new AgentRpc.Reached(N2, new PathOutcome.Passed(1450)));
        assertThat(probed)
                .containsExactly(new PathProber.Path(
                        "eni0", Ipv4.parse("172.16.0.1"), Ipv4.parse("172.16.0.2"), Optional.empty()));
        assertThatThrownBy(() -> probe(2, N2)).hasMessageContaining("does not serve revision 2");
        assertThatThrownBy(() -> probe(3, N1)).hasMessageContaining("n1 is no other member of cluster demo");
        assertThatThrownBy(() -> probe(3, new NodeName("n9"))).hasMessageContaining("n9 is no other member");
        assertThatThrownBy(() -> probe(3, Collections.nCopies(33, N2).toArray(NodeName[]::new)))
                .hasMessageContaining("33 members are too many; 32 can be probed at a time");
        assertThat(probed).hasSize(1);
    }

    @Test
    void howeverOftenItHasProbedItsVpcOrFailedToItProbesAgain() throws Exception {
        paths.set(_ -> {
            throw new IllegalStateException("no route");
        });
        for (int time = 1; time <= 3; time++) {
            assertThatThrownBy(() -> probe(3, N2))
                    .isInstanceOfSatisfying(
                            RpcFailed.class, failed -> assertThat(failed.kind()).isEqualTo(RpcFailed.Kind.FAILED));
        }

        paths.set(_ -> new PathOutcome.Passed(1450));
        for (int time = 1; time <= 3; time++) {
            assertThat(probe(3, N2)).containsExactly(new AgentRpc.Reached(N2, new PathOutcome.Passed(1450)));
        }
    }

    @Test
    void thePlanOfAnotherNodeIsNotForIt() {
        assertRefused(RpcFailed.Kind.INVALID, "this is node n1, not n2", DEMO, 3, N2);
    }

    @Test
    void whoCannotVerifySaysWhyAndIsNotBusyAfterwards() throws Exception {
        prober.set((plan, passedOver, results) -> {
            throw new CannotVerify("no verbs here");
        });
        assertRefused(RpcFailed.Kind.FAILED, "no verbs here", DEMO, 3, N1);

        prober.set((plan, passedOver, results) -> results.accept(RESULT));
        assertThat(verify(DEMO, 3, N1)).containsExactly(RESULT);
    }
}
