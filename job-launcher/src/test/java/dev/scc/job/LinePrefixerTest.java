package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinePrefixerTest {
    private final List<String> lines = new ArrayList<>();
    private final LinePrefixer prefixer = new LinePrefixer(
            (errors, bytes) -> lines.add((errors ? "E" : "O") + new String(bytes, StandardCharsets.UTF_8)));

    private void write(int rank, boolean errors, String text) {
        prefixer.take(new JobEvent.Output(
                new NodeName("n1"), Optional.of(rank), errors, Bytes.of(text.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void linesOfSeveralRanksNeverMix() {
        write(0, false, "one ");
        write(1, false, "two\nthr");
        write(0, false, "line\n");
        write(1, false, "ee\n");

        assertThat(lines).containsExactly("O[1 n1] two\n", "O[0 n1] one line\n", "O[1 n1] three\n");
    }

    @Test
    void streamsOfARankNeverMix() {
        write(0, false, "out");
        write(0, true, "err\n");
        write(0, false, "\n\n");

        assertThat(lines).containsExactly("E[0 n1] err\n", "O[0 n1] out\n", "O[0 n1] \n");
    }

    @Test
    void lastLineWithoutNewlineIsNotLost() {
        write(0, false, "a\nb");
        prefixer.flush();

        assertThat(lines).containsExactly("O[0 n1] a\n", "O[0 n1] b\n");
    }
}
