package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.net.Ledger;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialTest {
    /** A machine that has been up for a while. */
    private long nanos = Duration.ofDays(40).toNanos();

    private static Roster roster(int vlan) {
        return new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(vlan), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(vlan), Cidr.parse("10.70.0.0/16")),
                List.of(new Member(
                        new NodeName("n1"),
                        Ipv4.parse("10.99.0.1"),
                        "10.99.0.1:7070",
                        Ipv4.parse("172.16.0.1"),
                        Ipv4.parse("10.70.0.1"),
                        "",
                        "eth1")));
    }

    @Test
    void whatWasTakenBackIsNotTriedAtOnceAgainButLater() {
        Trial trial = new Trial(Ledger.inMemory("ledger", Roster.class), () -> nanos);
        assertThat(trial.hopeless(roster(70))).isFalse();

        trial.lost(roster(70));

        assertThat(trial.hopeless(roster(70))).isTrue();
        assertThat(trial.hopeless(roster(71))).isFalse();
        nanos += Duration.ofDays(1).toNanos();
        assertThat(trial.hopeless(roster(70))).isFalse();
    }
}
