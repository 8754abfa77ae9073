package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Later;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CborTest {
    record Older(String name) {}

    record Newer(
            String name, @Later List<String> more, @Later boolean loud, Optional<Integer> count) {}

    record Other(String name, List<String> more) {}

    /** As a client of a release before sends it. */
    @Test
    void whatARecordHasGotLaterMayBeMissing() throws Exception {
        byte[] older = new Cbor<>(Older.class).stream(new Older("a")).readAllBytes();

        assertThat(new Cbor<>(Newer.class).decode(older)).isEqualTo(new Newer("a", List.of(), false, Optional.empty()));
        assertThatThrownBy(() -> new Cbor<>(Other.class).decode(older)).hasMessageContaining("more");
    }

    @Test
    void whatAReaderDoesNotKnowIsIgnored() throws Exception {
        Newer newer = new Newer("a", List.of("b"), true, Optional.of(1));
        byte[] bytes = new Cbor<>(Newer.class).stream(newer).readAllBytes();

        assertThat(new Cbor<>(Newer.class).decode(bytes)).isEqualTo(newer);
        assertThat(new Cbor<>(Older.class).decode(bytes)).isEqualTo(new Older("a"));
    }
}
