package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.MemoryText;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.MemoryMachine;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetPlanner;
import dev.scc.host.net.NetState;
import dev.scc.host.net.TunnelKey;
import dev.scc.host.net.TunnelKeys;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Tunnel;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EncryptedNetworksTest {
    private static final NodeInventory HAS = NodeInventory.of("6.1", 2, 1024, List.of(), List.of());
    private static final int NODES = 4;
    private static final VpcNetwork PLAIN = network("plain", 5000, "172.20.0.0/24", false);
    private static final VpcNetwork VAULT = network("vault", 5001, "172.21.0.0/24", true);
    private static final VpcNetwork SAFE = network("safe", 5002, "172.22.0.0/24", true);

    private static VpcNetwork network(String name, int vni, String cidr, boolean encrypted) {
        return new VpcNetwork(name, new Vni(vni), Cidr.parse(cidr), Optional.of(1370), Optional.empty(), encrypted);
    }

    private static NodeName name(int node) {
        return new NodeName("n" + node);
    }

    private static Ipv4 underlay(int node) {
        return Ipv4.parse("10.99.0.10").plus(node);
    }

    /** A pool with ENIs in three VPCs, and a cluster in one of them. */
    private static final class Pool {
        final Map<String, NavigableMap<String, Holding>> directory = new TreeMap<>();
        final Map<NodeName, List<Plug>> plugs = new TreeMap<>();
        final Map<NodeName, TunnelKey> keys = new TreeMap<>();
        final Map<NodeName, MemoryMachine> machines = new TreeMap<>();
        Optional<Roster> roster = Optional.empty();

        Pool() throws IOException {
            for (int node = 1; node <= NODES; node++) {
                TunnelKeys own =
                        new TunnelKeys(new MemoryText("keys"), () -> Instant.EPOCH, new SplittableRandom(node));
                keys.put(name(node), own.current());
                machines.put(name(node), new MemoryMachine(List.of("eth0"), Optional.of(own)));
                plugs.put(name(node), new ArrayList<>());
            }
            List.of(PLAIN, VAULT, SAFE).forEach(vpc -> directory.put(vpc.name(), new TreeMap<>()));
        }

        List<Plug> plugs(int node) {
            return Objects.requireNonNull(plugs.get(name(node)));
        }

        NavigableMap<String, Holding> holdings(VpcNetwork vpc) {
            return Objects.requireNonNull(directory.get(vpc.name()));
        }

        MemoryMachine machine(int node) {
            return Objects.requireNonNull(machines.get(name(node)));
        }

        void attach(VpcNetwork vpc, int node, int number, Optional<EniPlace> place) {
            EniId eni = EniId.of("%08x".formatted(vpc.vni().value() * 100 + number));
            Ipv4 address = vpc.cidr().host(number);
            plugs(node)
                    .add(new Plug(
                            eni,
                            vpc,
                            address,
                            plugs(node).size() + 1,
                            Plug.Phase.ATTACHED,
                            Optional.empty(),
                            Optional.empty(),
                            place));
            holdings(vpc)
                    .put(
                            eni.value(),
                            new Holding(
                                    "ENI " + eni,
                                    List.of(new VpcMember(name(node), underlay(node), address)),
                                    List.of()));
        }

        void cluster(VpcNetwork vpc, List<Integer> nodes) {
            List<Member> members = nodes.stream()
                    .map(node -> new Member(
                            name(node), underlay(node), "", vpc.cidr().host(100 + node), underlay(node), "", "eth1"))
                    .toList();
            ClusterName demo = new ClusterName("demo");
            roster = Optional.of(
                    new Roster(demo, 1, 1, vpc, Segment.of(new VlanId(71), Cidr.parse("10.70.0.0/24")), members));
            holdings(vpc).put("cluster-71", Holding.of(demo, vpc, members, List.of()));
        }

        NetState wanted(int node) {
            Optional<Roster> serving = roster.filter(known ->
                    known.members().stream().anyMatch(member -> member.node().equals(name(node))));
            return new ClusterNetworks("eth0")
                    .wanted(serving, name(node), HAS, new Plugged(plugs(node), directory, Map.of(), keys));
        }
    }

    private static <T extends NetObject> List<T> all(NetState state, Class<T> type) {
        return state.objects().values().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Test
    void anEncryptedVpcIsOnTheTunnelsAndAPlainOneBesideItIsNot() throws Exception {
        Pool pool = new Pool();
        pool.attach(PLAIN, 1, 1, Optional.empty());
        pool.attach(VAULT, 1, 2, Optional.empty());
        pool.attach(VAULT, 2, 3, Optional.empty());
        pool.attach(PLAIN, 3, 4, Optional.empty());

        NetState wanted = pool.wanted(1);

        Map<String, LinkKind> kinds = all(wanted, NetObject.Link.class).stream()
                .collect(Collectors.toMap(NetObject.Link::name, NetObject.Link::kind));
        assertThat(Objects.requireNonNull(kinds.get("vpc5000")).below()).isEqualTo("eth0");
        assertThat(Objects.requireNonNull(kinds.get("vpc5001")).below()).isEqualTo(Tunnel.DEVICE);
        assertThat(kinds.get(Tunnel.DEVICE)).isEqualTo(new LinkKind.Tunnel());
        assertThat(all(wanted, NetObject.TunnelPeer.class)).singleElement().satisfies(peer -> {
            assertThat(peer.endpoint()).isEqualTo(underlay(2));
            assertThat(peer.peer()).isEqualTo(pool.keys.get(name(2)));
        });
        assertThat(all(pool.wanted(3), NetObject.TunnelPeer.class)).isEmpty();
        assertThat(pool.wanted(3).objects()).doesNotContainKey("link:" + Tunnel.DEVICE);
    }

    /** Its roster is of the time before it got another address; what it has attached since is at the new one. */
    @Test
    void aNodeThatHasMovedOnTheUnderlayIsOnePeerWhereItIsNow() throws Exception {
        Pool pool = new Pool();
        pool.cluster(SAFE, List.of(1, 2));
        pool.attach(VAULT, 1, 1, Optional.empty());
        Ipv4 moved = Ipv4.parse("10.99.0.77");
        pool.holdings(VAULT)
                .put(
                        "00000077",
                        new Holding(
                                "ENI eni-00000077",
                                List.of(new VpcMember(
                                        name(2), moved, VAULT.cidr().host(7))),
                                List.of()));

        assertThat(all(pool.wanted(1), NetObject.TunnelPeer.class))
                .singleElement()
                .satisfies(peer -> {
                    assertThat(peer.endpoint()).isEqualTo(moved);
                    assertThat(peer.peer()).isEqualTo(pool.keys.get(name(2)));
                });
    }

    @Test
    void aNodeWithoutAKeyIsToldAndBuildsNothing() throws Exception {
        Pool pool = new Pool();
        pool.cluster(VAULT, List.of(1, 2));
        pool.keys.remove(name(1));

        assertThatThrownBy(() -> pool.wanted(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node n1 is to be in an encrypted VPC, and can have no tunnels");
        assertThat(all(pool.wanted(2), NetObject.TunnelPeer.class)).isEmpty();
    }

    /** Nodes in no encrypted VPC of this one's are no peers, and everybody else with a key is; each state is reached from the last. */
    @Test
    void peersAreWhoeverIsMetInEncryptedVpcs() throws Exception {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        Pool machines = new Pool();
        for (int round = 0; round < 300; round++) {
            Pool pool = new Pool();
            for (VpcNetwork vpc : List.of(PLAIN, VAULT, SAFE)) {
                for (int node = 1; node <= NODES; node++) {
                    if (random.nextBoolean()) {
                        pool.attach(
                                vpc,
                                node,
                                node,
                                random.nextBoolean()
                                        ? Optional.empty()
                                        : Optional.of(new NamespaceFile("/run/netns/" + vpc.name())));
                    }
                }
            }
            for (int node = 1; node <= NODES; node++) {
                NetState wanted = pool.wanted(node);
                int self = node;
                Set<Ipv4> met = new TreeSet<>();
                pool.plugs(node).stream()
                        .filter(plug -> plug.vpc().encrypted())
                        .flatMap(plug -> pool.holdings(plug.vpc()).values().stream())
                        .map(holding -> holding.members().getFirst().underlay())
                        .filter(there -> !there.equals(underlay(self)))
                        .forEach(met::add);
                boolean tunnelled =
                        pool.plugs(node).stream().anyMatch(plug -> plug.vpc().encrypted());

                assertThat(all(wanted, NetObject.TunnelPeer.class))
                        .as("seed %d", seed)
                        .extracting(NetObject.TunnelPeer::endpoint)
                        .containsExactlyInAnyOrderElementsOf(met);
                assertThat(wanted.objects().containsKey("link:" + Tunnel.DEVICE))
                        .as("seed %d", seed)
                        .isEqualTo(tunnelled);
                MemoryMachine machine = machines.machine(node);
                machine.apply(NetPlanner.plan(machine.observe(), wanted));
                assertThat(machine.observe()).as("seed %d", seed).isEqualTo(wanted);
            }
        }
    }
}
