package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Member;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetState;
import dev.scc.vpc.EniId;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EniConvergenceTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeInventory HAS = NodeInventory.of("test", 1, 1, List.of(), List.of());
    private static final Plugged ONE = new Plugged(
            List.of(new Plug(
                    new EniId("eni-0a1b2c3d"),
                    new VpcNetwork("lab", new Vni(5000), Cidr.parse("172.20.0.0/24"), Optional.empty()),
                    Ipv4.parse("172.20.0.9"),
                    1,
                    Plug.Phase.ATTACHED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())),
            Map.of("lab", new TreeMap<>()),
            Map.of());

    private final Ledger<Roster> ledger = Ledger.inMemory("ledger", Roster.class);
    private final MemoryMachine machine = new MemoryMachine(List.of("eth0"));
    private final EniConvergence enis = begun();

    private EniConvergence begun() {
        return new EniConvergence(
                N1, machine, new NetworkBuilder(N1, machine, System::nanoTime), new KernelNetwork("eth0"), ledger);
    }

    /** One ENI, whose VPC knows it. */
    private static Plugged known() {
        Holding holding = new Holding(
                "ENI",
                List.of(new VpcMember(
                        N1, Ipv4.parse("10.99.0.1"), ONE.plugs().getFirst().address())),
                List.of());
        return new Plugged(ONE.plugs(), Map.of("lab", new TreeMap<>(Map.of("eni-0a1b2c3d", holding))), Map.of());
    }

    /** What is missing else was never there as far as this process knows. */
    @Test
    void onlyWhatThisProcessHasSeenThereCanHaveBeenTakenAway() throws Exception {
        assertThat(enis.settled()).isFalse();
        enis.assume(ONE, false);
        assertThat(enis.applied()).isEqualTo(ONE);
        assertThat(enis.settled()).isFalse();

        enis.converge(ONE, HAS);
        assertThat(enis.settled()).isTrue();
    }

    @Test
    void whereThereAreNoEnisNoneCanHaveBeenTakenAway() throws Exception {
        enis.assume(Plugged.NONE, false);
        enis.converge(Plugged.NONE, HAS);

        assertThat(enis.settled()).isFalse();
    }

    /** A disk that was put back, in a machine that was off: whether the node is in that cluster still, nobody has said yet. */
    @Test
    void aClusterThatOnlyAnOldLedgerKnowsIsNotBuiltBesideEnis() throws Exception {
        Member self = new Member(
                N1,
                Ipv4.parse("10.99.0.1"),
                "10.99.0.1:7070",
                Ipv4.parse("172.16.0.1"),
                Ipv4.parse("10.70.0.1"),
                "",
                "eth1");
        Roster old = new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/24")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                List.of(self));
        ledger.write(new Ledger.Page<>(1, Optional.of(old), NetState.empty(), false));

        assertThat(enis.converge(known(), HAS).failed()).isEmpty();

        assertThat(machine.observe().objects().keySet()).contains("link:eni1").noneMatch(key -> key.contains("70"));
        assertThat(ledger.read().serving()).contains(old);
    }

    /** A process that has not looked yet must not take what it does not know for nothing. */
    @Test
    void whatAnEarlierProcessLeftGoesWhereNoEnisAreWanted() throws Exception {
        enis.converge(known(), HAS);
        assertThat(machine.observe().objects().keySet()).contains("link:eni1");

        assertThat(begun().converge(Plugged.NONE, HAS).failed()).isEmpty();

        assertThat(machine.observe().objects().keySet()).isEmpty();
    }
}
