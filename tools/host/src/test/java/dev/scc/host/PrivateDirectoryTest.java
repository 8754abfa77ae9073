package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
    @TempDir
    Path parent;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Path open(String mode) throws IOException {
        Path directory = Files.createDirectory(parent.resolve("data"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        return directory;
    }

    @Test
    void aNewOneIsForItsOwnerAloneAndItsParentsAreAsUsual() throws Exception {
        PrivateDirectory.make(parent.resolve("a/data"), "lock");

        assertThat(mode(parent.resolve("a/data"))).isEqualTo("rwx------");
        assertThat(mode(parent.resolve("a"))).isNotEqualTo("rwx------");
    }

    @Test
    void anEmptyOneAndOneOfAnEarlierVersionAreClosed() throws Exception {
        Path directory = open("rwxr-xr-x");
        PrivateDirectory.make(directory, "lock");
        assertThat(mode(directory)).isEqualTo("rwx------");

        Files.createFile(directory.resolve("lock"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        PrivateDirectory.make(directory, "lock");
        assertThat(mode(directory)).isEqualTo("rwx------");
    }

    @Test
    void oneWithSomethingElseInItIsLeftAsItIs() throws Exception {
        Path directory = open("rwxr-xr-x");
        Files.createFile(directory.resolve("other"));

        PrivateDirectory.make(directory, "lock");

        assertThat(mode(directory)).isEqualTo("rwxr-xr-x");
    }

    /** Class of hole: predictable names where others can write. */
    @Test
    void oneThatEverybodyCanWriteToIsRefused() throws Exception {
        Path directory = open("rwxrwxrwx");
        Files.createFile(directory.resolve("other"));

        assertThatThrownBy(() -> PrivateDirectory.make(directory, "lock"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("everybody can write there");
    }

    /** Class of hole: links that somebody else has laid where a file is opened. */
    @Test
    void aLockThatIsALinkIsNotOpened() throws Exception {
        Path directory = open("rwx------");
        Path elsewhere = Files.writeString(parent.resolve("elsewhere"), "precious");
        Files.createSymbolicLink(directory.resolve("lock"), elsewhere);

        assertThatThrownBy(() -> DirectoryLock.acquire(directory, "scc test")).isInstanceOf(IOException.class);
        assertThat(elsewhere).hasContent("precious");
    }
}
