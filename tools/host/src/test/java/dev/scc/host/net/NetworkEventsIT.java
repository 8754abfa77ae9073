package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.CommandFailed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkEventsIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final AtomicInteger ours = new AtomicInteger();
    private final AtomicInteger others = new AtomicInteger();
    private Namespace namespace;
    private NetworkEvents events;

    @BeforeEach
    void listen() throws CommandFailed {
        namespace = new Namespace();
        namespace.say("ip link add und0 type veth peer name far0");
        namespace.say("ip link set und0 addrgenmode none");
        namespace.say("ip link set far0 addrgenmode none");
        namespace.say("ip link set und0 up");
        namespace.say("ip link set far0 up");
        await().until(() -> !namespace.say("ip -o link").contains("NO-CARRIER"));
        namespace.say("ip link add eni0 link und0 group 1484 type macvlan mode bridge");
        namespace.say("ip link set eni0 addrgenmode none alias scc:demo up");
        events = NetworkEvents.of(namespace.network(), new NetworkEvents.Listener() {
            @Override
            public void ours() {
                ours.incrementAndGet();
            }

            @Override
            public void others() {
                others.incrementAndGet();
            }
        });
    }

    @AfterEach
    void remove() throws CommandFailed {
        events.close();
        namespace.close();
    }

    private void expect(AtomicInteger which, String... commands) throws CommandFailed {
        int before = which.get();
        for (String command : commands) {
            namespace.say(command);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(which.get()).isGreaterThan(before));
    }

    @Test
    void whatIsDoneToOursIsTold() throws CommandFailed {
        expect(ours, "ip addr add 172.16.0.1/20 dev eni0");
        expect(ours, "ip neigh add 172.16.0.2 lladdr 02:5c:ac:10:00:02 dev eni0 nud permanent");
        expect(ours, "ip neigh flush dev eni0 nud permanent");
        expect(ours, "ip link set eni0 mtu 1300");
        expect(ours, "nft add table inet scc_vpc70");
        expect(ours, "nft flush ruleset");
        expect(ours, "ip link del eni0");
        expect(ours, "ip link add vpc70 group 1484 type vxlan id 70 dev und0 dstport 4789");
        expect(ours, "bridge fdb add 02:5c:ac:10:00:02 dev vpc70 dst 10.99.0.12 self permanent");
    }

    @Test
    void whatIsDoneToOthersIsToldApart() throws CommandFailed {
        expect(others, "ip addr add 10.99.0.11/24 dev und0");
        expect(others, "ip route add 192.0.2.0/24 via 10.99.0.1");
        expect(others, "ip link set und0 mtu 1600");
        expect(others, "ip link add docker0 type bridge");
        assertThat(namespace.say("ip -o link show docker0")).contains("docker0");
    }

    /** No namespace has an RDMA device of its own here; the text is that of a kernel of Debian's on which rxe0 was removed. */
    @Test
    void anRdmaDeviceThatGoesIsTold() {
        String uevent =
                "remove@/devices/virtual/infiniband/rxe0\0ACTION=remove\0DEVPATH=/devices/virtual/infiniband/rxe0"
                        + "\0SUBSYSTEM=infiniband\0NAME=rxe0\0SEQNUM=1042\0";

        assertThat(NetworkEvents.ofRdma(uevent)).isTrue();
        assertThat(NetworkEvents.ofRdma(uevent.replace("=infiniband", "=net"))).isFalse();
    }

    @Test
    void whatConcernsNobodyIsNotTold() throws CommandFailed {
        int before = ours.get();
        namespace.say("nft add table inet foreign");
        namespace.say("nft delete table inet foreign");
        namespace.say("ip addr add 10.99.0.11/24 dev und0");
        namespace.say("ip neigh add 10.99.0.12 lladdr 02:00:00:00:00:07 dev und0 nud permanent");
        await().atMost(SOON).untilAsserted(() -> assertThat(others.get()).isPositive());

        assertThat(ours.get()).isEqualTo(before);
    }
}
