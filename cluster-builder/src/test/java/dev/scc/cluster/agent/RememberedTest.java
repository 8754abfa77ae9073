package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private final Remembered<String> remembered = new Remembered<>();

    @Test
    void whatIsRememberedIsNotReadAgainUntilThereIsADoubt() throws Exception {
        remembered.remember(remembered.forget(), "known");
        assertThat(remembered.or(() -> Optional.of("read"))).contains("known");

        remembered.forget();
        assertThat(remembered.or(() -> Optional.of("read"))).contains("read");
    }

    @Test
    void whatWasReadBeforeADoubtIsNotRemembered() throws Exception {
        int doubts = remembered.forget();
        remembered.forget();

        remembered.remember(doubts, "old");

        assertThat(remembered.or(Optional::empty)).isEmpty();
    }
}
