package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerAddressesTest {
    private static final NodeInventory NODE = NodeInventory.of("6.1.0", 2, 1, List.of(), List.of());

    private static List<Need> needs(String servers) throws Exception {
        return new ServerAddresses(servers).among(() -> NODE).read().needs();
    }

    @Test
    void theServersOfANodeAreAmongItsNeeds() throws Exception {
        assertThat(needs("10.0.0.1:2181, 10.0.0.2:2181,10.0.0.1:2182"))
                .containsExactly(
                        Need.of(Ipv4.parse("10.0.0.1"), Need.Kind.SERVER, ""),
                        Need.of(Ipv4.parse("10.0.0.2"), Need.Kind.SERVER, ""));
    }

    @Test
    void aServerOnTheNodeItselfIsReachedWhateverItsNetworksAre() throws Exception {
        assertThat(needs("127.0.0.1:2181,localhost:2181")).isEmpty();
    }

    @Test
    void aNameThatNobodyKnowsIsNoNeed() throws Exception {
        assertThat(needs("no-such-host.invalid:2181,10.0.0.3"))
                .containsExactly(Need.of(Ipv4.parse("10.0.0.3"), Need.Kind.SERVER, ""));
    }
}
