package dev.scc.fabric.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.VlanId;
import dev.scc.fabric.port.SwitchPort.Allowed;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandPortTest {
    private static final NodeName N1 = new NodeName("n1");

    @TempDir
    Path directory = Path.of("");

    private CommandPort port(boolean dryRun, String... lines) throws IOException {
        Path program = directory.resolve("switch");
        Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new CommandPort(new LocalCommands(), program, dryRun);
    }

    @Test
    void theProgramIsToldWhatThePortIsToLetThrough() throws Exception {
        Path told = directory.resolve("told");
        CommandPort port = port(false, "echo \"$SCC_EPOCH $*\" >> " + told);

        port.set(N1, Optional.of(new Allowed(new VlanId(70), Ipv4.parse("10.70.0.1"))), 7);
        port.set(N1, Optional.empty(), 8);

        assertThat(told).hasContent("7 allow n1 70 10.70.0.1\n8 close n1\n");
    }

    @Test
    void whatItSaysInTheEndIsTheReason() throws Exception {
        CommandPort port = port(false, "echo 'the switch does not answer' >&2", "exit 3");

        assertThatThrownBy(() -> port.set(N1, Optional.empty(), 1))
                .isInstanceOf(PortFailed.class)
                .hasMessageEndingWith("close n1\" exited with status 3: the switch does not answer");
    }

    @Test
    void aDryRunRunsNothing() throws Exception {
        Path told = directory.resolve("told");

        port(true, "touch " + told).set(N1, Optional.empty(), 1);

        assertThat(told).doesNotExist();
    }
}
