package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.Entry;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WorldTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final VpcName LAB = new VpcName("lab");

    private static World unread(String... paths) {
        Map<String, String> unread = new TreeMap<>();
        List.of(paths).forEach(path -> unread.put(path, "is nothing"));
        return new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(),
                new TreeMap<>(),
                unread);
    }

    @Test
    void whatNobodyUnderstandsOfNodesAndClustersMayUseAnyNetwork() {
        for (String path : List.of(Paths.node(N1), Paths.assign(N1), Paths.cluster(DEMO))) {
            assertThat(unread(path).hides()).as(path).isTrue();
            assertThat(unread(path).uses(70)).as(path).isTrue();
            assertThat(unread(Paths.status(N1), path).hides()).as(path).isTrue();
        }
        for (String path : List.of(Paths.status(N1), Paths.inventory(N1), Paths.vpc(LAB), Paths.request("r"))) {
            assertThat(unread(path).hides()).as(path).isFalse();
            assertThat(unread(path).uses(70)).as(path).isFalse();
        }
    }

    @Test
    void whatIsHiddenIsHiddenByItsName() {
        assertThat(unread(Paths.node(N1)).hides(N1)).isTrue();
        assertThat(unread(Paths.assign(N1)).hides(N1)).isTrue();
        assertThat(unread(Paths.status(N1)).hides(N1)).isFalse();
        assertThat(unread(Paths.node(N1), Paths.assign(N1)).hides(N2)).isFalse();
        assertThat(unread(Paths.cluster(DEMO)).hides(DEMO)).isTrue();
        assertThat(unread(Paths.cluster(DEMO)).hides(new ClusterName("other"))).isFalse();
    }

    @Test
    void aVpcIsHiddenWithWhatIsBelowIt() {
        assertThat(unread(Paths.vpc(LAB)).hides(LAB)).isTrue();
        assertThat(unread(Paths.vpc(LAB) + "/cluster-70").hides(LAB)).isTrue();
        assertThat(unread(Paths.vpc(new VpcName("lab2"))).hides(LAB)).isFalse();
        assertThat(unread(Paths.vpc(LAB)).hidesVpcs()).isTrue();
        assertThat(unread(Paths.node(N1)).hidesVpcs()).isFalse();
        assertThat(unread(Paths.group(new GroupName("web"))).hidesGroups()).isTrue();
        assertThat(unread(Paths.vpc(LAB)).hidesGroups()).isFalse();
    }

    private static Node node(Assignment assignment) {
        return new Node(
                new Held<>(NodeRecord.enrolled(N1, Alive.at("i", Ipv4.parse("10.99.0.1"))), 0),
                new Held<>(assignment, 0),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    @Test
    void aNetworkIsUsedByAClusterAndByANodeThatMayCarryIt() {
        ClusterRecord demo = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(N1), 0, "r");
        World ofCluster = new World(
                new TreeMap<>(), new TreeMap<>(Map.of(DEMO, new Held<>(demo, 0))), new Held<>(Pools.empty(), 0));
        World ofNode = new World(
                new TreeMap<>(Map.of(N1, node(new Assignment.Leave(1, DEMO, 71)))),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0));

        assertThat(ofCluster.uses(70)).isTrue();
        assertThat(ofCluster.uses(71)).isFalse();
        assertThat(ofNode.uses(71)).isTrue();
        assertThat(ofNode.uses(70)).isFalse();
    }

    private static Plug plug(String eni, int slot, Plug.Phase phase) {
        int vni = 5_000 + eni.length();
        return new Plug(
                EniId.of(eni),
                new VpcNetwork("vpc" + vni, new Vni(vni), Cidr.parse("172.20.0.0/24"), Optional.of(1_450)),
                Ipv4.parse("172.20.0.0").plus(slot),
                slot,
                phase,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static NodeEnis enis(Plug... plugs) {
        return new NodeEnis(new Held<>(new NodePlugs(List.of(plugs)), 0), Optional.empty());
    }

    /** Ada's ENI goes from n2 to n1; Eve's is on n1. */
    @Test
    void anEniThatMovesIsWhereItIsUntilItIsThereAndItsSlotIsKeptWhereItGoes() {
        Plug here = plug("adas", 2, Plug.Phase.LEAVING);
        Plug awaited = plug("adas", 3, Plug.Phase.AWAITED);
        Plug eves = plug("eve", 4, Plug.Phase.ATTACHED);
        World world = new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(),
                new TreeMap<>(Map.of(N1, enis(awaited, eves), N2, enis(here))),
                Map.of());

        assertThat(world.placeOf(EniId.of("adas"))).contains(N2);
        assertThat(world.awaits(EniId.of("adas"))).contains(N1);
        assertThat(world.placeOf(EniId.of("eve"))).contains(N1);
        assertThat(world.awaits(EniId.of("eve"))).isEmpty();
        assertThat(world.plug(EniId.of("eve"))).contains(eves);
        assertThat(world.plug(EniId.of("adas"))).contains(awaited);
        assertThat(world.plug(EniId.of("nobodys"))).isEmpty();
        assertThat(world.placeOf(EniId.of("nobodys"))).isEmpty();
        assertThat(world.awaits(EniId.of("nobodys"))).isEmpty();
        assertThat(world.plugs(N1).plugs()).containsExactly(awaited, eves);
        assertThat(world.plugs(new NodeName("n3"))).isEqualTo(NodePlugs.NONE);
    }

    @Test
    void anEniIsAwaitedWhereverThatNodeStandsInTheList() {
        World world = new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(Pools.empty(), 0),
                new TreeMap<>(),
                new TreeMap<>(Map.of(
                        N1, enis(plug("adas", 2, Plug.Phase.LEAVING)), N2, enis(plug("adas", 3, Plug.Phase.AWAITED)))),
                Map.of());

        assertThat(world.placeOf(EniId.of("adas"))).contains(N1);
        assertThat(world.awaits(EniId.of("adas"))).contains(N2);
    }

    @Test
    void whatNobodyUnderstandsOfANodesEnisIsHidden() {
        assertThat(unread(Paths.plugs(N1)).hidesEnis()).isTrue();
        assertThat(unread(Paths.node(N1), Paths.plugs(N2)).hidesEnis()).isTrue();
        assertThat(unread(Paths.plugged(N1)).hidesEnis()).isFalse();
        assertThat(unread().hidesEnis()).isFalse();
    }

    @Test
    void ofSeveralWhoMayUseANetworkEachCounts() {
        World two = new World(
                new TreeMap<>(
                        Map.of(N1, node(new Assignment.Free(1, 0)), N2, node(new Assignment.Serve(1, DEMO, 1, 71)))),
                new TreeMap<>(Map.of(
                        DEMO,
                        new Held<>(ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(N1), 0, "r"), 0),
                        new ClusterName("other"),
                        new Held<>(ClusterRecord.begun(ClusterSpec.of("other", 1), 72, List.of(N2), 0, "r"), 0))),
                new Held<>(Pools.empty(), 0));

        assertThat(List.of(two.uses(69), two.uses(70), two.uses(71), two.uses(72)))
                .containsExactly(false, true, true, true);
        assertThat(two.without(List.of(two.nodes().firstEntry().getValue())).nodes())
                .containsOnlyKeys(N2);
    }

    @Test
    void aNodeWhoseSwitchPortIsOpenIsNotClean() {
        Node clean = new Node(
                new Held<>(NodeRecord.enrolled(N1, Alive.at("i", Ipv4.parse("10.99.0.1"))), 0),
                new Held<>(new Assignment.Free(1, 0), 0),
                Optional.of(new NodeStatus(0, new NodeStatus.Clean(), List.of())),
                Optional.empty(),
                true);
        World world =
                new World(new TreeMap<>(Map.of(N1, clean, N2, clean)), new TreeMap<>(), new Held<>(Pools.empty(), 0));

        World open = world.notClean(Map.of(N1, Optional.of("no answer"), new NodeName("n9"), Optional.empty()));

        assertThat(open.nodes()).containsOnlyKeys(N1, N2);
        assertThat(open.nodes().get(N1))
                .satisfies(node -> assertThat(node.clean()).isFalse());
        assertThat(open.nodes().get(N2))
                .satisfies(node -> assertThat(node.clean()).isTrue());
    }

    @Test
    void whatIsHiddenIsHiddenWhateverElseIs() {
        World hidden = unread(Paths.node(N1), Paths.vpc(LAB), Paths.group(new GroupName("web")));

        assertThat(hidden.hides(LAB)).isTrue();
        assertThat(hidden.hidesVpcs()).isTrue();
        assertThat(hidden.hidesGroups()).isTrue();
    }

    @Test
    void oneNodeIsThereAsItsEntriesSay() {
        Map<String, Entry> entries = Map.of(
                Paths.node(N1),
                new Entry(Json.write(NodeRecord.enrolled(N1, Alive.at("i", Ipv4.parse("10.99.0.1")))), 0, 0),
                Paths.assign(N1),
                new Entry(Json.write(new Assignment.Free(1, 0)), 0, 0));

        assertThat(World.node(N1, entries)).map(Node::name).contains(N1);
        assertThat(World.node(N2, entries)).isEmpty();
    }
}
