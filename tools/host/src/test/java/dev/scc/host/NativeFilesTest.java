package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFilesTest {
    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        System.clearProperty("scc.native");
        System.clearProperty("scc.home");
    }

    @Test
    void theModulesOwnDirectoryGoesBeforeTheDistribution() throws IOException {
        Path own = Files.writeString(directory.resolve("a.so"), "own");
        Files.createDirectory(directory.resolve("native"));
        Path shipped = Files.writeString(directory.resolve("native/a.so"), "shipped");

        System.setProperty("scc.home", directory.toString());
        assertThat(NativeFiles.find("a.so")).isEqualTo(shipped);
        System.setProperty("scc.native", directory.toString());
        assertThat(NativeFiles.find("a.so")).isEqualTo(own);
    }

    @Test
    void aFailureSaysWhereItLooked() {
        assertThatThrownBy(() -> NativeFiles.find("a.so"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("scc.native")
                .hasMessageContaining("scc.home");

        System.setProperty("scc.home", directory.toString());
        assertThatThrownBy(() -> NativeFiles.find("a.so"))
                .hasMessageContaining(directory.resolve("native/a.so").toString());
    }
}
