package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Plug;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.Ledger;
import dev.scc.host.net.MemoryMachine;
import dev.scc.vpc.EniId;
import dev.scc.vpc.Vni;
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

    private final MemoryMachine machine = new MemoryMachine(List.of("eth0"));
    private final EniConvergence enis = new EniConvergence(
            N1,
            machine,
            new NetworkBuilder(N1, machine, System::nanoTime),
            new KernelNetwork("eth0"),
            Ledger.inMemory("ledger", Roster.class));

    /** What is missing else was never there as far as this process knows. */
    @Test
    void onlyWhatThisProcessHasSeenThereCanHaveBeenTakenAway() throws Exception {
        assertThat(enis.settled()).isFalse();
        enis.assume(ONE);
        assertThat(enis.applied()).isEqualTo(ONE);
        assertThat(enis.settled()).isFalse();

        enis.converge(ONE, HAS);
        assertThat(enis.settled()).isTrue();
    }

    @Test
    void whereThereAreNoEnisNoneCanHaveBeenTakenAway() throws Exception {
        enis.assume(Plugged.NONE);
        enis.converge(Plugged.NONE, HAS);

        assertThat(enis.settled()).isFalse();
    }
}
