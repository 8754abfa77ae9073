package dev.scc.cli.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cli.context.Contexts.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextsTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = directory.resolve("deep/config.yaml");
        Contexts contexts = new Contexts("lab", Map.of("lab", new Context("h1:2181,h2:2181", "", "", "")))
                .select("testbed", new Context("10.99.0.1:2181", "scc-testbed", "/d/admin.pem", ""));

        contexts.write(file);

        assertThat(Contexts.read(file)).isEqualTo(contexts);
        assertThat(Contexts.read(file).selected())
                .contains(new Context("10.99.0.1:2181", "scc-testbed", "/d/admin.pem", ""));
        assertThat(Files.readString(file)).isEqualTo("""
                current: testbed
                contexts:
                  lab:
                    server: h1:2181,h2:2181
                  testbed:
                    server: 10.99.0.1:2181
                    netns: scc-testbed
                    credentials: /d/admin.pem
                """);
    }

    @Test
    void aFileThatIsNotThereSelectsNothing() throws IOException {
        assertThat(Contexts.read(directory.resolve("none")).selected()).isEmpty();
    }

    @Test
    void withoutTheLastContextThereIsNoFile() throws IOException {
        Path file = directory.resolve("config.yaml");
        Contexts contexts = new Contexts("", Map.of()).select("testbed", new Context("a:1", "", "", ""));
        contexts.write(file);

        contexts.without("testbed").write(file);

        assertThat(file).doesNotExist();
    }

    @Test
    void whatIsNotUnderstoodIsNamedWithItsLine() {
        assertThatThrownBy(() -> Contexts.parse("f", "current: a\ncontexts:\n  a: {server: b}\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("f line 3: \"a: {server: b}\" is not understood");
    }

    @Test
    void aFileThatIsNoTextIsNamed() throws IOException {
        Path file = Files.write(directory.resolve("config.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> Contexts.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " is no text in UTF-8");
    }
}
