package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.Inventory;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.tree.Entry;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static final String N1 = Paths.assign(new NodeName("n1"));
    private static final String N2 = Paths.assign(new NodeName("n2"));

    private final Values values = new Values();

    private static Entry free(long epoch, int version) {
        return new Entry(Json.write(new Assignment.Free(epoch, 0)), version, 0);
    }

    private Assignment read(String path) {
        return values.held(path, Assignment.class).orElseThrow().value();
    }

    @Test
    void aTextThatIsTheSameIsNotUnderstoodAgainThoughItsVersionIsAnother() {
        values.update(N1, Optional.of(free(1, 0)));
        Assignment first = read(N1);
        values.clear();
        values.update(N1, Optional.of(free(1, 4)));

        assertThat(read(N1)).isSameAs(first);
        assertThat(values.held(N1, Assignment.class).orElseThrow().version()).isEqualTo(4);
        values.update(N1, Optional.of(free(2, 5)));
        assertThat(read(N1)).isEqualTo(new Assignment.Free(2, 0));
    }

    @Test
    void whatManyNodesHaveIsUnderstoodOnce() {
        values.update(N1, Optional.of(free(1, 0)));
        values.update(N2, Optional.of(free(1, 7)));

        assertThat(read(N2)).isSameAs(read(N1));
    }

    /** Of each text a value is kept for as long as it stands somewhere, whatever others say. */
    @Test
    void whatStandsSomewhereIsNotUnderstoodAgainHoweverMuchElseThereIs() {
        values.update(N1, Optional.of(free(1, 0)));
        Assignment first = read(N1);
        for (int epoch = 2; epoch < 300; epoch++) {
            values.update(N2, Optional.of(free(epoch, 0)));
            read(N2);
        }

        assertThat(read(N1)).isSameAs(first);
    }

    @Test
    void whatIsTooLargeOrNonsenseIsNamedUntilItIsMended() {
        values.update(N1, Optional.of(Entry.tooLarge(9_999_999, 1, 0)));
        values.update(N2, Optional.of(new Entry("nonsense", 0, 0)));
        assertThat(values.held(N1, Assignment.class)).isEmpty();
        assertThat(values.held(N2, Assignment.class)).isEmpty();
        assertThat(values.unread())
                .containsEntry(N1, "is not read: it has 9999999 bytes")
                .containsOnlyKeys(N1, N2);

        values.update(N1, Optional.of(free(1, 2)));
        values.update(N2, Optional.empty());
        assertThat(values.unread()).isEmpty();
        assertThat(values.held(N2, Assignment.class)).isEmpty();
        assertThat(read(N1)).isEqualTo(new Assignment.Free(1, 0));
    }

    @Test
    void whatHasGoneAndComesAgainIsUnderstoodAnew() {
        values.update(N1, Optional.of(free(1, 0)));
        read(N1);
        values.update(N1, Optional.of(Entry.tooLarge(1, 1, 0)));
        assertThat(values.held(N1, Assignment.class)).isEmpty();
        values.clear();
        values.trim();

        assertThat(values.held(N1, Assignment.class)).isEmpty();
        assertThat(values.unread()).isEmpty();
    }

    @Test
    void aRecordThatStandsUnderTheNameOfAnotherNodeIsNamedAndNotBelieved() {
        NodeName n1 = new NodeName("n1");
        values.update(N1, Optional.of(free(1, 0)));
        values.update(Paths.node(n1), Optional.of(record("n2")));

        assertThat(values.node(n1)).isEmpty();
        assertThat(values.unread()).containsKey(Paths.node(n1));
    }

    @Test
    void aNodeHasBothARecordAndAnAssignment() {
        NodeName n1 = new NodeName("n1");
        values.update(Paths.node(n1), Optional.of(record("n1")));
        assertThat(values.node(n1)).isEmpty();

        values.update(N1, Optional.of(free(1, 0)));
        assertThat(values.node(n1)).isPresent();
        values.update(Paths.node(n1), Optional.empty());
        assertThat(values.node(n1)).isEmpty();
    }

    @Test
    void anInventoryThatStandsUnderTheNameOfAnotherNodeIsNamedAndNotBelieved() {
        NodeName n1 = new NodeName("n1");
        Inventory others =
                Inventory.of(new NodeName("n2"), "eth1", "0.1", NodeInventory.of("6.1", 1, 1, List.of(), List.of()));
        values.update(Paths.node(n1), Optional.of(record("n1")));
        values.update(N1, Optional.of(free(1, 0)));
        values.update(Paths.inventory(n1), Optional.of(new Entry(Json.write(others), 0, 0)));

        assertThat(values.node(n1).orElseThrow().inventory()).isEmpty();
        assertThat(values.unread()).containsKey(Paths.inventory(n1));
    }

    private static Entry record(String name) {
        Alive machine = Alive.at("i1", Ipv4.parse("10.99.0.11"));
        return new Entry(Json.write(NodeRecord.enrolled(new NodeName(name), machine)), 0, 0);
    }

    @Test
    void aGroupThatStandsUnderTheNameOfAnotherIsNamedAndNotBelieved() {
        GroupName web = new GroupName("web");
        GroupRecord other = new GroupRecord(new GroupName("db"), new VpcName("lab"), List.of(), Optional.empty(), 0);
        values.update(Paths.group(web), Optional.of(new Entry(Json.write(other), 0, 0)));

        assertThat(values.group(web)).isEmpty();
        assertThat(values.unread()).containsEntry(Paths.group(web), "is group db");
    }

    private void understandOthers() {
        for (int epoch = 1_000; epoch < 1_300; epoch++) {
            values.update(N2, Optional.of(free(epoch, 0)));
            read(N2);
        }
    }

    /** A pool lives for years. */
    @Test
    void whatStandsNowhereAnyMoreIsForgottenSoonerOrLater() {
        values.update(N1, Optional.of(free(1, 0)));
        Assignment first = read(N1);
        values.update(N1, Optional.empty());
        understandOthers();
        values.update(N1, Optional.of(free(1, 0)));
        Assignment second = read(N1);
        assertThat(second).isEqualTo(first).isNotSameAs(first);

        values.clear();
        values.trim();
        understandOthers();
        values.update(N1, Optional.of(free(1, 0)));
        assertThat(read(N1)).isEqualTo(second).isNotSameAs(second);
    }

    @Test
    void ofTheTextsOfManyNodesTheUsualOnesAreUnderstoodOnce() {
        String n3 = Paths.assign(new NodeName("n3"));
        values.update(N1, Optional.of(free(1, 0)));
        values.update(N2, Optional.of(free(2, 0)));
        values.update(n3, Optional.of(free(1, 3)));

        Assignment first = read(N1);
        read(N2);
        assertThat(read(n3)).isSameAs(first);
    }

    private static final VpcName LAB = new VpcName("lab");

    private static Entry vpc(String name) {
        return new Entry(
                Json.write(new VpcRecord(
                        new VpcName(name), new Vni(5_000), Cidr.parse("172.20.0.0/24"), 1_450, Optional.empty(), 0)),
                3,
                0);
    }

    @Test
    void aVpcIsThereWithThoseInItWhomSomebodyUnderstands() {
        Holding holding = new Holding("cluster demo", List.of(), List.of());
        values.update(Paths.vpc(LAB), Optional.of(vpc("lab")));
        values.update(Paths.vpc(LAB) + "/cluster-70", Optional.of(new Entry(Json.write(holding), 4, 0)));
        values.update(Paths.vpc(LAB) + "/cluster-71", Optional.of(new Entry("nonsense", 0, 0)));
        values.update(
                Paths.vpc(new VpcName("lab2")) + "/cluster-72", Optional.of(new Entry(Json.write(holding), 0, 0)));

        Vpc lab = values.vpc(LAB).orElseThrow();

        assertThat(lab.value().name()).isEqualTo(LAB);
        assertThat(lab.holdings()).containsOnlyKeys("cluster-70");
        assertThat(lab.holdings().get("cluster-70")).isEqualTo(new Held<>(holding, 4));
        assertThat(values.unread()).containsOnlyKeys(Paths.vpc(LAB) + "/cluster-71");
    }

    @Test
    void aVpcThatStandsUnderTheNameOfAnotherIsNamedAndNotBelieved() {
        values.update(Paths.vpc(LAB), Optional.of(vpc("other")));

        assertThat(values.vpc(LAB)).isEmpty();
        assertThat(values.unread()).containsEntry(Paths.vpc(LAB), "is VPC other");
    }

    @Test
    void whatANodeSaysThatNobodyUnderstandsIsKnownOfIt() {
        NodeName n1 = new NodeName("n1");
        values.update(Paths.node(n1), Optional.of(record("n1")));
        values.update(N1, Optional.of(free(1, 0)));
        values.update(Paths.status(n1), Optional.of(new Entry("nonsense", 0, 0)));
        assertThat(values.node(n1).orElseThrow().outOfService().orElseThrow()).startsWith("/scc/status/n1 is not ");

        values.update(Paths.status(n1), Optional.empty());
        values.update(Paths.inventory(n1), Optional.of(new Entry("nonsense", 0, 0)));
        assertThat(values.node(n1).orElseThrow().outOfService().orElseThrow())
                .startsWith("/scc/nodes/n1/inventory is not ");

        values.update(Paths.inventory(n1), Optional.empty());
        Node node = values.node(n1).orElseThrow();
        assertThat(node.outOfService()).isEmpty();
        assertThat(node.alive()).isFalse();
        values.update(Paths.alive(n1), Optional.of(new Entry("", 0, 7)));
        assertThat(values.node(n1).orElseThrow().alive()).isTrue();
    }

    @Test
    void aNodesEnisAreThereWithWhatItSaidOfThem() {
        NodeName n1 = new NodeName("n1");
        PlugStatus said = new PlugStatus(2, Optional.empty());
        values.update(Paths.plugged(n1), Optional.of(new Entry(Json.write(said), 0, 0)));
        assertThat(values.enis(n1)).isEmpty();

        values.update(Paths.plugs(n1), Optional.of(new Entry(Json.write(NodePlugs.NONE), 5, 0)));

        assertThat(values.enis(n1)).contains(new NodeEnis(new Held<>(NodePlugs.NONE, 5), Optional.of(said)));
    }

    @Test
    void whatStandsUnderItsOwnNameIsNotNamed() {
        NodeName n1 = new NodeName("n1");
        GroupName web = new GroupName("web");
        values.update(Paths.node(n1), Optional.of(record("n1")));
        values.update(N1, Optional.of(free(1, 0)));
        values.update(
                Paths.group(web),
                Optional.of(new Entry(Json.write(new GroupRecord(web, LAB, List.of(), Optional.empty(), 0)), 0, 0)));
        values.update(Paths.vpc(LAB), Optional.of(vpc("lab")));

        assertThat(values.node(n1)).isPresent();
        assertThat(values.group(web)).isPresent();
        assertThat(values.vpc(LAB)).isPresent();
        assertThat(values.unread()).isEmpty();
    }

    @Test
    void whoIsInAVpcIsThereWhereverThatStandsAmongAllEntries() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put(
                Paths.vpc(LAB) + "/cluster-70",
                new Entry(Json.write(new Holding("cluster demo", List.of(), List.of())), 0, 0));
        entries.put(Paths.vpc(LAB), vpc("lab"));

        assertThat(new Values(entries).vpc(LAB).orElseThrow().holdings()).containsOnlyKeys("cluster-70");
    }
}
