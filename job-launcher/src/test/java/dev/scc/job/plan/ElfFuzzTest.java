package dev.scc.job.plan;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that people send to be looked at, mutated from a seed: {@code -Dscc.fuzz=N} for N files, {@code -Dscc.seed}. */
@Timeout(240)
class ElfFuzzTest {
    private static final int HEAD = 4_096;

    @TempDir
    private Path directory = Path.of("/");

    @Test
    void aDamagedProgramIsNoProgramAndCostsLittle() throws IOException {
        long seed = Long.getLong("scc.seed", 1);
        Random random = new Random(seed);
        byte[] program = Arrays.copyOf(Files.readAllBytes(Path.of("/bin/sh")), 64 << 10);
        Path file = directory.resolve("program");
        ProgramFiles.Own own = new ProgramFiles.Own();
        for (int mutant = 0; mutant < Integer.getInteger("scc.fuzz", 3_000); mutant++) {
            byte[] bytes = program.clone();
            ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int change = random.nextInt(6); change >= 0; change--) {
                int at = random.nextInt(random.nextBoolean() ? 1_024 : HEAD);
                switch (random.nextInt(4)) {
                    case 0 -> bytes[at] = (byte) random.nextInt();
                    case 1 -> numbers.putLong(at, random.nextLong());
                    case 2 -> numbers.putLong(at, random.nextInt(1 << 20));
                    default -> numbers.putShort(at, (short) -1);
                }
            }
            Files.write(
                    file, Arrays.copyOf(bytes, random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length));
            assertThatCode(() -> {
                        ElfFile.needed(own, file);
                        ElfFile.interpreter(own, file);
                    })
                    .as("seed " + seed + ", mutant " + mutant)
                    .doesNotThrowAnyException();
        }
    }
}
