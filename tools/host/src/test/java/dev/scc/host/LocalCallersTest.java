package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class LocalCallersTest {
    @TempDir
    private Path directory;

    @Test
    void aCallerIsAnsweredAndTheSocketGoesWithItsOwner() throws IOException {
        assertThatOneIsAnswered(directory.resolve("door.sock"), directory);
    }

    /** An agent's data may lie anywhere, and an address of the kernel's holds 107 bytes. */
    @Test
    void aPathMayBeLongerThanAnAddressOfTheKernel() throws IOException {
        Path deep = directory.resolve("d".repeat(120)).resolve("e".repeat(120));
        Files.createDirectories(deep);
        Path near = Files.createSymbolicLink(directory.resolve("near"), deep);

        assertThatOneIsAnswered(deep.resolve("door.sock"), near);
    }

    @Test
    void whereNothingCanBeMadeThePathIsNamed() {
        Path nowhere = directory.resolve("x".repeat(120)).resolve("door.sock");

        assertThatThrownBy(() -> LocalCallers.listen(nowhere, "test", 1, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.toString());
    }

    private static void assertThatOneIsAnswered(Path path, Path reachedIn) throws IOException {
        LocalCallers callers = LocalCallers.listen(path, "test", 1, LocalCallersTest::greet);
        try (callers;
                SocketChannel caller =
                        SocketChannel.open(UnixDomainSocketAddress.of(reachedIn.resolve(path.getFileName())))) {
            byte[] answer = Channels.newInputStream(caller).readAllBytes();

            assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("hello");
        }
        assertThat(path).doesNotExist();
    }

    private static void greet(LocalCallers.Caller caller) throws IOException {
        caller.heard();
        caller.channel().write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
    }
}
