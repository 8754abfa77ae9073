package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessEndTest {
    @Test
    void statusesAreThoseOfAShell() {
        assertThat(ProcessEnd.exit(3).exitCode()).isEqualTo(3);
        assertThat(ProcessEnd.signal(9).exitCode()).isEqualTo(137);
        assertThat(new ProcessEnd(ProcessEnd.Kind.NOT_EXECUTED, 2).exitCode()).isEqualTo(127);
        assertThat(new ProcessEnd(ProcessEnd.Kind.NOT_EXECUTED, 13).exitCode()).isEqualTo(126);
    }

    @Test
    void exitValuesAbove128AreSignals() {
        assertThat(ProcessEnd.ofExitValue(139)).isEqualTo(ProcessEnd.signal(11));
        assertThat(ProcessEnd.ofExitValue(128)).isEqualTo(ProcessEnd.exit(128));
        assertThat(ProcessEnd.ofExitValue(255)).isEqualTo(ProcessEnd.exit(255));
        assertThat(ProcessEnd.ofExitValue(0).ok()).isTrue();
    }

    @Test
    void unknownSignalsKeepTheirNumbers() {
        assertThat(ProcessEnd.signal(34).describe("app")).isEqualTo("was killed by signal 34");
    }
}
