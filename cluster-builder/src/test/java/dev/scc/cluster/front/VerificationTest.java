package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentService;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.ServedCluster;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Flow;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.LoadPlan;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.PassedOver;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Prober;
import dev.scc.fabric.verify.Schedule;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four members, over real connections, on a model of a fabric in which one of them exchanges nothing with anybody. */
@Timeout(240)
class VerificationTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final NodeName DEAF = new NodeName("n4");

    @TempDir
    Path directory;

    private final List<RpcServer> servers = new ArrayList<>();
    private final List<VerifySaid> said = new CopyOnWriteArrayList<>();
    private final List<Member> members = new ArrayList<>();

    /** All flows that are asked for are there. */
    private static final class Model implements Prober {
        @Override
        public void run(ProbePlan plan, PassedOver passedOver, Consumer<ProbeResult> results) {
            List<NodeName> nodes =
                    plan.members().stream().map(ProbeMember::node).toList();
            Schedule.of(nodes, plan.pattern()).pairs().stream()
                    .filter(pair -> pair.active().equals(plan.self()))
                    .forEach(pair -> results.accept(probe(pair)));
        }

        private static ProbeResult probe(Pair pair) {
            return pair.has(DEAF)
                    ? ProbeResult.failed(pair, "no answer")
                    : ProbeResult.passed(pair, ProbeOutcome.Passed.NOTHING);
        }

        @Override
        public void load(LoadPlan plan, Consumer<FlowResult> results) {
            List<List<Flow>> rounds = plan.rounds();
            for (int round = 0; round < rounds.size(); round++) {
                for (Flow flow : rounds.get(round)) {
                    if (flow.from().equals(plan.self())) {
                        results.accept(new FlowResult(round, flow, new FlowResult.Moved(900)));
                    }
                }
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        for (NodeName node : List.of(N1, N2, N3, DEAF)) {
            members.add(member(node, members.size() + 1));
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(RpcServer::close);
    }

    private Roster roster() {
        return new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                members);
    }

    private Member member(NodeName node, int number) throws Exception {
        Ipv4 address = Ipv4.parse("127.0.0.1");
        AgentService service = new AgentService(
                new Identity(node, "i" + number, address, "", "eth1", "test"),
                () -> Optional.of(new ServedCluster(roster(), roster().member(node), Optional.empty())),
                new Model(),
                PathProber.ofModel());
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(service.definition()));
        servers.add(server);
        return new Member(
                node,
                address,
                server.address(),
                Ipv4.parse("172.16.0.0").plus(number),
                Ipv4.parse("10.70.0.0").plus(number),
                "rxe0",
                "eth1");
    }

    private VerifyView verify(Load load) throws Exception {
        VerifySaid.End end = new Verification(
                        Connections.plain(), new KeptVerifications(directory), () -> Instant.EPOCH, roster())
                .run(new ServerRpc.Verify(roster().cluster(), Pattern.FULL, load, 0, Optional.empty()), said::add);
        assertThat(end).isInstanceOf(VerifySaid.Judged.class);
        return ((VerifySaid.Judged) end).view();
    }

    private <T extends VerifySaid> List<T> said(Class<T> kind) {
        return said.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void eachPairIsToldWhenItHasBeenProbed() throws Exception {
        VerifyView view = verify(Load.NONE);

        assertThat(said(VerifySaid.Probed.class))
                .extracting(
                        probed -> Set.of(probed.result().a(), probed.result().b()))
                .containsExactlyInAnyOrder(
                        Set.of(N1, N2),
                        Set.of(N1, N3),
                        Set.of(N1, DEAF),
                        Set.of(N2, N3),
                        Set.of(N2, DEAF),
                        Set.of(N3, DEAF));
        assertThat(said(VerifySaid.Flowed.class)).isEmpty();
        assertThat(view.load()).isEmpty();
    }

    @Test
    void loadIsPutOnThoseWhoHavePassedWithSomebody() throws Exception {
        VerifyView view = verify(Load.RING);

        List<Flow> ring = List.of(new Flow(N1, N2), new Flow(N2, N3), new Flow(N3, N1));
        assertThat(said(VerifySaid.Flowed.class))
                .extracting(flowed -> flowed.result().flow())
                .containsExactlyInAnyOrderElementsOf(ring);
        assertThat(view.load()).isPresent();
    }
}
