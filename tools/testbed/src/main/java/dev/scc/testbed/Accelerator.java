package dev.scc.testbed;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How QEMU runs a guest's instructions. */
enum Accelerator {
    /** By the processor's virtualization. */
    KVM("kvm", "host"),
    /**
     * By translation, with AVX2: libpsm2, which Open MPI's packages load, is built for it, and ends a rank where it is missing
     * and the machine is too busy to measure its clock.
     */
    TCG("tcg,thread=multi", "Haswell-noTSX");

    // A /dev/kvm without these flags belongs to a nested or partial implementation that may not run a stock kernel.
    private static final Pattern VIRTUALIZATION = Pattern.compile("(?m)^flags\\s*:.*\\b(vmx|svm)\\b");

    private final String option;
    private final String cpu;

    Accelerator(String option, String cpu) {
        this.option = option;
        this.cpu = cpu;
    }

    /** Those to try, in this order. {@code cpuinfo} is the content of {@code /proc/cpuinfo}. */
    static List<Accelerator> candidates(String cpuinfo, boolean deviceUsable) {
        return deviceUsable && VIRTUALIZATION.matcher(cpuinfo).find() ? List.of(KVM, TCG) : List.of(TCG);
    }

    String option() {
        return option;
    }

    String cpu() {
        return cpu;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
