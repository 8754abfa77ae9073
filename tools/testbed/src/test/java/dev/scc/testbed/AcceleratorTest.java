package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceleratorTest {
    @ParameterizedTest
    @CsvSource({
        "fpu vmx sse, true, KVM",
        "fpu svm sse, true, KVM",
        "fpu vmx, false, TCG",
        "fpu sse, true, TCG",
        "fpu vmxfoo svme, true, TCG"
    })
    void virtualizationIsTriedFirstWhereTheProcessorHasIt(String flags, boolean device, Accelerator first) {
        String cpuinfo = "processor\t: 0\nmodel name\t: vmx of svm\nflags\t\t: " + flags + "\nbugs\t\t:\n";

        assertThat(Accelerator.candidates(cpuinfo, device)).startsWith(first).endsWith(Accelerator.TCG);
    }
}
