package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What a test with real nodes needs of the machine: missing, it fails the test in CI and skips it elsewhere. */
final class Capabilities {
    private Capabilities() {}

    static void require() {
        require(TestbedSpec.bare(2));
    }

    static void require(TestbedSpec spec) {
        List<String> missing;
        try {
            missing = HostCheck.ofThisMachine().complaints(spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if ("true".equals(System.getenv("CI"))) {
            assertThat(missing).as("capabilities that are missing").isEmpty();
        }
        assumeTrue(missing.isEmpty(), () -> "no nodes of kind " + spec.kind().word() + " on this machine: " + missing);
    }
}
