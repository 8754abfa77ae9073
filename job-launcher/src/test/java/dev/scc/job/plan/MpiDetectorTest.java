package dev.scc.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.job.MpiFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MpiDetectorTest {
    private static final ProgramFiles OWN = new ProgramFiles.Own();

    private static final Path ROOT = Path.of("/");
    private static final String PATH = "/usr/bin:/bin";

    @TempDir
    Path directory = ROOT;

    private Path executable(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("program"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static MpiFamily detect(String command) throws IOException {
        return MpiDetector.detect(command, "/", PATH, Optional.empty(), OWN);
    }

    @Test
    void plainProgramsAndScriptsUseNoMpi() throws IOException {
        Path script = executable("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(detect("sh")).isEqualTo(MpiFamily.NONE);
        assertThat(detect(script.toString())).isEqualTo(MpiFamily.NONE);
    }

    @Test
    void whatIsNotThereUsesNoMpi() throws IOException {
        assertThat(detect("/no/such/program")).isEqualTo(MpiFamily.NONE);
        assertThat(detect("no-such-program")).isEqualTo(MpiFamily.NONE);
        assertThat(detect("/etc")).isEqualTo(MpiFamily.NONE);
    }

    @Test
    void neededLibrariesOfARealProgramAreRead() throws IOException {
        assertThat(ElfFile.needed(OWN, Path.of("/bin/sh")).orElseThrow()).contains("libc.so.6");
    }

    @Test
    void commandIsFoundAsAShellFindsIt() throws IOException {
        Path program = executable(new byte[0]);
        Files.createDirectory(directory.resolve("sh"));

        assertThat(MpiDetector.find("program", ROOT, "/bin:" + directory)).contains(program);
        assertThat(MpiDetector.find("./program", directory, PATH)).contains(directory.resolve("./program"));
        assertThat(MpiDetector.find("program", ROOT, PATH)).isEmpty();
        assertThat(MpiDetector.find("sh", ROOT, directory + ":/bin")).contains(Path.of("/bin/sh"));
    }

    @Test
    void damagedFilesAreNoPrograms() throws IOException {
        byte[] good = Files.readAllBytes(Path.of("/bin/sh"));
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = good.clone();
            for (int hit = 0; hit < 8; hit++) {
                damaged[16 + random.nextInt(1024)] = (byte) random.nextInt();
            }
            int length = random.nextBoolean() ? damaged.length : random.nextInt(damaged.length);
            Path file = executable(Arrays.copyOf(damaged, length));

            Optional<?> needed = ElfFile.needed(OWN, file);

            assertThat(needed).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void aNameThatIsNoTextInThisLocaleUsesNoMpi() throws IOException {
        assertThat(detect("/no\0name")).isEqualTo(MpiFamily.NONE);
    }

    @Test
    void aRealProgramNamesItsInterpreter() throws IOException {
        assertThat(ElfFile.interpreter(OWN, Path.of("/bin/sh")).orElseThrow()).contains("ld-linux");
        assertThat(ElfFile.interpreter(OWN, executable("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII))))
                .isEmpty();
    }
}
