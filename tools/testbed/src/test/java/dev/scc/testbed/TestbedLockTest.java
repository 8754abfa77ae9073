package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestbedLockTest {
    @TempDir
    private Path parent;

    @Test
    void onlyOneHoldsIt() throws Exception {
        Path directory = parent.resolve("made");

        try (TestbedLock _ = TestbedLock.tryAcquire(directory).orElseThrow()) {
            assertThat(TestbedLock.tryAcquire(directory)).isEmpty();
        }

        try (TestbedLock again = TestbedLock.tryAcquire(directory).orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void aHolderMayRemoveItsDirectory() throws Exception {
        Path directory = parent.resolve("made");
        try (TestbedLock _ = TestbedLock.tryAcquire(directory).orElseThrow()) {
            FileTree.remove(directory);
        }

        assertThat(Files.exists(directory)).isFalse();
    }
}
