package dev.scc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, with a java that says where it runs and with what, and a current context in a namespace. */
class LauncherIT {
    private static final Path LAUNCHER = Path.of("src/main/dist/bin/scc").toAbsolutePath();

    @TempDir
    private Path directory;

    private final String namespace =
            "scc-in-%08x".formatted(ThreadLocalRandom.current().nextInt());
    private final LocalCommands commands = new LocalCommands();

    @BeforeEach
    void prepare() throws Exception {
        commands.check(Command.of("ip", "netns", "add", namespace));
        Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.writeString(java, "#!/bin/sh\nreadlink /proc/self/ns/net\necho \"$*\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                Files.createDirectories(directory.resolve("config/scc")).resolve("config.yaml"),
                "current: here\ncontexts:\n  here:\n    server: h:1\n    netns: " + namespace + "\n");
    }

    @AfterEach
    void remove() throws Exception {
        commands.run(Command.of("ip", "netns", "del", namespace));
    }

    /** The namespace, and java's words. */
    private List<String> scc(String words) throws Exception {
        List<String> argv = new ArrayList<>(List.of(LAUNCHER.toString()));
        argv.addAll(List.of(words.split(" ")));
        return commands.check(Command.of(argv)
                        .withEnvironment(Map.of(
                                "JAVA_HOME",
                                directory.resolve("jdk").toString(),
                                "XDG_CONFIG_HOME",
                                directory.resolve("config").toString(),
                                "SCC_SERVER",
                                "")))
                .lines()
                .toList();
    }

    private static String outside() throws Exception {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "run demo -- ./app --server x", "run demo -- ./app --server=x", "-o json list"})
    void commandsRunInTheNamespaceOfTheirContext(String words) throws Exception {
        assertThat(scc(words).getFirst()).startsWith("net:[").isNotEqualTo(outside());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"list --server x", "--server=x list", "run --server x demo -- true", "-o json agent", "--help"})
    void whoNamesAServerOrNeedsNoneStaysOutside(String words) throws Exception {
        assertThat(scc(words).getFirst()).isEqualTo(outside());
    }

    @Test
    void anAgentHasTheHeapOfAnAgentWhateverStandsBeforeIt() throws Exception {
        assertThat(scc("agent --node n1").getLast()).contains("-Xmx64m");
        assertThat(scc("-o json --timeout 5s agent --node n1").getLast()).contains("-Xmx64m");
        assertThat(scc("run agent -- server").getLast()).contains("-Xmx256m");
    }
}
