package dev.scc.cluster.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.Verifier;
import dev.scc.cluster.verify.VpcVerdict;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.port.PortFailed;
import dev.scc.fabric.port.SwitchPort;
import dev.scc.fabric.port.SwitchPort.Allowed;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.Verdict;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class PortActuatorTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final Allowed OPEN = new Allowed(new VlanId(70), Ipv4.parse("10.70.0.1"));

    /** A switch in memory, some of whose ports cannot be set. */
    private static final class Switch implements SwitchPort {
        private final Map<NodeName, Optional<Allowed>> ports = new ConcurrentHashMap<>();
        private final Map<NodeName, Long> epochs = new ConcurrentHashMap<>();
        private final Set<NodeName> broken = ConcurrentHashMap.newKeySet();
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void set(NodeName node, Optional<Allowed> allowed, long epoch) throws PortFailed {
            calls.incrementAndGet();
            if (broken.contains(node)) {
                throw new PortFailed("no such port", new IllegalStateException());
            }
            ports.put(node, allowed);
            epochs.put(node, epoch);
        }
    }

    private final Switch fabric = new Switch();
    private final PortActuator actuator = new PortActuator(fabric, () -> {});

    @AfterEach
    void stop() {
        actuator.close();
    }

    @Test
    void aPortThatCannotBeClosedIsOpenWithTheReason() {
        fabric.broken.add(N1);

        actuator.want(Map.of(N1, Optional.empty()), 3);

        assertThat(actuator.open(N1)).isPresent();
        await().until(() -> actuator.open(N1).flatMap(Ports.Open::failure).isPresent());
        assertThat(actuator.open(N1).flatMap(Ports.Open::failure)).contains("no such port");
        fabric.broken.clear();
        await().until(() -> actuator.open(N1).isEmpty());
        actuator.want(Map.of(N1, Optional.of(OPEN)), 3);
        assertThat(actuator.open(N1)).isPresent();
    }

    @Test
    void portsBecomeWhatIsWantedAndCloseWhenNothingIs() {
        actuator.want(Map.of(N1, Optional.of(OPEN), N2, Optional.empty()), 3);
        await().until(() -> fabric.ports.equals(Map.of(N1, Optional.of(OPEN), N2, Optional.empty())));
        await().until(() -> actuator.isSet(N1, OPEN));

        actuator.want(Map.of(N1, Optional.empty(), N2, Optional.empty()), 3);
        await().until(() -> Optional.empty().equals(fabric.ports.get(N1)));
        assertThat(actuator.isSet(N1, OPEN)).isFalse();
        await().until(() -> actuator.open(N1).isEmpty());
    }

    @Test
    void whatIsSoIsNotSetAgainByTheSameControllerAndIsByTheNext() {
        actuator.want(Map.of(N1, Optional.of(OPEN)), 3);
        await().until(() -> actuator.isSet(N1, OPEN));
        actuator.want(Map.of(N1, Optional.of(OPEN)), 3);
        actuator.want(Map.of(N1, Optional.of(OPEN), N2, Optional.empty()), 3);
        await().until(() -> fabric.ports.containsKey(N2));
        assertThat(fabric.calls).hasValue(2);

        actuator.want(Map.of(N1, Optional.of(OPEN), N2, Optional.empty()), 4);
        await().until(() -> fabric.epochs.equals(Map.of(N1, 4L, N2, 4L)));
    }

    @Test
    void aBrokenPortIsTriedUntilItIsMendedAndHoldsUpNoOther() {
        fabric.broken.add(N1);
        actuator.want(Map.of(N1, Optional.of(OPEN), N2, Optional.of(OPEN)), 3);
        await().until(() -> actuator.isSet(N2, OPEN));
        await().until(() -> actuator.trouble(N1)
                .filter(trouble -> trouble.why().equals("no such port"))
                .isPresent());

        fabric.broken.clear();

        await().until(() -> actuator.isSet(N1, OPEN));
        assertThat(actuator.trouble(N1)).isEmpty();
    }

    @Test
    void whoDoesNotLeadSetsNothing() {
        actuator.want(Map.of(N1, Optional.of(OPEN)), 3);
        await().until(() -> actuator.isSet(N1, OPEN));

        actuator.rest();

        assertThat(actuator.isSet(N1, OPEN)).isFalse();
    }

    @Test
    void aClusterIsVerifiedWhenItsPortsAreSet() {
        Verifier verified = new Verifier() {
            @Override
            public Optional<VerificationResult> result(String session, Roster roster, Pattern pattern) {
                return Optional.of(new VerificationResult.Judged(
                        Verdict.of(List.of(N1), pattern, List.of()), VpcVerdict.NOTHING, 1));
            }

            @Override
            public void retain(Collection<String> sessions) {}
        };
        PortsFirst first = new PortsFirst(actuator, verified);
        Roster roster = new Roster(
                new ClusterName("demo"),
                1,
                1,
                new VpcNetwork("demo", new Vni(70), Cidr.parse("172.16.0.0/20"), Optional.empty()),
                new Segment(new VlanId(70), Cidr.parse("10.70.0.0/24"), Optional.empty()),
                List.of(new Member(
                        N1,
                        Ipv4.parse("10.99.0.11"),
                        "10.99.0.11:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        "rxe0",
                        "eth1")));

        assertThat(first.result("s", roster, Pattern.FULL)).isEmpty();
        actuator.want(Map.of(N1, Optional.of(OPEN)), 3);

        await().until(() -> first.result("s", roster, Pattern.FULL).isPresent());
    }
}
