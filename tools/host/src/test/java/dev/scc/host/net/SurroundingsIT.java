package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.Surroundings.Interface;
import dev.scc.host.net.Surroundings.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

class SurroundingsIT {
    @Test
    void interfacesAndRoutesAreReadWithoutOurs() throws CommandFailed {
        try (Namespace namespace = new Namespace()) {
            namespace.say("ip link add und0 mtu 1400 address 02:00:00:00:00:01 type veth peer name far0");
            namespace.say("ip link set und0 up");
            namespace.say("ip link set far0 up");
            namespace.say("ip addr add 10.99.0.11/24 dev und0");
            namespace.say("ip addr add 10.7.7.7/32 dev lo");
            namespace.say("ip route add default via 10.99.0.1");
            namespace.say("ip route add 0.0.0.0/1 via 10.99.0.1");
            namespace.say("ip route add 172.16.0.0/12 via 10.99.0.1");
            namespace.say("ip route add 192.0.2.7/32 dev far0 table 77");
            namespace.say("ip route add 192.0.2.64/26 nexthop via 10.99.0.2 dev und0 nexthop via 10.99.0.3 dev und0");
            namespace.say("ip route add blackhole 10.0.0.0/8");
            namespace.say("ip -6 addr add fd00:99::11/64 dev und0 nodad");
            namespace.say("ip -6 route add fd00:50::/48 via fd00:99::1");
            namespace.say("ip -6 route add default via fd00:99::1");
            namespace.say("ip -6 route add unreachable fd00:60::/48");
            namespace.say("ip link add eni0 link und0 type macvlan mode bridge");
            namespace.say("ip link set eni0 alias scc:demo up");
            namespace.say("ip addr add 172.20.0.1/20 dev eni0");
            namespace.say("ip -6 addr add fd00:20::1/64 dev eni0 nodad");

            Surroundings around = Surroundings.of(namespace.network());

            assertThat(around.interfaces()).extracting(Interface::name).containsExactlyInAnyOrder("lo", "und0", "far0");
            assertThat(around.interfaces())
                    .filteredOn(one -> one.name().equals("und0"))
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.mtu()).isEqualTo(1400);
                        assertThat(one.mac()).isEqualTo("02:00:00:00:00:01");
                        assertThat(one.addresses()).containsExactly("10.99.0.11/24");
                        assertThat(one.loopback()).isFalse();
                    });
            assertThat(around.interfaces())
                    .filteredOn(Interface::loopback)
                    .singleElement()
                    .satisfies(one -> assertThat(one.addresses()).contains("127.0.0.1/8", "10.7.7.7/32"));
            assertThat(around.routes())
                    .containsExactlyInAnyOrderElementsOf(List.of(
                            new Route(Cidr.parse("10.99.0.0/24"), "", "und0"),
                            new Route(Cidr.parse("172.16.0.0/12"), "10.99.0.1", "und0"),
                            new Route(Cidr.parse("192.0.2.7/32"), "", "far0"),
                            new Route(Cidr.parse("192.0.2.64/26"), "10.99.0.2", "und0"),
                            new Route(Cidr6.parse("fd00:99::/64"), "", "und0"),
                            new Route(Cidr6.parse("fd00:50::/48"), "fd00:99::1", "und0")));
            assertThat(around.routes().get(1).words()).contains(" on ");
        }
    }
}
