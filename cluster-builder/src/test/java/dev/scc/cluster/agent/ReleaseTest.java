package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterNetworks;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.NodeStatus.Clean;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.Roster;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReleaseTest {
    private static final NodeName SELF = new NodeName("n1");
    private static final NodeInventory HAS = NodeInventory.of(
            "test", 1, 1, List.of(), List.of(new RdmaDevice("rxe0", "eth1", "ACTIVE", 1024, List.of())));
    private static final Optional<NodeStatus.State> NOTHING_SAID = Optional.empty();
    private static final LoopbackOutcome PASSED = new LoopbackOutcome.Passed(9);
    private static final LoopbackOutcome FAILED = new LoopbackOutcome.Failed("no answer");
    private static final LoopbackOutcome NOT_TRIED = new LoopbackOutcome.NotTried("no verbs");

    private final Device device = new Device();
    private long now;
    private int news;
    private Release release = released();

    private Release released() {
        Release made = new Release(SELF, device, () -> now);
        made.onNews(() -> news++);
        return made;
    }

    /** Whose checks end when the test says so. */
    private static final class Device implements NodeNetwork {
        private Optional<String> worse = Optional.empty();
        private int entrusted;
        private int cancelled;
        private final List<String> checked = new ArrayList<>();
        private final List<Consumer<LoopbackOutcome>> running = new ArrayList<>();
        /** Ends it before the call returns. */
        private Optional<LoopbackOutcome> atOnce = Optional.empty();

        void end(LoopbackOutcome outcome) {
            running.removeFirst().accept(outcome);
        }

        @Override
        public ClusterNetworks networks() {
            return new ClusterNetworks("eth0");
        }

        @Override
        public Optional<NodeStatus.SegmentAddress> reached(Roster roster, NodeName node) {
            return Optional.empty();
        }

        @Override
        public void entrust(Member member) {
            entrusted++;
        }

        @Override
        public Optional<String> worse(Member former, NodeInventory has) {
            return worse;
        }

        @Override
        public Check check(String name, String netdev, NodeInventory has, Consumer<LoopbackOutcome> ended) {
            checked.add(name + " on " + netdev);
            atOnce.ifPresentOrElse(ended, () -> running.add(ended));
            return () -> cancelled++;
        }
    }

    private static Optional<Roster> roster(String rdmaDevice) {
        Member member = new Member(
                SELF,
                Ipv4.parse("10.99.0.1"),
                "10.99.0.1:7070",
                Ipv4.parse("172.16.0.1"),
                Ipv4.parse("10.70.0.1"),
                rdmaDevice,
                "eth1");
        return Optional.of(new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/24")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                List.of(member)));
    }

    private void leaves(String rdmaDevice) {
        release.change(Optional.empty(), roster(rdmaDevice));
        release.change(roster(rdmaDevice), Optional.empty());
    }

    private Release.Verdict look(Optional<NodeStatus.State> said, boolean changed) {
        return release.look(said, HAS, "eth1", changed, List.of());
    }

    private Optional<Clean> look() {
        return look(NOTHING_SAID, false).clean();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** As an agent does that looks as often as it is told to. */
    private Optional<Clean> waitLong() {
        Release.Verdict verdict = look(NOTHING_SAID, false);
        for (int i = 0; i < 100 && verdict.clean().isEmpty(); i++) {
            pass(verdict.pause());
            verdict = look(NOTHING_SAID, false);
        }
        return verdict.clean();
    }

    @Test
    void nothingIsSaidOfANodeBeforeItsDeviceIsChecked() {
        leaves("rxe0");
        assertThat(release.look(NOTHING_SAID, HAS, "eth1", false, List.of(new PhaseTime("links", 7)))
                        .clean())
                .isEmpty();
        pass(Duration.ofMillis(30));
        assertThat(look()).isEmpty();

        device.end(PASSED);

        assertThat(news).isEqualTo(1);
        Release.Verdict verdict = look(NOTHING_SAID, false);
        assertThat(verdict.clean()).contains(new Clean());
        assertThat(verdict.phases()).containsExactly(new PhaseTime("links", 7), new PhaseTime("device", 30));
        assertThat(device.checked).containsExactly("rxe0 on eth1");
        assertThat(look()).contains(new Clean());
    }

    @Test
    void aCheckThatEndsAtOnceIsNoNews() {
        device.atOnce = Optional.of(PASSED);
        leaves("rxe0");

        assertThat(look()).contains(new Clean());
        assertThat(news).isZero();
    }

    @Test
    void aDeviceThatFailsIsSaidToBeWorseAndTriedAgainUntilItIsWell() {
        leaves("rxe0");
        look();
        device.end(FAILED);
        assertThat(look()).contains(Clean.worse("no answer"));
        assertThat(device.checked).hasSize(1);

        pass(Release.AGAIN);
        assertThat(look()).as("meanwhile").contains(Clean.worse("no answer"));
        assertThat(device.checked).hasSize(2);
        device.end(NOT_TRIED);
        assertThat(look()).as("that refutes nothing").contains(Clean.worse("no answer"));

        assertThat(look(NOTHING_SAID, true).clean()).as("something has changed").contains(Clean.worse("no answer"));
        device.end(PASSED);
        assertThat(look()).contains(new Clean());
        pass(Release.AGAIN);
        assertThat(look(NOTHING_SAID, true).clean()).contains(new Clean());
        assertThat(device.checked).hasSize(3);
    }

    @Test
    void whatCannotBeTriedIsSaidAndHoldsNobodyUp() {
        leaves("rxe0");
        look();
        device.end(NOT_TRIED);

        assertThat(look()).contains(new Clean(Optional.empty(), Optional.of("no verbs")));
    }

    @Test
    void aNodeWithoutADeviceSaysSo() {
        leaves("");

        NodeInventory bare = NodeInventory.of("6.1", 1, 1, List.of(), List.of());
        assertThat(release.look(NOTHING_SAID, bare, "eth1", false, List.of()).clean())
                .contains(new Clean(Optional.empty(), Optional.of("the node has no RDMA device")));
        assertThat(device.checked).isEmpty();
    }

    /** Its tenant was root beside it. */
    @Test
    void aDeviceThatItsClusterDidNotUseIsCheckedAsWell() {
        leaves("");

        assertThat(look()).isEmpty();
        assertThat(device.checked).containsExactly("rxe0 on eth1");
    }

    @Test
    void aCheckThatHangsFailsAndAnotherBeginsOnlyWhenItHasEnded() {
        leaves("rxe0");
        Optional<Clean> clean = waitLong();
        assertThat(clean).contains(Clean.worse("the check of its RDMA device did not end within 16 s"));
        assertThat(Duration.ofNanos(now)).isEqualTo(Release.LONGEST);
        assertThat(device.cancelled).isEqualTo(1);

        pass(Release.AGAIN);
        assertThat(look()).isEqualTo(clean);
        assertThat(device.checked).as("it hangs still").hasSize(1);

        device.end(FAILED);
        assertThat(look()).as("what comes late counts for nothing").isEqualTo(clean);
        assertThat(device.checked).hasSize(2);
        device.end(PASSED);
        assertThat(look()).contains(new Clean());
    }

    /** As one that was stopped, or whose machine was: its check was, too. */
    @Test
    void aProcessThatStoodStillHasNotWaited() {
        leaves("rxe0");
        look();
        pass(Release.LONGEST.multipliedBy(3));

        assertThat(look()).isEmpty();
        device.end(PASSED);
        assertThat(look()).contains(new Clean());
    }

    @Test
    void whatIsSeenAtOnceIsSaidAtOnce() {
        leaves("rxe0");
        device.worse = Optional.of("port down");

        assertThat(look()).contains(Clean.worse("port down"));
        assertThat(device.checked).isEmpty();

        device.worse = Optional.empty();
        assertThat(look()).as("until it has been checked what was said stays").isEmpty();
        device.end(PASSED);
        assertThat(look()).contains(new Clean());
        device.worse = Optional.of("port down");
        assertThat(look()).as("well since then").contains(new Clean());
    }

    /** It was seen to be over: a check that would have to refute it is not needed. */
    @Test
    void whatIsNotSeenAnyMoreIsHeldAgainstNobodyWhoCannotBeChecked() {
        leaves("rxe0");
        device.worse = Optional.of("port down");
        assertThat(look()).contains(Clean.worse("port down"));

        device.worse = Optional.empty();
        look();
        device.end(NOT_TRIED);

        assertThat(look()).contains(new Clean(Optional.empty(), Optional.of("no verbs")));
    }

    @Test
    void anAgentThatIsStartedKeepsToWhatItHasSaid() {
        Optional<NodeStatus.State> unchecked = Optional.of(new Clean(Optional.empty(), Optional.of("no verbs")));
        assertThat(look(unchecked, false).clean()).isEqualTo(unchecked);
        assertThat(device.checked).isEmpty();

        release = released();
        assertThat(look(Optional.of(Clean.worse("port down")), false).clean()).contains(Clean.worse("port down"));
        assertThat(device.checked).containsExactly("rxe0 on eth1");

        release = released();
        assertThat(look(Optional.of(new NodeStatus.StepFailed("leave demo", "a job", List.of())), false)
                        .clean())
                .as("not clean yet")
                .isEmpty();
        assertThat(device.checked).hasSize(2);
    }

    @Test
    void aClusterThatComesMeanwhileEndsTheCheck() {
        leaves("rxe0");
        look();
        release.change(Optional.empty(), roster("rxe0"));
        assertThat(device.cancelled).isEqualTo(1);

        release.change(roster("rxe0"), Optional.empty());
        assertThat(look()).as("the one before has not ended").isEmpty();
        assertThat(device.checked).hasSize(1);
        device.end(PASSED);
        assertThat(look()).as("and was of another time").isEmpty();
        assertThat(device.checked).hasSize(2);
        device.end(PASSED);
        assertThat(look()).contains(new Clean());
    }

    @Test
    void anAgentThatEndsEndsItsCheck() {
        release.cancel();
        assertThat(device.cancelled).isZero();
        leaves("rxe0");
        look();

        release.cancel();

        assertThat(device.cancelled).isEqualTo(1);
    }

    @Test
    void itsDeviceIsEntrustedOnceToEachCluster() {
        leaves("rxe0");
        leaves("rxe0");
        release.change(Optional.empty(), Optional.empty());

        assertThat(device.entrusted).isEqualTo(2);
    }
}
