package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Inventory;
import dev.scc.cluster.TreeEntry;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InventoryTextTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final Ipv4 UNDERLAY = Ipv4.parse("10.99.0.1");
    private static final Nic ETH0 = new Nic("eth0", "02:00:00:00:00:01", 1500, "UP", List.of(UNDERLAY + "/24"));
    private static final Nic ETH1 = new Nic("eth1", "02:00:00:00:00:02", 1500, "UP", List.of());

    private static Inventory inventory(int nics, int devices, int needs) {
        NodeInventory has = NodeInventory.of(
                "6.1.0",
                2,
                1,
                Stream.concat(
                                IntStream.range(0, nics)
                                        .mapToObj(i -> new Nic("veth" + i, "02:00:00:00:00:03", 1500, "UP", List.of())),
                                Stream.of(ETH0, ETH1))
                        .toList(),
                Stream.concat(
                                IntStream.range(0, devices)
                                        .mapToObj(i -> new RdmaDevice(
                                                "r".repeat(50) + i,
                                                "n".repeat(50) + i,
                                                "A".repeat(60),
                                                4096,
                                                List.of())),
                                Stream.of(new RdmaDevice("rxe0", "eth1", "ACTIVE", 4096, List.of())))
                        .toList());
        return Inventory.of(
                N1,
                "eth1",
                "test",
                has.needing(IntStream.range(0, needs)
                        .mapToObj(i -> new Need(Cidr.parse("10.0.0.0/8"), Need.Kind.ROUTE, "via " + i))
                        .toList()));
    }

    private static Inventory written(Inventory inventory) {
        String text = InventoryText.of(inventory, UNDERLAY);
        assertThat(text.length()).isLessThanOrEqualTo(TreeEntry.INVENTORY.largest());
        return Json.read(text, Inventory.class);
    }

    @Test
    void whatFitsIsWrittenAsItIs() {
        Inventory small = inventory(3, 2, 4);

        assertThat(written(small)).isEqualTo(small);
    }

    /** Those that networks are made on are there, whatever else the node has. */
    @Test
    void ofTooMuchWhatDecidesStays() {
        for (Inventory large : List.of(inventory(400, 1, 0), inventory(0, 1, 400), inventory(0, 150, 0))) {
            Inventory known = written(large);

            assertThat(known.has().nics()).contains(ETH0, ETH1);
            assertThat(known.rdmaDevice().map(RdmaDevice::name)).contains("rxe0");
            assertThat(known.has().kernel()).isEqualTo("6.1.0");
        }
    }

    @Test
    void asMuchIsWrittenAsFits() {
        assertThat(written(inventory(0, 1, 400)).has().needs()).hasSizeGreaterThan(8);
        assertThat(written(inventory(400, 1, 0)).has().nics()).hasSizeGreaterThan(8);
        assertThat(written(inventory(0, 150, 0)).has().rdmaDevices()).hasSize(8);
        assertThat(written(inventory(400, 7, 0)).has().rdmaDevices()).hasSize(8);
    }

    @Test
    @Timeout(240)
    void whatHoweverLittleFitsNoEntryIsADefect() {
        List<String> many = IntStream.range(0, 2_000)
                .mapToObj(i -> Ipv4.parse("10.0.0.0").plus(i) + "/8")
                .toList();
        Nic crowded = new Nic("eth1", "02:00:00:00:00:02", 1500, "UP", many);
        List<RdmaDevice> devices = IntStream.range(0, 8)
                .mapToObj(i -> new RdmaDevice("rxe" + i, "eth1", "ACTIVE", 4096, List.of()))
                .toList();
        Inventory huge = Inventory.of(N1, "eth1", "test", NodeInventory.of("6.1.0", 2, 1, List.of(crowded), devices));

        assertThatThrownBy(() -> InventoryText.of(huge, UNDERLAY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("what n1 has fits no entry");
    }

    @Test
    void ofFindingsTheFirstStays() {
        List<Finding> findings = IntStream.range(0, 3)
                .mapToObj(i -> new Finding("rule" + i, Finding.Severity.WARNING, N1, "seen", "mend"))
                .toList();
        Inventory large = inventory(400, 1, 0);
        Inventory known = written(new Inventory(
                large.node(),
                large.rdmaNetdev(),
                large.version(),
                large.has(),
                large.repaired(),
                findings,
                large.unreached()));

        assertThat(known.findings()).containsExactly(findings.getFirst());
    }

    private static Inventory sized(int nics, int padding) {
        return Inventory.of(
                N1,
                "eth1",
                "test",
                NodeInventory.of(
                        "6".repeat(1 + padding),
                        2,
                        1,
                        IntStream.range(0, nics)
                                .mapToObj(i -> new Nic("veth" + i, "02:00:00:00:00:03", 1500, "UP", List.of()))
                                .toList(),
                        List.of()));
    }

    /** One whose text would have so many bytes. */
    private static Inventory full(int bytes) {
        int nics = 0;
        while (Json.write(sized(nics + 1, 0)).length() <= bytes) {
            nics++;
        }
        return sized(nics, bytes - Json.write(sized(nics, 0)).length());
    }

    @Test
    void anEntryMayBeFullToItsLastByteAndIsNotAfterThat() {
        Inventory largest = full(TreeEntry.INVENTORY.largest());
        Inventory larger = full(TreeEntry.INVENTORY.largest() + 1);

        assertThat(written(largest)).isEqualTo(largest);
        assertThat(Json.write(larger)).hasSize(16_385);
        int nics = larger.has().nics().size();
        assertThat(written(larger).has().nics()).hasSize(nics - nics / 8);
    }

    @Test
    void ofWhatThereIsLittleOfNothingIsLeftOut() {
        assertThat(written(inventory(0, 150, 8)).has().needs()).hasSize(8);
        assertThat(written(inventory(6, 150, 0)).has().nics()).hasSize(8);
        assertThat(written(inventory(400, 1, 0)).has().rdmaDevices())
                .extracting(RdmaDevice::netdev)
                .containsExactly("eth1", "n".repeat(50) + 0);
    }
}
