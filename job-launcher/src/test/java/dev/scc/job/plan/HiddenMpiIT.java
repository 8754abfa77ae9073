package dev.scc.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import dev.scc.job.MpiFamily;
import dev.scc.job.TestPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that do not show at first sight which MPI they use. */
class HiddenMpiIT {
    private static final String PATH = "/usr/bin:/bin";

    @TempDir
    Path directory = Path.of("/");

    private final LocalCommands commands = new LocalCommands();

    private MpiFamily detect(Path command, Optional<String> libraries) throws IOException {
        return MpiDetector.detect(command.toString(), directory.toString(), PATH, libraries, new ProgramFiles.Own());
    }

    private static Path program(MpiFamily family) throws Exception {
        return TestPrograms.compile("ring", "mpicc." + family.name().toLowerCase(Locale.ROOT));
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI"})
    void aScriptThatStartsAScriptThatStartsTheProgramIsOfItsFamily(MpiFamily family) throws Exception {
        Files.copy(program(family), directory.resolve("ring"));
        script("inner", "# /usr/bin/ompi_info\nexec \"$here/ring\" \"$@\"\n");
        Path outer = script("outer", "exec ./inner \"$@\"\n");

        assertThat(detect(outer, Optional.empty())).isEqualTo(family);
    }

    @Test
    void aScriptForBothFamiliesIsOfNone() throws Exception {
        Path both = script("both", program(MpiFamily.MPICH) + " || " + program(MpiFamily.OPENMPI) + "\n");

        assertThat(detect(both, Optional.empty())).isEqualTo(MpiFamily.NONE);
    }

    @Test
    void aScriptThatStartsItselfIsNotFollowedForEver() throws Exception {
        Path loop = script("loop", "exec ./loop\n");

        assertThat(detect(loop, Optional.empty())).isEqualTo(MpiFamily.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI"})
    void aProgramIsOfTheFamilyOfItsLibraries(MpiFamily family) throws Exception {
        Files.writeString(directory.resolve("lib.c"), "#include <mpi.h>\nint work(void) { return MPI_Init(0, 0); }\n");
        Files.writeString(directory.resolve("main.c"), "int work(void); int main(void) { return work(); }\n");
        String compiler = "mpicc." + family.name().toLowerCase(Locale.ROOT);
        compile(compiler, "-shared", "-fPIC", "-o", at("libwork.so"), at("lib.c"));
        compile("gcc", "-Wl,--as-needed", "-o", at("main"), at("main.c"), "-L" + directory, "-lwork");

        assertThat(detect(directory.resolve("main"), Optional.of(directory.toString())))
                .isEqualTo(family);
        assertThat(detect(directory.resolve("main"), Optional.empty())).isEqualTo(MpiFamily.NONE);
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    private void compile(String... words) throws Exception {
        commands.check(Command.of(words).within(Duration.ofMinutes(2)));
    }
}
