package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    private static final List<String> DEBIAN = List.of(
            "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
            "24 22 0:22 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=400k",
            "30 24 0:30 / /run/user rw,relatime - tmpfs tmpfs rw",
            "31 22 0:31 / /srv/a\\040b rw,noexec - ext4 /dev/sdb rw",
            "32 22 0:32 / /srv/over rw,noexec - ext4 /dev/sdc rw",
            "33 32 0:33 / /srv/over rw - ext4 /dev/sdd rw");

    @Test
    void theMountThatAPathIsOnSaysWhetherProgramsStart() {
        assertThat(Mounts.withoutPrograms(Path.of("/run/scc/jobs/j"), DEBIAN)).contains(Path.of("/run"));
        assertThat(Mounts.withoutPrograms(Path.of("/srv/a b/j"), DEBIAN)).contains(Path.of("/srv/a b"));
        assertThat(Mounts.withoutPrograms(Path.of("/run/user/j"), DEBIAN)).isEmpty();
        assertThat(Mounts.withoutPrograms(Path.of("/runs"), DEBIAN)).isEmpty();
        assertThat(Mounts.withoutPrograms(Path.of("/srv/over/j"), DEBIAN)).isEmpty();
    }

    @Test
    void aPlaceWhereNoProgramStartsIsRefusedAndWhatToDoIsSaid(@TempDir Path scratch) throws Exception {
        Path real = scratch.toRealPath();
        List<String> refusing = List.of("40 22 0:40 / " + real + " rw,noexec - tmpfs tmpfs rw");
        assertThatThrownBy(() -> Mounts.requirePrograms(scratch, refusing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(real + " is mounted with noexec")
                .hasMessageContaining("remount,exec " + real);
        Path program = Files.writeString(scratch.resolve("program"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        Mounts.requirePrograms(scratch);
        assertThat(new ProcessBuilder(program.toString()).start().waitFor()).isZero();
    }
}
