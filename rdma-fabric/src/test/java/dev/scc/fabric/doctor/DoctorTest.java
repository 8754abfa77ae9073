package dev.scc.fabric.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.doctor.NodeFacts.Clock;
import dev.scc.host.Json;
import dev.scc.host.net.Firewall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoctorTest {
    private static final String MLX5 = "sys/class/infiniband/mlx5_0/";

    @TempDir
    Path directory;

    /** A healthy node, and what is planted in it. */
    record Plant(String rule, String tree, UnaryOperator<CapturedNode> node, UnaryOperator<NodeFacts> facts) {
        Plant(String rule, String tree, UnaryOperator<CapturedNode> node) {
            this(rule, tree, node, facts -> facts);
        }

        @Override
        public String toString() {
            return rule;
        }
    }

    static Stream<Plant> plants() {
        return Stream.of(
                new Plant("port-down", "rxe", node -> node.set("sys/class/infiniband/rxe0/ports/1/state", "1: DOWN")),
                new Plant("infiniband", "mlx5", node -> node.set(MLX5 + "ports/1/link_layer", "InfiniBand")),
                new Plant("gid-missing", "rxe", node -> node.remove("sys/class/infiniband/rxe0/ports/1/gids/2")),
                new Plant("gid-type", "mlx5", node -> node.set(MLX5 + "ports/1/gid_attrs/types/2", "IB/RoCE v1")),
                new Plant("gid-zero", "mlx5", DoctorTest::secondRailWithoutAddress),
                new Plant("gid-renumbered", "rxe", node -> node.noted(7)),
                new Plant(
                        "gid-namespace",
                        "rxe",
                        node -> node.set("sys/class/infiniband/rxe0/ports/1/gid_attrs/ndevs/1", "veth7")),
                new Plant("netns-mode", "rxe", node -> node.set("sys/module/ib_core/parameters/netns_mode", "N")),
                new Plant("mtu-small", "mlx5", node -> node.set("sys/class/net/ens1f0np0/mtu", "1500")),
                new Plant("arp-flux", "mlx5", node -> secondRail(node)),
                new Plant(
                        "rp-filter",
                        "mlx5",
                        node -> secondRail(node)
                                .set("proc/sys/net/ipv4/conf/all/arp_ignore", "1")
                                .set("proc/sys/net/ipv4/conf/all/arp_announce", "2")
                                .set("proc/sys/net/ipv4/conf/ens1f1np1/rp_filter", "1")),
                new Plant(
                        "neighbour-failed",
                        "rxe",
                        node -> node.set(
                                "proc/thread-self/net/arp",
                                "IP address HW type Flags HW address Mask Device\n10.70.0.9 0x1 0x0 00:00:00:00:00:00 * eth1.70")),
                new Plant("bond-slave", "mlx5", node -> node.set("sys/class/net/ens1f0np0/master/bonding/mode", "x")),
                new Plant(
                        "vlan-egress",
                        "mlx5",
                        node -> node.set("proc/thread-self/net/vlan/ens1f0np0.70", "x\n EGRESS priority mappings: ")),
                new Plant(
                        "cm-tos",
                        "bnxt_re",
                        node -> node.set("sys/kernel/config/rdma_cm/bnxt_re0/ports/1/default_roce_tos", "0")),
                new Plant(
                        "cm-tos-differs",
                        "mlx5",
                        node -> node.traffic("0:3,2:3", Optional.of(26))
                                .set("sys/kernel/config/rdma_cm/mlx5_0/ports/1/default_roce_tos", "0")),
                new Plant(
                        "pfc-off",
                        "mlx5",
                        node -> node.traffic("0:3,2:3", Optional.of(26)).flow("ens1f0np0", List.of(0, 4), true)),
                new Plant(
                        "trust",
                        "mlx5",
                        node -> node.traffic("0:3", Optional.empty()).set("sys/class/net/ens1f0np0/qos/trust", "dscp")),
                new Plant("firewall", "rxe", node -> node.dropping(new Firewall.Drop("inet", "filter", "input", 7))),
                new Plant("ecn-off", "mlx5", node -> node.set("sys/class/net/ens1f0np0/ecn/roce_np/enable/3", "0")),
                new Plant("link-flaps", "irdma", node -> node.set("sys/class/net/ens2f0/carrier_changes", "4711")),
                new Plant("loss-rising", "bnxt_re", node -> node, facts -> risen(facts, "to_retransmits")),
                new Plant(
                        "memlock",
                        "rxe",
                        node -> node.set(
                                "proc/self/limits",
                                "Max locked memory         65536                65536                bytes")),
                new Plant("provider-missing", "irdma", node -> node.remove("etc/libibverbs.d/irdma.driver")),
                new Plant(
                        "provider-abi",
                        "irdma",
                        node -> node.set("sys/class/infiniband_verbs/uverbs0/abi_version", "6")),
                new Plant("verbs-library", "rxe", node -> node.withoutVerbs("libdisni.so cannot be used")),
                new Plant("iommu", "mlx5", node -> node.set(MLX5 + "device/iommu_group/type", "DMA-FQ")),
                new Plant("relaxed-ordering", "mlx5", node -> node, facts -> pci(facts, Optional.of(false), "")),
                new Plant("acs", "mlx5", node -> node, facts -> pci(facts, Optional.of(true), "0000:3a:00.0")),
                new Plant("pcie-degraded", "mlx5", node -> node.set(MLX5 + "device/current_link_width", "8")),
                new Plant("peer-memory", "mlx5", node -> node.set("sys/module/nvidia/version", "550")),
                new Plant("clock-skew", "rxe", node -> node, facts -> facts.with(new Clock(-5_000, 100))));
    }

    @ParameterizedTest
    @MethodSource("plants")
    void ofWhatIsPlantedJustThatIsFoundAndHowToMendIt(Plant plant) throws IOException {
        NodeFacts facts =
                plant.facts().apply(plant.node().apply(node(plant.tree())).facts("n1"));

        assertThat(Doctor.examine(List.of(facts), Set.of())).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(plant.rule());
            assertThat(finding.evidence()).isNotEmpty();
            assertThat(finding.fix()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"rxe", "mlx5", "irdma", "bnxt_re"})
    void aHealthyNodeGivesNoFinding(String tree) throws IOException {
        NodeFacts facts = node(tree).noted(2).facts("n1").with(new Clock(300, 400));

        assertThat(Doctor.examine(List.of(facts), Set.of())).isEmpty();
        assertThat(Json.read(Json.write(facts), NodeFacts.class)).isEqualTo(facts);
        assertThat(facts.devices())
                .singleElement()
                .satisfies(device -> assertThat(device.provider()).isEqualTo(tree));
    }

    /** Where the site has chosen a class, what is there agrees with it. */
    @Test
    void adaptersThatKeepTheSitesClassGiveNoFinding() throws IOException {
        CapturedNode node = node("mlx5").traffic("0:3,2:3", Optional.of(26)).flow("ens1f0np0", List.of(3), true);

        NodeFacts facts = node.facts("n1");

        assertThat(Doctor.examine(List.of(facts), Set.of())).isEmpty();
        assertThat(Json.read(Json.write(facts), NodeFacts.class)).isEqualTo(facts);
    }

    @Test
    void byVlansPrioritiesADscpAloneIsNotSeen() throws IOException {
        CapturedNode node = node("mlx5")
                .traffic("", Optional.of(26))
                .flow("ens1f0np0", List.of(3), false)
                .set("proc/thread-self/net/vlan/ens1f0np0.70", "x\n EGRESS priority mappings: 0:3");

        assertThat(Doctor.examine(List.of(node.facts("n1")), Set.of()))
                .extracting(Finding::rule, Finding::fix)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("trust", "mlnx_qos -i ens1f0np0 --trust dscp"));
    }

    @Test
    void theCommandsForAClassNameItsValues() throws IOException {
        CapturedNode node = node("mlx5")
                .traffic("0:3,2:3", Optional.of(26))
                .flow("ens1f0np0", List.of(), true)
                .set("sys/kernel/config/rdma_cm/mlx5_0/ports/1/default_roce_tos", "0");

        assertThat(Doctor.examine(List.of(node.facts("n1")), Set.of()))
                .extracting(Finding::fix)
                .containsExactlyInAnyOrder(
                        "mkdir -p /sys/kernel/config/rdma_cm/mlx5_0 && echo 104 >"
                                + " /sys/kernel/config/rdma_cm/mlx5_0/ports/1/default_roce_tos",
                        "dcb pfc set dev ens1f0np0 prio-pfc 3:on");
    }

    /** A member has the type of service of its site's class, and a free node has not. */
    @Test
    void membersDoNotDifferFromFreeNodesByTheirTypeOfService() throws IOException {
        List<NodeFacts> nodes = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            CapturedNode node = node("mlx5").traffic("0:3,2:3", Optional.of(26));
            if (i == 4) {
                node.set("sys/kernel/config/rdma_cm/mlx5_0/ports/1/default_roce_tos", "0");
            }
            NodeFacts facts = node.facts("n" + i);
            nodes.add(i == 4 ? free(facts) : facts);
        }

        assertThat(Doctor.examine(nodes, Set.of())).isEmpty();
    }

    private static NodeFacts free(NodeFacts facts) {
        return new NodeFacts(
                facts.node(),
                facts.host(),
                facts.netdevs(),
                facts.devices(),
                facts.verbsProblem(),
                Optional.empty(),
                facts.clock(),
                facts.traffic(),
                facts.firewall());
    }

    @Test
    void aFirewallDoesNotMatterToAdapters() throws IOException {
        CapturedNode node = node("mlx5").dropping(new Firewall.Drop("inet", "filter", "input", 7));

        assertThat(Doctor.examine(List.of(node.facts("n1")), Set.of())).isEmpty();
    }

    @Test
    void everyRuleHasAPlantThatFiresIt() {
        Set<String> planted = new TreeSet<>(Set.of("mtu-unequal", "differs"));
        plants().forEach(plant -> planted.add(plant.rule()));

        assertThat(planted).containsExactlyInAnyOrderElementsOf(Doctor.rules());
    }

    @Test
    void membersWhoseLinksTakeLessThanOthersAreNamed() throws IOException {
        List<NodeFacts> nodes = List.of(
                node("rxe").facts("n1"),
                node("rxe").put("eth1.70 1500 10.70.0.1/24").facts("n2"));

        assertThat(Doctor.examine(nodes, Set.of())).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("mtu-unequal");
            assertThat(finding.node().value()).isEqualTo("n2");
            assertThat(finding.fix()).isEqualTo("ip link set dev eth1.70 mtu 4200");
        });
    }

    @Test
    void whatOneOfManyHasDifferentlyIsNamedWithoutARule() throws IOException {
        List<NodeFacts> nodes = new ArrayList<>();
        for (int i = 1; i <= 64; i++) {
            CapturedNode node = node("mlx5");
            if (i == 17) {
                node.set(MLX5 + "fw_ver", "20.28.1002").set("proc/sys/net/core/rmem_max", "4096");
            }
            nodes.add(node.facts("n" + i));
        }

        List<Finding> findings = Doctor.examine(nodes, Set.of());

        assertThat(findings)
                .extracting(Finding::evidence)
                .containsExactly(
                        "device mlx5_0 firmware is 20.28.1002; 63 of 64 nodes have 20.31.1014",
                        "sysctl net.core.rmem_max is 4096; 63 of 64 nodes have 212992");
        assertThat(findings).extracting(finding -> finding.node().value()).containsOnly("n17");
        assertThat(findings.getLast().fix()).isEqualTo("sysctl -w net.core.rmem_max=212992");
        assertThat(Doctor.examine(nodes, Set.of("device mlx5_0 firmware"))).hasSize(1);
    }

    @Test
    void ofTwoNodesNeitherIsTheMajority() throws IOException {
        List<NodeFacts> nodes = List.of(
                node("rxe").facts("n1"),
                node("rxe").set("proc/sys/kernel/osrelease", "5.10").facts("n2"));

        assertThat(Doctor.examine(nodes, Set.of())).isEmpty();
    }

    private CapturedNode node(String tree) throws IOException {
        return new CapturedNode(tree + ".tree", Files.createTempDirectory(directory, tree));
    }

    private static CapturedNode secondRail(CapturedNode node) {
        secondRailWithoutAddress(node);
        String port = "sys/class/infiniband/mlx5_1/ports/1/";
        return node.put("ens1f1np1 4200 10.50.0.101/24")
                .set(port + "gids/0", "0000:0000:0000:0000:0000:ffff:0a32:0065")
                .set(port + "gid_attrs/types/0", "RoCE v2")
                .set(port + "gid_attrs/ndevs/0", "ens1f1np1");
    }

    private static CapturedNode secondRailWithoutAddress(CapturedNode node) {
        String device = "sys/class/infiniband/mlx5_1/";
        return node.put("ens1f1np1 4200")
                .set("sys/class/net/ens1f1np1/mtu", "4200")
                .set(device + "ports/1/state", "4: ACTIVE")
                .set(device + "ports/1/link_layer", "Ethernet")
                .set(device + "device/uevent", "DRIVER=mlx5_core\nPCI_SLOT_NAME=0000:3b:00.1")
                .set(device + "device/net/ens1f1np1/mtu", "4200");
    }

    private static NodeFacts risen(NodeFacts facts, String counter) {
        return withDevice(
                facts,
                device -> new NodeFacts.Device(
                        device.device(),
                        device.provider(),
                        device.firmware(),
                        device.linkLayer(),
                        device.abi(),
                        device.defaultTos(),
                        device.pci(),
                        LossCounters.risen(Map.of(counter, 7L), new TreeMap<>(Map.of(counter, 9L)))));
    }

    private static NodeFacts pci(NodeFacts facts, Optional<Boolean> relaxed, String acs) {
        return withDevice(facts, device -> {
            NodeFacts.Pci pci = device.pci().orElseThrow();
            return new NodeFacts.Device(
                    device.device(),
                    device.provider(),
                    device.firmware(),
                    device.linkLayer(),
                    device.abi(),
                    device.defaultTos(),
                    Optional.of(new NodeFacts.Pci(
                            pci.slot(),
                            pci.speed(),
                            pci.width(),
                            pci.mostSpeed(),
                            pci.mostWidth(),
                            pci.numaNode(),
                            pci.iommu(),
                            relaxed,
                            acs)),
                    device.risen());
        });
    }

    private static NodeFacts withDevice(NodeFacts facts, UnaryOperator<NodeFacts.Device> change) {
        return new NodeFacts(
                facts.node(),
                facts.host(),
                facts.netdevs(),
                facts.devices().stream().map(change).toList(),
                facts.verbsProblem(),
                facts.segment(),
                facts.clock(),
                facts.traffic(),
                facts.firewall());
    }
}
