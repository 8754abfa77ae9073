package dev.scc.job.lead;

import dev.scc.job.Receipt;
import java.util.ArrayList;
import java.util.List;

/** How long the phases of a job take, one after the other. For one thread. */
final class PhaseClock {
    private final List<Receipt.Phase> phases = new ArrayList<>();
    private long last = System.nanoTime();

    /** The phase that began with the last mark is over. */
    void mark(String name) {
        long now = System.nanoTime();
        phases.add(new Receipt.Phase(name, (now - last) / 1_000_000));
        last = now;
    }

    List<Receipt.Phase> phases() {
        return List.copyOf(phases);
    }
}
