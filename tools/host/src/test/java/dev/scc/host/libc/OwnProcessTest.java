package dev.scc.host.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class OwnProcessTest {
    @Test
    void theEnvironmentIsTheOneThatJavaKnows() throws IOException {
        assertThat(OwnProcess.environment().get("PATH")).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void noMoreWordsAreGivenThanThereAre() throws IOException {
        assertThat(OwnProcess.lastWords(0)).isEmpty();
        assertThat(OwnProcess.lastWords(1)).hasSize(1);
        assertThatThrownBy(() -> OwnProcess.lastWords(1_000_000)).isInstanceOf(IOException.class);
    }
}
