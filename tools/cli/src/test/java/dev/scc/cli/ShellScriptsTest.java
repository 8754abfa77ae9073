package dev.scc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All shell scripts of the repository, as shellcheck sees them. In CI a machine without it fails; elsewhere it is skipped. */
class ShellScriptsTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path SHELLCHECK = Path.of("/usr/bin/shellcheck");
    private static final Pattern SHEBANG = Pattern.compile("#!.*\\b(ba|da)?sh\\b.*");

    @Test
    void shellcheckFindsNothingInAnyScript() throws Exception {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(SHELLCHECK).exists();
        }
        assumeTrue(Files.exists(SHELLCHECK), SHELLCHECK + " is missing: tools/test installs it");
        List<String> scripts = scripts();
        assertThat(scripts).contains("tools/scc", "tools/test", "tools/setup.sh", "tools/cli/src/main/dist/bin/scc");
        List<String> argv = new ArrayList<>(List.of("env", "--chdir", ROOT.toString(), SHELLCHECK.toString()));
        argv.addAll(List.of("--external-sources", "--source-path=SCRIPTDIR", "--format=gcc"));
        argv.addAll(scripts);

        CommandResult result = new LocalCommands().run(Command.of(argv).within(Duration.ofMinutes(2)));

        assertThat(result.output() + result.errors()).isEmpty();
        assertThat(result.status()).isZero();
    }

    /** Relative to the root. */
    private static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(Files::isRegularFile)
                    .map(ROOT::relativize)
                    .filter(file -> !generated(file))
                    .filter(ShellScriptsTest::isScript)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    private static boolean generated(Path file) {
        for (Path part : file) {
            if (List.of("target", ".git", ".fast").contains(part.toString())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isScript(Path file) {
        if (file.toString().endsWith(".sh")) {
            return true;
        }
        if (file.getFileName().toString().contains(".")) {
            return false;
        }
        try (var lines = Files.newBufferedReader(ROOT.resolve(file), StandardCharsets.ISO_8859_1)) {
            String first = lines.readLine();
            return first != null && SHEBANG.matcher(first).matches();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
