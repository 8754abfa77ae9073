package dev.scc.cluster.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentService;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.ServedCluster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeOutcome;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Prober;
import dev.scc.fabric.verify.Schedule;
import dev.scc.fabric.verify.Suspect;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A member that reports what it was not asked, over real connections. */
@Timeout(240)
class ForeignReportsTest {
    private static final NodeName LIAR = new NodeName("n1");

    private final List<RpcServer> servers = new ArrayList<>();
    private final AtomicReference<Optional<Roster>> roster = new AtomicReference<>(Optional.empty());

    @AfterEach
    void stop() {
        servers.forEach(RpcServer::close);
    }

    private Member member(int number, Prober prober) throws Exception {
        NodeName node = new NodeName("n" + number);
        Ipv4 address = Ipv4.parse("127.0.0.1");
        AgentService service = new AgentService(
                new Identity(node, "i" + number, address, "", "eth1", "test"),
                () -> roster.get().map(known -> new ServedCluster(known, known.member(node), Optional.empty())),
                prober,
                PathProber.ofModel());
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(service.definition()));
        servers.add(server);
        return new Member(
                node,
                address,
                "127.0.0.1:" + server.port(),
                Ipv4.parse("172.16.0.0").plus(number),
                Ipv4.parse("10.70.0.0").plus(number),
                "rxe0",
                "eth1");
    }

    private static ProbeResult passed(Pair pair) {
        return ProbeResult.passed(pair, ProbeOutcome.Passed.NOTHING);
    }

    private VerificationResult verify(Prober liar, AtomicInteger told) throws Exception {
        Prober honest = (plan, passedOver, results) ->
                Schedule.of(plan.members().stream().map(member -> member.node()).toList(), plan.pattern())
                        .pairs()
                        .stream()
                        .filter(pair -> pair.active().equals(plan.self()))
                        .forEach(pair -> results.accept(passed(pair)));
        List<Member> members = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            members.add(member(number, number == 1 ? liar : honest));
        }
        Roster all = new Roster(
                new ClusterName("demo"),
                1,
                1,
                new VpcNetwork("demo", new Vni(70), Cidr.parse("172.16.0.0/20"), Optional.empty()),
                new Segment(new VlanId(70), Cidr.parse("10.70.0.0/24"), Optional.empty()),
                members);
        roster.set(Optional.of(all));
        return ClusterVerifier.verify(
                Connections.plain(), all, Pattern.FULL, "s1", Duration.ofSeconds(20), _ -> told.incrementAndGet());
    }

    @Test
    void aMemberIsHeardOfItsOwnPairsOnlyAndOnce() throws Exception {
        AtomicInteger told = new AtomicInteger();

        VerificationResult result = verify(
                (plan, passedOver, results) -> {
                    List<NodeName> nodes =
                            plan.members().stream().map(member -> member.node()).toList();
                    for (Pair pair : Schedule.of(nodes, plan.pattern()).pairs()) {
                        for (int times = 0; times < 100; times++) {
                            results.accept(
                                    pair.active().equals(LIAR)
                                            ? passed(pair)
                                            : ProbeResult.failed(pair, pair.passive() + " is to blame"));
                        }
                    }
                    results.accept(new ProbeResult(LIAR, LIAR, new ProbeOutcome.Failed("of nobody")));
                    results.accept(
                            new ProbeResult(LIAR, new NodeName("n99"), new ProbeOutcome.Failed("of somebody else")));
                },
                told);

        assertThat(result)
                .asInstanceOf(type(VerificationResult.Judged.class))
                .satisfies(judged -> assertThat(judged.verdict().ok()).isTrue());
        assertThat(told).hasValue(6);
    }

    @Test
    void whoeverFailsAllThatItReportsGetsNoOtherSuspected() throws Exception {
        VerificationResult result =
                verify(
                        (plan, passedOver, results) -> Schedule.of(
                                        plan.members().stream()
                                                .map(member -> member.node())
                                                .toList(),
                                        plan.pattern())
                                .pairs()
                                .stream()
                                .filter(pair -> pair.active().equals(LIAR))
                                .forEach(pair -> results.accept(ProbeResult.failed(pair, "x".repeat(100_000)))),
                        new AtomicInteger());

        assertThat(result).asInstanceOf(type(VerificationResult.Judged.class)).satisfies(judged -> {
            assertThat(judged.verdict().ok()).isFalse();
            assertThat(judged.verdict().suspects())
                    .filteredOn(suspect -> suspect.kind() == Suspect.Kind.NODE)
                    .isEmpty();
            assertThat(judged.verdict().failed())
                    .allSatisfy(failed -> assertThat(failed.why()).hasSize(ProbeOutcome.LONGEST_REASON));
        });
    }
}
