package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Cgroup;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A name and a data directory of a test's own, and a look at what is left of them. */
final class Scratch {
    private static final String USER = "../cli/src/main/dist/bin/user.sh";

    private final TestbedName name = new TestbedName(
            "it-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    private final Path parent = Path.of("target", "testbeds", name.value()).toAbsolutePath();

    TestbedName name() {
        return name;
    }

    /** Not made yet. */
    Path data() {
        return parent.resolve("data");
    }

    /** Of the data directory and all siblings. */
    Path parent() {
        return parent;
    }

    Path sibling(String directory) {
        return parent.resolve(directory);
    }

    Testbed testbed() {
        return new Testbed(name, data(), cache());
    }

    /** The user's own, so that a kernel is fetched once: where it is, the launcher says. */
    static Path cache() {
        try {
            return Path.of(new LocalCommands()
                    .check(Command.of("bash", "-c", ". \"$1\"; user_directories; printf %s \"$cache\"", "-", USER)));
        } catch (CommandFailed e) {
            throw new AssertionError(e);
        }
    }

    void note(Object said) {
        System.out.println(name + ": " + said);
    }

    void assertNothingLeft() {
        assertThat(data()).doesNotExist();
        assertThat(ours(Path.of("/run/netns"))).isEmpty();
        assertThat(ours(Path.of("/run"))).isEmpty();
        assertThat(ours(cgroups())).isEmpty();
        assertThat(processes()).as("processes that name %s", name).isEmpty();
    }

    static Path cgroups() {
        try {
            return Cgroup.root();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What bears the testbed's name there. */
    private List<String> ours(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(entry -> entry.startsWith(name.namespace()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command lines in which the testbed's name occurs. */
    private List<String> processes() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .filter(path -> !path.getFileName()
                            .toString()
                            .equals(Long.toString(ProcessHandle.current().pid())))
                    .map(Scratch::commandLine)
                    .filter(line -> line.contains(name.value()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return ""; // It has ended since.
        }
    }
}
