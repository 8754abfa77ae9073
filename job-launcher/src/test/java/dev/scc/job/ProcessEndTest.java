package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessEndTest {
    @Test
    void statusesAreThoseOfAShell() {
        assertThat(new ProcessEnd.Exited(3).exitCode()).isEqualTo(3);
        assertThat(new ProcessEnd.Killed(9).exitCode()).isEqualTo(137);
        assertThat(new ProcessEnd.NotExecuted(2).exitCode()).isEqualTo(127);
        assertThat(new ProcessEnd.NotExecuted(13).exitCode()).isEqualTo(126);
        assertThat(new ProcessEnd.NoDirectory(2).exitCode()).isEqualTo(125);
    }

    @Test
    void anExitStatusOfAProgramsOwnIsNoSignal() {
        assertThat(new ProcessEnd.Exited(137).describe("app")).isEqualTo("ended with exit status 137");
        assertThat(new ProcessEnd.Killed(9).describe("app")).isEqualTo("was killed by SIGKILL");
    }

    @Test
    void unknownSignalsKeepTheirNumbers() {
        assertThat(new ProcessEnd.Killed(34).describe("app")).isEqualTo("was killed by signal 34");
    }
}
