package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostCheckTest {
    private static final String MEMINFO = "MemTotal:       24683520 kB\nMemFree: 1 kB\nMemAvailable:    4456448 kB\n";

    @Test
    void whatFitsIsNoComplaint() {
        assertThat(HostCheck.memory(4, 1024, MEMINFO)).isEmpty();
    }

    @Test
    void whatDoesNotFitIsSaidWithBothAmounts() {
        assertThat(HostCheck.memory(4, 1025, MEMINFO))
                .hasValueSatisfying(
                        complaint -> assertThat(complaint).contains("4356 MiB").contains("4352 MiB are available"));
    }
}
