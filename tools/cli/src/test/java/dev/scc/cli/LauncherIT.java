package dev.scc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** What java is told, with nothing but these variables and the path; {@code ~} is the test's directory. */
    private String words(String variables, String script) throws Exception {
        List<String> argv = new ArrayList<>(List.of("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
        argv.add("JAVA_HOME=" + directory.resolve("jdk"));
        Stream.of(variables.replace("~", directory.toString()).split(" "))
                .filter(word -> !word.isEmpty())
                .forEach(argv::add);
        argv.addAll(List.of("bash", "-c", script, LAUNCHER.toString()));
        return commands.check(Command.of(argv));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HOME=~                                          | ~/.config/scc  | ~/.local/state/scc | ~/.cache/scc
            HOME=~/                                         | ~/.config/scc  | ~/.local/state/scc | ~/.cache/scc
            HOME=~ XDG_CONFIG_HOME=/c                       | /c/scc         | ~/.local/state/scc | ~/.cache/scc
            HOME=~ XDG_STATE_HOME=/s XDG_CACHE_HOME=/k      | ~/.config/scc  | /s/scc             | /k/scc
            HOME=~ XDG_CONFIG_HOME=relative XDG_CACHE_HOME= | ~/.config/scc  | ~/.local/state/scc | ~/.cache/scc
            """)
    void javaIsToldWhereTheUsersDirectoriesAre(String variables, String config, String state, String cache)
            throws Exception {
        assertThat(words(variables, "exec $0 --help"))
                .contains(("-Duser.home=~ -Dscc.config=" + config + " -Dscc.state=" + state + " -Dscc.cache=" + cache
                                + " ")
                        .replace("~", directory.toString()));
    }

    @Test
    void whoHasNoHomeInTheEnvironmentHasTheOneOfThePasswordFile() throws Exception {
        String home = commands.check(Command.of("bash", "-c", "getent passwd $EUID | cut -d: -f6"))
                .strip();

        assertThat(words("", "exec $0 --help")).contains("-Dscc.config=" + home + "/.config/scc ");
        assertThat(words("HOME=", "exec $0 --help")).contains("-Dscc.config=" + home + "/.config/scc ");
    }

    @Test
    void theContextIsReadFromTheHomeOfTheEnvironment() throws Exception {
        Files.createDirectories(directory.resolve("home/.config"));
        Files.move(directory.resolve("config/scc"), directory.resolve("home/.config/scc"));

        assertThat(words("HOME=~/home", "exec $0 list").lines().findFirst().orElseThrow())
                .startsWith("net:[")
                .isNotEqualTo(outside());
    }

    @Test
    void whatIsRecordedForTheCachesIsNoBusinessOfTheContext() throws Exception {
        assertThat(words("SCC_TRAIN=/nowhere XDG_CONFIG_HOME=~/config", "exec $0 client work")
                        .lines())
                .contains(outside());
    }

    @Test
    void aLocaleThatTheMachineDoesNotHaveReachesJavaWithoutAWord() throws Exception {
        Files.writeString(directory.resolve("jdk/bin/java"), "#!/bin/sh\necho \"LC_ALL=${LC_ALL-none}\" \"$*\"\n");

        CommandResult result = commands.run(Command.of(LAUNCHER.toString(), "show", "a b", "*")
                .withEnvironment(Map.of("JAVA_HOME", directory.resolve("jdk").toString(), "LC_ALL", "xx_XX")));

        assertThat(result.errors()).isEmpty();
        assertThat(result.output()).startsWith("LC_ALL=xx_XX ").endsWith("dev.scc.cli.Main show a b *\n");
    }

    @Test
    void tooFewOpenFilesAreRaisedOrToldInASentence() throws Exception {
        assertThat(words("", "ulimit -Sn 64; exec $0 --help")).contains("-Dscc.home=");
        CommandResult refused = commands.run(Command.of(
                "setpriv",
                "--bounding-set=-sys_resource",
                "--inh-caps=-sys_resource",
                "bash",
                "-c",
                "ulimit -n 64; JAVA_HOME=$1 exec $0 --help",
                LAUNCHER.toString(),
                directory.resolve("jdk").toString()));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.errors()).contains("no more than 64 files").contains("ulimit -n 256");
        assertThat(refused.errors().lines()).hasSize(1);
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
