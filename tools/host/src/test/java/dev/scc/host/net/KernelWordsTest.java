package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.NftTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What iproute2 6.1 and nft 1.0.6 said of a namespace with our objects, a half-made link, and a stranger's;
 * and of a VLAN on Linux 6.1. */
class KernelWordsTest {
    private static final Set<String> OURS = Set.of("vpc70", "eni0", "eni1");

    private static String golden(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(KernelWordsTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode ip(int document) throws IOException {
        List<JsonNode> documents = KernelWords.documents(golden("ip.json"));
        assertThat(documents).hasSize(2);
        return documents.get(document);
    }

    @Test
    void linksWithOurMarkAreRead() throws IOException {
        assertThat(KernelWords.links(ip(0)))
                .containsExactly(
                        new Link(
                                "vpc70",
                                "demo",
                                new LinkKind.Vxlan(70, "eth0", Ipv4.parse("10.99.0.11"), 4789),
                                1450,
                                Optional.of(new Mac("02:00:00:00:00:aa"))),
                        new Link(
                                "eni0",
                                "demo",
                                new LinkKind.Macvlan("vpc70"),
                                1450,
                                Optional.of(new Mac("02:5c:ac:10:00:01"))),
                        new Link(
                                "eni1",
                                "",
                                new LinkKind.Macvlan("eth0"),
                                1400,
                                Optional.of(new Mac("02:5c:ac:10:00:09"))));
    }

    @Test
    void addressesNeighboursAndForwardingOfOurLinksAreReadAndTheKernelsAreNot() throws IOException {
        assertThat(KernelWords.addresses(ip(0))).containsExactly(new Address("eni0", Ipv4.parse("172.16.0.1"), 24));
        assertThat(KernelWords.neighbours(ip(1), OURS))
                .containsExactly(new Neighbour("eni0", Ipv4.parse("172.16.0.2"), new Mac("02:5c:ac:10:00:02")));
        assertThat(KernelWords.fdb(KernelWords.documents(golden("fdb.json")).getFirst(), OURS))
                .containsExactly(new Fdb("vpc70", new Mac("02:5c:ac:10:00:02"), Ipv4.parse("10.99.0.12")));
    }

    @Test
    void tablesWithOurPrefixAreRead() throws IOException {
        List<NftTable> tables = KernelWords.tables(golden("ruleset.nft"));

        assertThat(tables).extracting(NftTable::name).containsExactly("scc_vpc70", "scc_bare");
        assertThat(tables.getFirst().digest()).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(tables.getFirst().body()).contains("chain input {").endsWith("}");
        assertThat(KernelWords.tables("")).isEmpty();
    }

    @Test
    void aVlanIsRead() throws IOException {
        JsonNode addr = KernelWords.documents(golden("vlan.json")).getFirst();

        assertThat(KernelWords.links(addr))
                .containsExactly(new Link(
                        "eth1.70",
                        "demo",
                        new LinkKind.Vlan("eth1", 70),
                        1500,
                        Optional.of(new Mac("52:54:00:99:01:01"))));
        assertThat(KernelWords.addresses(addr)).containsExactly(new Address("eth1.70", Ipv4.parse("10.70.0.1"), 24));
    }
}
