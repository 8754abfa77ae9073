package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.NftTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final Mac MAC = new Mac("02:5c:0a:46:00:01");
    private static final Ipv4 ADDRESS = Ipv4.parse("10.70.0.1");
    private static final Link VLAN = new Link("eth1.70", "demo", new LinkKind.Vlan("eth1", 70), 1500, Optional.empty());
    private static final Link OVERLAY = new Link(
            "vpc70", "demo", new LinkKind.Vxlan(70, "eth0", Ipv4.parse("10.99.0.11"), 4789), 1450, Optional.empty());

    private static List<String> lines(Step... steps) {
        List<Step> list = List.of(steps);
        return Batch.split(list).stream()
                .flatMap(batch -> Line.of(list, batch).stream()
                        .map(line -> batch.tool().argv().getFirst() + " " + line.text()))
                .toList();
    }

    @Test
    void everyAdditionHasItsLines() {
        assertThat(lines(new Step.Add(VLAN)))
                .containsExactly(
                        "ip link add link eth1 name eth1.70 group 1484 mtu 1500 type vlan id 70",
                        "ip link set dev eth1.70 addrgenmode none",
                        "ip link set dev eth1.70 alias scc:demo up");
        assertThat(lines(new Step.Add(OVERLAY)).getFirst())
                .isEqualTo(
                        "ip link add name vpc70 group 1484 mtu 1450 type vxlan id 70 local 10.99.0.11 dev eth0 dstport 4789 nolearning");
        assertThat(lines(new Step.Add(new Link("eni0", "demo", new LinkKind.Macvlan("vpc70"), 1450, Optional.of(MAC))))
                        .getFirst())
                .isEqualTo("ip link add link vpc70 name eni0 group 1484 mtu 1450 address " + MAC
                        + " type macvlan mode bridge");
        assertThat(lines(
                        new Step.Add(new Address("eni0", ADDRESS, 24)),
                        new Step.Add(new Neighbour("eni0", ADDRESS, MAC)),
                        new Step.Add(new Fdb("vpc70", MAC, ADDRESS))))
                .containsExactly(
                        "ip addr replace 10.70.0.1/24 dev eni0",
                        "ip neigh replace 10.70.0.1 lladdr 02:5c:0a:46:00:01 dev eni0 nud permanent",
                        "bridge fdb replace 02:5c:0a:46:00:01 dev vpc70 dst 10.70.0.1 self permanent");
    }

    @Test
    void aMapOfPrioritiesIsSetAndTakenBackOnItsLinkUnlessThatGoes() {
        NetObject map = new NetObject.PriorityMap("eth1.70", Map.of(0, 3, 5, 4));

        assertThat(lines(new Step.Add(map)))
                .containsExactly("ip link set dev eth1.70 type vlan egress-qos-map 0:3 5:4");
        assertThat(lines(new Step.Remove(map)))
                .containsExactly("ip link set dev eth1.70 type vlan egress-qos-map 0:0 5:0");
        assertThat(lines(new Step.Remove(map), new Step.Remove(VLAN))).containsExactly("ip link del dev eth1.70");
    }

    @Test
    void everyRemovalHasItsLines() {
        assertThat(lines(
                        new Step.Remove(new Fdb("vpc70", MAC, ADDRESS)),
                        new Step.Remove(new Neighbour("eni0", ADDRESS, MAC)),
                        new Step.Remove(new Address("eni0", ADDRESS, 24)),
                        new Step.Remove(VLAN),
                        new Step.Remove(new NftTable("scc_a", "chain c { }"))))
                .containsExactly(
                        "bridge fdb del 02:5c:0a:46:00:01 dev vpc70 dst 10.70.0.1 self",
                        "ip neigh del 10.70.0.1 dev eni0",
                        "ip addr del 10.70.0.1/24 dev eni0",
                        "ip link del dev eth1.70",
                        "nft table inet scc_a\ndelete table inet scc_a\n");
    }

    @Test
    void whatGoesWithItsLinkNeedsNoLineOfItsOwn() {
        assertThat(lines(
                        new Step.Remove(new Fdb("vpc70", MAC, ADDRESS)),
                        new Step.Remove(new Neighbour("vpc70", ADDRESS, MAC)),
                        new Step.Remove(new Address("eni0", ADDRESS, 24)),
                        new Step.Remove(OVERLAY),
                        new Step.Add(OVERLAY),
                        new Step.Remove(new Address("vpc70", ADDRESS, 24))))
                .containsExactly(
                        "ip addr del 10.70.0.1/24 dev eni0",
                        "ip link del dev vpc70",
                        "ip link add name vpc70 group 1484 mtu 1450 type vxlan id 70 local 10.99.0.11 dev eth0 dstport 4789 nolearning",
                        "ip link set dev vpc70 addrgenmode none",
                        "ip link set dev vpc70 alias scc:demo up",
                        "ip addr del 10.70.0.1/24 dev vpc70");
    }

    @Test
    void aChangedTableIsReplacedInOneTransaction() {
        List<Step> plan = NetPlanner.plan(
                NetState.of(List.of(new NftTable("scc_a", "chain c { }"))),
                NetState.of(List.of(new NftTable("scc_a", "chain d { }"))));

        assertThat(plan).hasSize(2);
        assertThat(Batch.split(plan)).singleElement().extracting(Batch::tool).isEqualTo(Batch.Tool.NFT);
    }

    @Test
    void whatWouldBeReadAsAnotherWordInABatchIsRefused() {
        for (String name : List.of("", "a b", "eth0\nlink del dev eth1", "#x", "\"x\"", "sixteen-letters-")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new Address(name, ADDRESS, 24)))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("link name");
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new Link("x", "a b", new LinkKind.Macvlan("eth0"), 1500, Optional.empty())))
                .hasMessageContaining("owner \"a b\" of link x");
    }
}
