package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdTest {
    @Test
    void aProcessIsAliveUntilItIsKilled() throws Exception {
        ProcessId process =
                ProcessId.of(new ProcessBuilder("sleep", "1000").start().pid()).orElseThrow();
        assertThat(process.alive()).isTrue();

        process.kill();

        assertThat(process.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(process.alive()).isFalse();
    }

    /** Class of hole: signals to a process that has got the number of another. */
    @Test
    void aLaterProcessWithTheSameNumberIsNeitherAliveNorKilled() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        try {
            ProcessId now = ProcessId.of(other.pid()).orElseThrow();
            ProcessId earlier = new ProcessId(now.pid(), now.startTicks() - 1);

            earlier.kill();
            earlier.terminate();

            assertThat(earlier.alive()).isFalse();
            assertThat(now.alive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aNumberWithoutAProcessIsNoProcess() {
        assertThat(ProcessId.of(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void aProcessThatCannotBeLookedAtIsNotTakenForDead(@TempDir Path proc) throws Exception {
        Files.createDirectories(proc.resolve("7").resolve("stat"));

        assertThatThrownBy(() -> ProcessId.of(proc, 7))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("whether process 7 lives cannot be told: ");
        assertThat(ProcessId.of(proc, 8)).isEmpty();
    }
}
