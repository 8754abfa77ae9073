package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import dev.scc.cluster.Unreached;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.command.CommandFailed;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckupTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final Unreached UNREACHED = new Unreached(7, List.of(new NodeName("n2")));
    private static final NodeInventory HAS = NodeInventory.of("6.1.0", 2, 1, List.of(), List.of());

    private final List<Optional<NodeFacts.Segment>> observed = new ArrayList<>();
    private final Checkup checkup = new Checkup(
            () -> HAS,
            (_, segment) -> {
                observed.add(segment);
                throw new CommandFailed("rdma -j link: timed out");
            },
            N1,
            "eth1",
            () -> Optional.of(UNREACHED));

    private static ServedCluster serves(String device, Optional<NodeStatus.SegmentAddress> address) {
        Roster roster = new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                List.of(new Member(
                        N1,
                        Ipv4.parse("10.99.0.1"),
                        "a:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        device,
                        "eth1")));
        return new ServedCluster(roster, roster.member(N1), address);
    }

    @Test
    void itIsTheNodesInventoryWithWhomItsMeshDoesNotReach() throws Exception {
        assertThat(checkup.read()).isEqualTo(HAS);
        assertThat(checkup.unreached()).contains(UNREACHED);
    }

    @Test
    void aNodeThatCannotBeObservedHasNoFindings() throws Exception {
        assertThat(checkup.findings(Optional.empty())).isEmpty();
        assertThat(observed).containsExactly(Optional.empty());
    }

    @Test
    void theSegmentOfItsClusterIsLookedAtIfItHasADevice() throws Exception {
        checkup.findings(Optional.of(serves("rxe0", Optional.empty())));
        checkup.findings(Optional.of(serves("", Optional.empty())));

        assertThat(observed)
                .containsExactly(
                        Optional.of(new NodeFacts.Segment("demo", "rxe0", "eth1.70", "10.70.0.1/16", Optional.empty())),
                        Optional.empty());
    }
}
