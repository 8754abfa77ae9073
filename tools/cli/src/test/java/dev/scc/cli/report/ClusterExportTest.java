package dev.scc.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterExportTest {
    private static final Roster ROSTER = new Roster(
            new ClusterName("my-demo"),
            3,
            1,
            VpcNetwork.of("my-demo", new Vni(70), Cidr.parse("172.16.0.0/24")),
            Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
            List.of(member(1, "rxe0"), member(2, "")));

    private static Member member(int number, String device) {
        return new Member(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0." + (10 + number)),
                "10.99.0." + (10 + number) + ":7070",
                Ipv4.parse("172.16.0." + number),
                Ipv4.parse("10.70.0." + number),
                device,
                "eth1");
    }

    private final ClusterExport export = new ClusterExport(ROSTER, List.of());

    @Test
    void aHostFileHasTheAddressesThatRanksTalkOver() {
        assertThat(export.hostfile()).isEqualTo("172.16.0.1\n172.16.0.2\n");
    }

    @Test
    void anInventoryIsReachedByTheServersAddressesAndKnowsTheOthers() {
        assertThat(export.ansible()).isEqualTo("""
                        [my_demo]
                        n1 ansible_host=10.99.0.11 vpc_address=172.16.0.1 rdma_address=10.70.0.1 rdma_device=rxe0 rdma_netdev=eth1.70
                        n2 ansible_host=10.99.0.12 vpc_address=172.16.0.2 rdma_address=10.70.0.2 rdma_device='' rdma_netdev=eth1.70

                        [my_demo:vars]
                        scc_cluster=my-demo
                        scc_revision=3
                        vpc_cidr=172.16.0.0/24
                        rdma_cidr=10.70.0.0/24
                        """);
    }

    @Test
    void slurmHasItsControllerOnTheFirstNodeAndAllNodesInOnePartition() {
        assertThat(export.slurm()).containsOnlyKeys("slurm.conf", "topology.conf", "hosts");
        assertThat(export.slurm().getOrDefault("slurm.conf", "").lines())
                .contains(
                        "ClusterName=my-demo",
                        "SlurmctldHost=n1(172.16.0.1)",
                        "SlurmdPidFile=/run/slurmd.%n.pid",
                        "NodeName=n2 NodeAddr=172.16.0.2 State=UNKNOWN",
                        "PartitionName=my-demo Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP");
        assertThat(export.slurm()).containsEntry("topology.conf", "SwitchName=my-demo Nodes=n1,n2\n");
        assertThat(export.slurm()).containsEntry("hosts", "172.16.0.1 n1\n172.16.0.2 n2\n");
    }
}
