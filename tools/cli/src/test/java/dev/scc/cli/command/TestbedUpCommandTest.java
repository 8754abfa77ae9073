package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestbedUpCommandTest {
    @TempDir
    private Path data;

    @Test
    void lastWordsAreTheEndsOfAllLogs() throws Exception {
        Files.writeString(data.resolve("server.log"), "1\n2\n3\n4\n5\n6\n");

        assertThat(TestbedUpCommand.lastWords(data)).isEqualTo("\nserver.log:\n  2\n  3\n  4\n  5\n  6");
    }

    @Test
    void logsThatCannotBeReadDoNotKeepTheTestbedUp() {
        assertThat(TestbedUpCommand.lastWords(data.resolve("gone"))).contains("the logs cannot be read");
    }
}
