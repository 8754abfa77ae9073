package dev.scc.host.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelTextTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void utf8ReadsAsItShould() {
        assertThat(KernelText.decode("d\u00e9 \u4e2d\u6587 \ud83d\ude00".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("d\u00e9 \u4e2d\u6587 \ud83d\ude00");
    }

    @Test
    void everyOtherByteIsACharacterOfItsOwn() {
        assertThat(KernelText.decode(bytes("e9ff"))).isEqualTo("\uf7e9\uf7ff");
        assertThat(KernelText.decode(bytes("c080"))).as("not the shortest form").isEqualTo("\uf7c0\uf780");
        assertThat(KernelText.decode(bytes("eda080"))).as("half of a pair").isEqualTo("\uf7ed\uf7a0\uf780");
        assertThat(KernelText.decode(bytes("f4908080"))).as("beyond Unicode").hasSize(4);
        assertThat(KernelText.isPlain("\u00e9")).isTrue();
        assertThat(KernelText.isPlain("\uf7e9")).isFalse();
    }

    @Test
    void everySequenceOfBytesIsHadBackFromItsText() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (random.nextInt(4) == 0) {
                bytes = Character.toString(0xF700 + random.nextInt(0x200)).getBytes(StandardCharsets.UTF_8);
            }

            assertThat(KernelText.encode(KernelText.decode(bytes)))
                    .as("seed %d, %s", seed, HexFormat.of().formatHex(bytes))
                    .isEqualTo(bytes);
        }
    }
}
