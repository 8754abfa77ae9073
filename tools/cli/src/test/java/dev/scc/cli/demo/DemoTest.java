package dev.scc.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;

class DemoTest {
    @TempDir
    private Path directory;

    private final List<String> said = new ArrayList<>();

    /** Answers {@code testbed up} with what is no JSON, and {@code testbed down} with that status. */
    private Demo demo(int downStatus) throws IOException {
        Path launcher = directory.resolve("launcher");
        Files.writeString(
                launcher,
                "#!/bin/sh\necho \"$*\" >> " + directory + "/words\n" + "case \"$*\" in *down*) exit " + downStatus
                        + " ;; esac\necho 'Picked up {'\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Demo(launcher.toString(), directory, directory.resolve("data"), said::add);
    }

    @Test
    void theTestbedGoesDownAfterAnAnswerThatNobodyUnderstands() throws Exception {
        Throwable failure = catchThrowable(() -> demo(0).run());

        assertThat(failure).isInstanceOf(JacksonException.class);
        assertThat(Files.readAllLines(directory.resolve("words"))).last().isEqualTo("testbed down");
    }

    @Test
    void whatWentWrongFirstIsToldThoughTheTestbedDoesNotGoDownEither() throws Exception {
        Throwable failure = catchThrowable(() -> demo(1).run());

        assertThat(failure)
                .isInstanceOf(JacksonException.class)
                .satisfies(first -> assertThat(first.getSuppressed()).hasSize(1));
        assertThat(said).last().asString().startsWith("the testbed could not be taken down: ");
    }
}
