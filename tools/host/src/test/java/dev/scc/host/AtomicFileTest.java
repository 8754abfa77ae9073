package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path directory;

    @Test
    void whatWasWrittenLastIsRead() throws IOException {
        AtomicFile file = new AtomicFile(directory.resolve("deep/er/state.json"));
        assertThat(file.read()).isEmpty();

        file.write("a long first content");
        file.write("second");

        assertThat(file.read()).hasValue("second".getBytes(StandardCharsets.UTF_8));
        assertThat(file.path().getParent()).isDirectoryContaining(path -> path.equals(file.path()));
        try (var entries = Files.list(directory.resolve("deep/er"))) {
            assertThat(entries).containsExactly(file.path());
        }
    }

    @Test
    void whatACrashLeftBehindDoesNotMatter() throws IOException {
        AtomicFile file = new AtomicFile(directory.resolve("state"));
        file.write("old");
        Files.writeString(directory.resolve(".state.next"), "half a wri");

        assertThat(file.read()).hasValue("old".getBytes(StandardCharsets.UTF_8));
        file.write("new");

        assertThat(file.read()).hasValue("new".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void deletingTwiceIsFine() throws IOException {
        AtomicFile file = new AtomicFile(directory.resolve("state"));
        file.write("x");

        file.delete();
        file.delete();

        assertThat(file.read()).isEmpty();
    }
}
