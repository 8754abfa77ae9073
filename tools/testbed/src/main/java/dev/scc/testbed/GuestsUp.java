package dev.scc.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/** Guests are booted by the accelerators in turn, until they boot. */
final class GuestsUp implements NodesUp {
    private static final String KERNEL = "kernel";

    private final Site site;
    private final TestbedSpec spec;
    private final NodeKind.Vm kind;
    private final HostCheck host;
    private final KernelCache kernels;
    private final List<Accelerator> accelerators;
    private final Deadlines deadlines;

    /** @param accelerators to try, in this order */
    GuestsUp(
            Site site,
            TestbedSpec spec,
            NodeKind.Vm kind,
            HostCheck host,
            KernelCache kernels,
            List<Accelerator> accelerators,
            Deadlines deadlines) {
        this.site = site;
        this.spec = spec;
        this.kind = kind;
        this.host = host;
        this.kernels = kernels;
        this.accelerators = List.copyOf(accelerators);
        this.deadlines = deadlines;
    }

    /** How long guests may take until they run commands. Virtualization is tried first, and is quick if it works. */
    record Deadlines(Duration virtualized, Duration emulated, Duration perNode) {
        static final Deadlines DEFAULT =
                new Deadlines(Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(15));

        Duration boot(Accelerator accelerator, int nodes) {
            return switch (accelerator) {
                case KVM -> virtualized;
                case TCG -> emulated.plus(perNode.multipliedBy(nodes));
            };
        }
    }

    /** Those that this machine may have. */
    static List<Accelerator> accelerators() {
        Path kvm = Path.of("/dev/kvm");
        try {
            return Accelerator.candidates(
                    Files.readString(Path.of("/proc/cpuinfo")), Files.isReadable(kvm) && Files.isWritable(kvm));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> complaints() throws IOException {
        return host.complaints(spec);
    }

    @Override
    public void run(Phases phases) throws TestbedFailed, IOException, InterruptedException {
        Kernel kernel = kernels.get(phases::tell);
        phases.done(KERNEL);
        for (Iterator<Accelerator> next = accelerators.iterator(); ; ) {
            Accelerator accelerator = next.next();
            try {
                attempt(kernel, accelerator, phases);
                return;
            } catch (TestbedFailed e) {
                if (!next.hasNext() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (!new Removal(site).emptied().clean()) {
                    throw e;
                }
                phases.backTo(KERNEL);
                phases.tell(new Progress.Note(
                        "guests do not boot with " + accelerator.word() + " (" + e.getMessage() + "), trying without"));
            }
        }
    }

    private void attempt(Kernel kernel, Accelerator accelerator, Phases phases)
            throws TestbedFailed, IOException, InterruptedException {
        Made none = Made.Guests.none(accelerator, kernel.release());
        site.state().write(TestbedState.begun(site.name(), spec.nodes(), Instant.now(), none));
        UpSteps steps = new UpSteps(site, spec);
        GuestSteps guests = new GuestSteps(site, spec, kind, kernel, accelerator, steps);
        steps.makeNetwork();
        phases.done("network");
        steps.startServers();
        guests.start();
        phases.done("start");
        guests.await(deadlines.boot(accelerator, spec.nodes()), phases);
        phases.done("boot");
    }
}
