package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeTunnelTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final NodeName N4 = new NodeName("n4");

    private static TunnelKey key(char letter) {
        return new TunnelKey(String.valueOf(letter).repeat(42) + "A=");
    }

    private static NodeTunnel tunnel(char letter) {
        return new NodeTunnel(key(letter));
    }

    @Test
    void aNodeKnowsItselfAndWhomItMeetsIfTheyHaveSaidAKey() {
        assertThat(NodeTunnel.keys(
                        N1,
                        Optional.of(key('a')),
                        List.of(N1, N2, N3),
                        Map.of("n1", tunnel('z'), "n2", tunnel('b'), "n4", tunnel('d'))))
                .isEqualTo(Map.of(N1, key('a'), N2, key('b')));
    }

    /** Class of hole: what others send in one's place. What is public anybody can say. */
    @Test
    void whoeverSaysAnothersKeyIsNotReachedAndTakesNobodysPlace() {
        assertThat(NodeTunnel.keys(
                        N1,
                        Optional.of(key('a')),
                        List.of(N2, N3, N4),
                        Map.of("n2", tunnel('b'), "n3", tunnel('a'), "n4", tunnel('d'))))
                .isEqualTo(Map.of(N1, key('a'), N2, key('b'), N4, key('d')));
        assertThat(NodeTunnel.keys(
                        N1,
                        Optional.of(key('a')),
                        List.of(N2, N3, N4),
                        Map.of("n2", tunnel('b'), "n3", tunnel('b'), "n4", tunnel('d'))))
                .isEqualTo(Map.of(N1, key('a'), N4, key('d')));
    }

    @Test
    void aNodeThatCanHaveNoTunnelsHasNoKey() {
        assertThat(NodeTunnel.keys(N1, Optional.empty(), List.of(N1, N2), Map.of("n1", tunnel('z'))))
                .isEmpty();
    }
}
