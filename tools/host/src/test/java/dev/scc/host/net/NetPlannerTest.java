package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetPlannerTest {

    @Test
    void linkThatGetsItsFirstAddressHasItsNeighboursBackWhenThatIsUndone() throws StepFailed {
        Ipv4 peer = Ipv4.parse("172.16.0.2");
        List<NetObject> bare = List.of(
                new NetObject.Link("eni0", "demo", new LinkKind.Macvlan("eth0"), 1400, Optional.empty()),
                new NetObject.Neighbour("eni0", peer, Mac.of(peer)));
        List<NetObject> addressed = new ArrayList<>(bare);
        addressed.add(new NetObject.Address("eni0", Ipv4.parse("172.16.0.1"), 24));
        MemoryMachine machine = new MemoryMachine(List.of("eth0"));
        machine.apply(NetPlanner.plan(NetState.empty(), NetState.of(bare)));
        List<Step> plan = NetPlanner.plan(NetState.of(bare), NetState.of(addressed));

        machine.apply(plan);
        assertThat(machine.observe()).isEqualTo(NetState.of(addressed));
        machine.apply(plan.reversed().stream().map(Step::undo).toList());

        assertThat(machine.observe()).isEqualTo(NetState.of(bare));
    }

    /** The kernel follows whoever shows the key, as one behind a router that has chosen another port. */
    @Test
    void aTunnelWhoseOtherEndShowsItselfElsewhereStays() {
        TunnelKey key = new TunnelKey("a".repeat(42) + "A=");
        Ipv6 address = Ipv6.parse("fd00::2");
        NetObject wanted = new NetObject.TunnelPeer("tun0", key, address, Ipv4.parse("10.1.0.2"), 61_820);

        assertThat(NetPlanner.serves(
                        new NetObject.TunnelPeer("tun0", key, address, Ipv4.parse("10.1.0.9"), 4_000), wanted))
                .isTrue();
        assertThat(NetPlanner.serves(new NetObject.TunnelPeer("tun0", key, address, Ipv4.parse("10.1.0.2"), 0), wanted))
                .as("nobody has said where it is")
                .isFalse();
        assertThat(NetPlanner.serves(
                        new NetObject.TunnelPeer("tun0", key, Ipv6.parse("fd00::3"), Ipv4.parse("10.1.0.2"), 61_820),
                        wanted))
                .isFalse();
    }
}
