package dev.scc.job.lead;

import dev.scc.job.Receipt;
import dev.scc.job.Tasks;
import java.util.ArrayList;
import java.util.List;

/** How long the phases of a job take, one after the other. For one thread. */
final class PhaseClock {
    private final List<Receipt.Phase> phases = new ArrayList<>();
    private final Tasks tasks;
    private long last;

    PhaseClock(Tasks tasks) {
        this.tasks = tasks;
        last = tasks.nanos();
    }

    /** The phase that began with the last mark is over. */
    void mark(String name) {
        long now = tasks.nanos();
        phases.add(new Receipt.Phase(name, (now - last) / 1_000_000));
        last = now;
    }

    List<Receipt.Phase> phases() {
        return List.copyOf(phases);
    }
}
