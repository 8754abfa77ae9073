package dev.scc.job.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WholeLinesTest {
    private final StringBuilder output = new StringBuilder();
    private final StringBuilder errors = new StringBuilder();
    private final WholeLines prefixed = new WholeLines(true, this::record);
    private final WholeLines plain = new WholeLines(false, this::record);

    private void record(boolean onErrors, byte[] bytes) {
        (onErrors ? errors : output).append(new String(bytes, StandardCharsets.UTF_8));
    }

    private static JobEvent.Output text(int rank, boolean onErrors, String text) {
        return new JobEvent.Output(
                new NodeName("n1"), Optional.of(rank), onErrors, Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static JobEvent.Output launcher(String text) {
        return new JobEvent.Output(
                new NodeName("n1"), Optional.empty(), false, Bytes.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void linesOfSeveralRanksNeverMix() {
        prefixed.take(text(0, false, "one "));
        prefixed.take(text(1, false, "two\nthr"));
        prefixed.take(text(0, false, "line\n"));
        prefixed.take(text(1, false, "ee\n"));

        assertThat(output).hasToString("[1 n1] two\n[0 n1] one line\n[1 n1] three\n");
    }

    @Test
    void withoutPrefixesTheyDoNotMixEither() {
        plain.take(text(0, false, "one "));
        plain.take(launcher("mpirun says "));
        plain.take(text(1, false, "two\nthr"));
        plain.take(text(0, false, "line\n"));
        plain.take(launcher("so\n"));
        plain.flush();

        assertThat(output).hasToString("two\none line\nmpirun says so\nthr");
    }

    @Test
    void streamsOfARankNeverMix() {
        prefixed.take(text(0, false, "out"));
        prefixed.take(text(0, true, "err\n"));
        prefixed.take(text(0, false, "\n\n"));

        assertThat(errors).hasToString("[0 n1] err\n");
        assertThat(output).hasToString("[0 n1] out\n[0 n1] \n");
    }

    @Test
    void aLastLineWithoutNewlineGetsOneOnlyWhereLinesHavePrefixes() {
        prefixed.take(text(0, false, "a\nb"));
        prefixed.flush();
        plain.take(text(0, false, "c"));
        plain.flush();

        assertThat(output).hasToString("[0 n1] a\n[0 n1] b\nc");
    }

    @Test
    void aLineThatNeverEndsIsHandedOnInPieces() {
        String piece = "x".repeat(1 << 20);

        for (int i = 0; i < 9; i++) {
            plain.take(text(0, false, piece));
        }

        assertThat(output.length()).isEqualTo(9 << 20);
    }
}
