package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.net.NetObject.NftTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What nft 1.0.6 said of a namespace with our tables and a stranger's. */
class KernelWordsTest {
    private static String golden(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(KernelWordsTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void tablesWithOurPrefixAreRead() throws IOException {
        List<NftTable> tables = KernelWords.tables(golden("ruleset.nft"));

        assertThat(tables).extracting(NftTable::name).containsExactly("scc_vpc70", "scc_bare");
        assertThat(tables.getFirst().digest()).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(tables.getFirst().body()).contains("chain input {").endsWith("}");
        assertThat(KernelWords.tables("")).isEmpty();
    }
}
