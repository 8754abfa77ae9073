package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestbedSpecTest {
    @Test
    void nodesAreNumberedFromOneAndAddressedFromEleven() {
        assertThat(TestbedSpec.bare(16).all())
                .extracting(node -> node.name() + " " + node.address())
                .startsWith("n1 10.99.0.11", "n2 10.99.0.12")
                .endsWith("n16 10.99.0.26")
                .hasSize(16);
    }

    @ParameterizedTest
    @CsvSource({"-1, vm, 16", "0, vm, 16", "17, vm, 16", "129, netns, 128", "0, netns, 128", "10001, sim, 10000"})
    void aNumberOfNodesOutOfRangeIsRefused(int nodes, String word, int most) {
        assertThatThrownBy(() -> new TestbedSpec(nodes, kind(word), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a testbed of kind " + word + " has 1 to " + most + " nodes, not " + nodes);
    }

    @Test
    void eachServerHasAnAddressOfTheHosts() {
        List<String> server = List.of("server");

        assertThat(TestbedSpec.bare(1).hosts()).extracting(Object::toString).containsExactly("10.99.0.1");
        assertThat(new TestbedSpec(1, NodeKind.bareGuests(), List.of(server, server, server)).hosts())
                .extracting(Object::toString)
                .containsExactly("10.99.0.1", "10.99.0.2", "10.99.0.3");
        assertThatThrownBy(() -> new TestbedSpec(1, NodeKind.bareGuests(), Collections.nCopies(6, server)))
                .hasMessage("a testbed has at most 5 servers, not 6");
    }

    private static NodeKind kind(String word) {
        return switch (word) {
            case "vm" -> NodeKind.bareGuests();
            case "netns" -> new NodeKind.Netns(List.of());
            default -> new NodeKind.Sim(List.of());
        };
    }

    @Test
    void asManyNodesAsThereMayBeHaveAddressesOfTheirOwnInTheSubnet() {
        List<TestbedNode> all = new TestbedSpec(10_000, new NodeKind.Sim(List.of()), List.of()).all();

        assertThat(all.stream().map(TestbedNode::address))
                .doesNotHaveDuplicates()
                .doesNotContain(TestbedNode.HOST)
                .allMatch(TestbedNode.subnet()::contains);
    }

    @Test
    void theNamespaceOfANodeIsNotThatOfAnotherTestbed() {
        TestbedName a = new TestbedName("a");
        TestbedName longer = new TestbedName("a-n1");

        assertThat(a.namespace(new NodeName("n1"))).isEqualTo("scc-a.n1").isNotEqualTo(longer.namespace());
        assertThat(a.isOfNode("scc-a.n1")).isTrue();
        assertThat(a.isOfNode(longer.namespace())).isFalse();
        assertThat(a.isOfNode(longer.namespace(new NodeName("n1")))).isFalse();
    }

    @Test
    void aGuestTooSmallToBootIsRefused() {
        assertThatThrownBy(() -> new NodeKind.Vm(64, node -> List.of(), _ -> Map.of(), HostFiles.NONE))
                .hasMessage("a guest needs at least 256 MiB of memory, not 64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a b", "a/b", "..", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void aNameThatIsNoNamespacesNameIsRefused(String name) {
        assertThatThrownBy(() -> new TestbedName(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void twoNodesShareNoTapAndNoMac() {
        List<TestbedNode> all = new TestbedSpec(128, new NodeKind.Netns(List.of()), List.of()).all();

        assertThat(all.stream().flatMap(node -> List.of(node.underlayPort(), node.fabricPort()).stream()))
                .doesNotHaveDuplicates();
        assertThat(all.stream().flatMap(node -> List.of(node.underlayMac(), node.fabricMac()).stream()))
                .doesNotHaveDuplicates()
                .contains("52:54:00:99:00:10");
    }

    @Test
    void guestsAreNotShownTheWholeHost() {
        for (String path : List.of("/", "/tmp/..", "relative")) {
            assertThatThrownBy(() -> new HostFiles(List.of(Path.of(path)), List.of()))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(path);
        }
    }
}
