package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostCheckTest {
    private static final String MEMINFO = "MemTotal:       24683520 kB\nMemFree: 1 kB\nMemAvailable:    4456448 kB\n";

    @Test
    void whatFitsIsNoComplaint() {
        assertThat(HostCheck.memory(TestbedSpec.bare(4), MEMINFO)).isEmpty();
    }

    @Test
    void whatDoesNotFitIsSaidWithBothAmounts() {
        TestbedSpec spec = new TestbedSpec(4, 1025, node -> List.of(), List.of());

        assertThat(HostCheck.memory(spec, MEMINFO))
                .hasValueSatisfying(
                        complaint -> assertThat(complaint).contains("4356 MiB").contains("4352 MiB are available"));
    }
}
