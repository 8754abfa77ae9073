package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class DirectoryLockTest {
    @TempDir
    private Path parent;

    /** Another process: holds the lock until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            try (DirectoryLock _ = DirectoryLock.acquire(Path.of(args[0]), "scc test")) {
                System.out.println("held");
                while (System.in.read() >= 0) {}
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static Process other(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void anotherProcessIsNamedAndItsEndFreesTheDirectory() throws Exception {
        Path directory = parent.resolve("made");
        Process other = other(directory);
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");

            assertThatThrownBy(() -> DirectoryLock.acquire(directory, "scc agent"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("another scc agent uses " + directory + " (process " + other.pid()
                            + "); each needs a directory of its own");
        } finally {
            other.destroyForcibly().waitFor();
        }

        try (DirectoryLock again = DirectoryLock.acquire(directory, "scc agent")) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void whoIsRefusedInTheSameProcessDoesNotDropTheLock() throws Exception {
        Path directory = parent.resolve("made");
        try (DirectoryLock _ = DirectoryLock.acquire(directory, "scc agent")) {
            assertThatThrownBy(() -> DirectoryLock.acquire(parent.resolve("./made"), "scc agent"))
                    .hasMessageStartingWith("another scc agent uses ");

            Process other = other(directory);
            try (BufferedReader said = other.inputReader()) {
                assertThat(said.readLine()).startsWith("another scc test uses " + directory);
            } finally {
                other.destroyForcibly().waitFor();
            }
        }
    }
}
