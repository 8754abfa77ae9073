package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.rpc.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OutputPumpTest {
    private static final int LARGEST = 64 << 10;

    private static List<Bytes> pumped(byte[] written) throws InterruptedException {
        List<Bytes> pieces = new CopyOnWriteArrayList<>();
        OutputPump.start(new ByteArrayInputStream(written), "pump", pieces::add).drain(Duration.ofSeconds(10));
        return pieces;
    }

    @Test
    void whatIsThereIsSentInFewPiecesAndNothingIsLost() throws Exception {
        byte[] written = new byte[3 * LARGEST + 17];
        new Random(1).nextBytes(written);

        List<Bytes> pieces = pumped(written);

        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(piece -> all.writeBytes(piece.toArray()));
        assertThat(all.toByteArray()).isEqualTo(written);
        assertThat(pieces).extracting(Bytes::length).containsExactly(LARGEST, LARGEST, LARGEST, 17);
    }

    @Test
    void littleIsSentAtOnce() throws Exception {
        assertThat(pumped(new byte[] {1, 2, 3})).containsExactly(Bytes.of(new byte[] {1, 2, 3}));
    }
}
