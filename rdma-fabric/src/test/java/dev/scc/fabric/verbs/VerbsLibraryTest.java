package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NativeFiles;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each case in a JVM of its own: a JVM loads the library once. */
class VerbsLibraryTest {
    private static final String EXPORT = "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED";

    @TempDir
    private Path empty;

    private final Path natives =
            NativeFiles.find("libdisni.so").resolveSibling("").toAbsolutePath();

    @Test
    void aMissingLibraryMeansCannotVerify() throws CommandFailed {
        CommandResult result = probe("-Dscc.native=" + empty, "-Djava.library.path=" + empty, EXPORT);

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.output())
                .startsWith("cannot verify: libdisni.so cannot be used: native file " + empty)
                .contains("is not there");
    }

    @Test
    void aLibraryThatCannotBeLoadedMeansCannotVerify() throws CommandFailed, IOException {
        Files.writeString(empty.resolve("libdisni.so"), "this is not a shared library");

        CommandResult result = probe("-Dscc.native=" + empty, "-Djava.library.path=" + empty, EXPORT);

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.output()).startsWith("cannot verify: libdisni.so cannot be used: ");
    }

    @Test
    void aLauncherThatForgotTheLibraryPathIsTold() throws CommandFailed {
        CommandResult result = probe("-Dscc.native=" + natives, "-Djava.library.path=" + empty, EXPORT);

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.output()).startsWith("cannot verify: ").contains("start Java with -Djava.library.path=");
    }

    @Test
    void aLauncherThatForgotTheExportIsTold() throws CommandFailed {
        CommandResult result = probe("-Dscc.native=" + natives, "-Djava.library.path=" + natives);

        assertThat(result.status()).isEqualTo(3);
        assertThat(result.output()).startsWith("cannot verify: ").contains("--add-exports java.base/sun.nio.ch");
    }

    private static CommandResult probe(String... options) throws CommandFailed {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        argv.addAll(List.of(options));
        argv.addAll(List.of(ProbeMain.class.getName(), "s1", "n1", "rxe0", "70", "7471", "n1=10.70.0.1"));
        return new LocalCommands().run(Command.of(argv));
    }
}
