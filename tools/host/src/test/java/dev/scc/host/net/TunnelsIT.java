package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.MemoryText;
import dev.scc.host.command.Command;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.TunnelEnd;
import dev.scc.host.net.NetObject.TunnelPeer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kernel with WireGuard and one without are both right here; the guests of a testbed have it, and use it. */
class TunnelsIT {
    private static final String LINK = "tun0";
    private static final TunnelKey OTHER = new TunnelKey("b".repeat(42) + "A=");

    private Namespace namespace;
    private NetworkNamespace network;
    private boolean possible;
    private Instant now = Instant.EPOCH;

    @BeforeEach
    void make() throws Exception {
        namespace = new Namespace();
        network = namespace.network();
        possible = namespace
                .run(Command.of("ip", "link", "add", "w0", "type", "wireguard"))
                .ok();
        if (possible) {
            namespace.check(Command.of("ip", "link", "del", "w0"));
        }
    }

    @AfterEach
    void remove() throws Exception {
        namespace.close();
    }

    @Test
    void thereIsAnObjectionWhereNoTunnelCanBeMade() throws Exception {
        assertThat(Tunnels.objection(network).isEmpty()).isEqualTo(possible);
        if (!possible) {
            assertThat(Tunnels.objection(network))
                    .hasValueSatisfying(why -> assertThat(why).contains("no WireGuard"));
        }
    }

    @Test
    void withoutIpv6ThereAreNoTunnels() throws Exception {
        namespace.check(Command.of("sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1"));

        assertThat(Tunnels.objection(network))
                .hasValueSatisfying(why -> assertThat(why).contains("IPv6 is switched off"));
    }

    @Test
    void anEndAndItsPeersAreThereAsWantedOrTheStepThatCannotBeIsNamed() throws Exception {
        TunnelKeys keys = new TunnelKeys(new MemoryText("keys"), () -> now, new SplittableRandom(1));
        LinuxMachine machine = new LinuxMachine(network, Optional.of(keys));
        NetState first = wanted(keys.current(), "10.99.0.12");

        PlanOutcome outcome = new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), first));
        if (!possible) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            PlanOutcome.Undone.class,
                            undone -> assertThat(undone.failed())
                                    .isInstanceOfSatisfying(
                                            Step.Add.class,
                                            step -> assertThat(step.object().key())
                                                    .isEqualTo("link:tun0")));
            assertThat(machine.observe()).isEqualTo(NetState.empty());
            return;
        }
        assertThat(outcome).isInstanceOf(PlanOutcome.Done.class);
        assertThat(NetPlanner.plan(machine.observe(), first)).isEmpty();

        now = now.plus(Duration.ofDays(2));
        NetState second = wanted(keys.current(), "10.99.0.13");
        assertThat(new PlanRunner(machine).run(NetPlanner.plan(machine.observe(), second)))
                .isInstanceOf(PlanOutcome.Done.class);
        assertThat(NetPlanner.plan(machine.observe(), second)).isEmpty();
        machine.apply(NetPlanner.plan(machine.observe(), NetState.empty()));
        assertThat(machine.observe()).isEqualTo(NetState.empty());
    }

    /** With more peers than the kernel tells of in one message. */
    private static NetState wanted(TunnelKey own, String endpoint) {
        List<NetObject> objects = new ArrayList<>(List.of(
                new Link(LINK, "vpc.", new LinkKind.Tunnel(), 1440, Optional.empty()),
                new Address(LINK, Ipv6.parse("fd5c::1"), 96),
                new TunnelEnd(LINK, own, 61_820),
                new TunnelPeer(LINK, OTHER, Ipv6.parse("fd5c::2"), Ipv4.parse(endpoint), 61_820)));
        SplittableRandom random = new SplittableRandom(2);
        for (int peer = 0; peer < 200; peer++) {
            byte[] key = new byte[TunnelKey.LENGTH];
            random.nextBytes(key);
            objects.add(new TunnelPeer(
                    LINK,
                    TunnelKey.of(key),
                    Ipv6.parse("fd5c::1:0").plus(peer),
                    Ipv4.parse("10.98.0.0").plus(peer),
                    61_820));
        }
        return NetState.of(objects);
    }
}
