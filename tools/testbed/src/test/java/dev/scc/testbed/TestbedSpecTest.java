package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    @ValueSource(ints = {-1, 0, 17})
    void aNumberOfNodesOutOfRangeIsRefused(int nodes) {
        assertThatThrownBy(() -> TestbedSpec.bare(nodes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a testbed has 1 to 16 nodes, not " + nodes);
    }

    @Test
    void eachServerHasAnAddressOfTheHosts() {
        List<String> server = List.of("server");

        assertThat(TestbedSpec.bare(1).hosts()).extracting(Object::toString).containsExactly("10.99.0.1");
        assertThat(new TestbedSpec(1, 256, node -> List.of(), List.of(server, server, server)).hosts())
                .extracting(Object::toString)
                .containsExactly("10.99.0.1", "10.99.0.2", "10.99.0.3");
        assertThatThrownBy(() -> new TestbedSpec(1, 256, node -> List.of(), Collections.nCopies(6, server)))
                .hasMessage("a testbed has at most 5 servers, not 6");
    }

    @Test
    void aGuestTooSmallToBootIsRefused() {
        assertThatThrownBy(() -> new TestbedSpec(1, 64, node -> List.of(), List.of()))
                .hasMessage("a guest needs at least 256 MiB of memory, not 64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a b", "a/b", "..", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void aNameThatIsNoNamespacesNameIsRefused(String name) {
        assertThatThrownBy(() -> new TestbedName(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void twoNodesShareNoTapAndNoMac() {
        List<TestbedNode> all = TestbedSpec.bare(16).all();

        assertThat(all.stream().flatMap(node -> List.of(node.underlayTap(), node.fabricTap()).stream()))
                .doesNotHaveDuplicates();
        assertThat(all.stream().flatMap(node -> List.of(node.underlayMac(), node.fabricMac()).stream()))
                .doesNotHaveDuplicates()
                .contains("52:54:00:99:00:10");
    }
}
