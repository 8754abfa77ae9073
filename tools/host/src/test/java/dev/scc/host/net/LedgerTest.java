package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    record Served(String cluster, int revision, List<NodeName> members) {}

    @TempDir
    Path directory;

    private Ledger<Served> ledger() {
        return new Ledger<>(directory.resolve("ledger.json"), Served.class);
    }

    @Test
    void aLedgerThatWasNeverWrittenIsBlank() throws IOException {
        assertThat(ledger().read()).isEqualTo(new Ledger.Page<>(0, Optional.empty(), NetState.empty(), false));
    }

    @Test
    void everyObjectIsReadBackByTheNextAgent() throws IOException {
        long seed = Long.getLong("seed", 1);
        RandomStates states = new RandomStates(new Random(seed));
        for (int round = 0; round < 20; round++) {
            Ledger.Page<Served> page = new Ledger.Page<>(
                    round,
                    Optional.of(new Served("demo", round, List.of(new NodeName("n1")))),
                    states.next(),
                    round % 2 == 0);

            ledger().write(page);

            assertThat(ledger().read()).as("seed %d", seed).isEqualTo(page);
        }
        ledger().write(new Ledger.Page<>(7, Optional.empty(), NetState.empty(), false));
        assertThat(ledger().read().serving()).isEmpty();
    }

    @Test
    void whatBearsOurMarkIsToldInBriefAndIsTheSameForThePlanner() {
        long seed = Long.getLong("seed", 1);
        RandomStates states = new RandomStates(new Random(seed));
        for (int round = 0; round < 200; round++) {
            NetState state = states.next();

            NetState marked = state.marked();

            assertThat(marked.objects())
                    .as("seed %d", seed)
                    .allSatisfy((key, object) ->
                            assertThat(object).isEqualTo(state.objects().get(key)));
            assertThat(state.objects().keySet())
                    .filteredOn(key -> key.startsWith("link:") || key.startsWith("nft:"))
                    .containsExactlyElementsOf(marked.objects().keySet());
        }
    }

    @Test
    void aLedgerThatCannotBeUnderstoodIsAnErrorAndIsKept() throws IOException {
        Path file = Files.writeString(directory.resolve("ledger.json"), "{\"epoch\": 3, ");

        assertThatThrownBy(() -> ledger().read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ledger " + file + " cannot be understood")
                .hasMessageContaining("move it away");
        assertThat(file).hasContent("{\"epoch\": 3, ");
    }
}
