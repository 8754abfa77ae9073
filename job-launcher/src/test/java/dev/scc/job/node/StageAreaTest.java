package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.Location;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageAreaTest {
    @TempDir
    Path scratch;

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aStageIsForItsUserAloneWhoCanEnterIt() throws Exception {
        Path holder = scratch.resolve("stages");
        Path own = holder.resolve("demo-1");

        StageArea.make(holder, own);

        assertThat(mode(holder)).isEqualTo("rwx--x--x");
        assertThat(mode(own)).isEqualTo("rwx------");
        assertThatThrownBy(() -> StageArea.make(holder, own)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void stagesOfJobsThatAreGoneAreSweptAndThoseOfOthersStay() throws Exception {
        Path none = scratch.resolve("none");
        NodeSettings settings = new NodeSettings(
                none,
                scratch.resolve("jobs"),
                scratch.resolve("stages"),
                new JobTools(none, none, none, none, none),
                new Location.Machine(),
                Duration.ofSeconds(1),
                JobPolicy.usual());
        Path gone = settings.stages().resolve("demo-1");
        Path runs = settings.stages().resolve("demo-2");
        StageArea.make(settings.stages(), gone);
        StageArea.make(settings.stages(), runs);
        Files.writeString(gone.resolve("file"), "x");
        JobLeftovers leftovers = new JobLeftovers(settings);

        assertThat(leftovers.look("demo-2"::equals, false))
                .hasSize(1)
                .first()
                .asString()
                .contains(gone.toString());
        assertThat(leftovers.look("demo-2"::equals, true)).hasSize(1);
        assertThat(gone).doesNotExist();
        assertThat(runs).isDirectory();
        assertThat(leftovers.removeAll()).isEmpty();
        assertThat(settings.stages()).doesNotExist();
    }
}
