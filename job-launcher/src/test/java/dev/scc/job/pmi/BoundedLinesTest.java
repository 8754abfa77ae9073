package dev.scc.job.pmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {
    private static BoundedLines lines(String text) {
        return new BoundedLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 8);
    }

    @Test
    void linesComeOneAfterTheOtherAndTheLastNeedsNoEnd() throws Exception {
        BoundedLines lines = lines("12345678\nb\r\n\nlast");

        assertThat(lines.next()).contains("12345678");
        assertThat(lines.next()).contains("b");
        assertThat(lines.next()).contains("");
        assertThat(lines.next()).contains("last");
        assertThat(lines.next()).isEmpty();
    }

    /** Class of hole: a field without a limit, whose sender has the memory of who reads it. */
    @Test
    void aLineThatDoesNotEndIsGivenUpAtTheLimit() {
        InputStream endless = new InputStream() {
            private int said;

            @Override
            public int read() throws IOException {
                if (said++ > 100_000) {
                    throw new IOException("read on for ever");
                }
                return 'x';
            }

            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                into[from] = (byte) read();
                return 1;
            }
        };

        assertThatThrownBy(() -> new BoundedLines(endless, 8).next()).isInstanceOf(BoundedLines.TooLong.class);
    }
}
