package dev.scc.fabric.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PciConfigTest {
    @Test
    void findsRelaxedOrderingBehindOtherCapabilities() {
        byte[] bytes = new byte[256];
        bytes[0x06] = 0x10;
        bytes[0x34] = 0x40;
        bytes[0x40] = 0x01;
        bytes[0x41] = 0x60;
        bytes[0x60] = 0x10;
        assertThat(new PciConfig(bytes).relaxedOrdering()).contains(false);

        bytes[0x68] = 0x10;
        assertThat(new PciConfig(bytes).relaxedOrdering()).contains(true);
    }

    @Test
    void findsRedirectionInTheExtendedPart() {
        byte[] bytes = new byte[4096];
        bytes[0x100] = 0x01;
        bytes[0x102] = 0x01;
        bytes[0x103] = 0x15;
        bytes[0x150] = 0x0d;
        assertThat(new PciConfig(bytes).redirects()).isFalse();

        bytes[0x156] = 0x1d;
        assertThat(new PciConfig(bytes).redirects()).isTrue();
    }

    @Test
    void whatIsNotThereIsNotKnown() {
        assertThat(new PciConfig(new byte[64]).relaxedOrdering()).isEmpty();
        assertThat(new PciConfig(new byte[0]).redirects()).isFalse();
    }

    @Test
    void nonsenseEnds() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] bytes = new byte[random.nextInt(4096)];
            random.nextBytes(bytes);

            assertThat(new PciConfig(bytes).relaxedOrdering())
                    .as("seed %d", seed)
                    .isNotNull();
            new PciConfig(bytes).redirects();
        }
    }
}
