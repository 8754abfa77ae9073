package dev.scc.testbed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The parts of one {@code up} that are done, each with its time; and who is told of what happens. */
final class Phases {
    private final Consumer<Progress> progress;
    private final List<UpOutcome.Phase> done = new ArrayList<>();
    private long begin = System.nanoTime();

    Phases(Consumer<Progress> progress) {
        this.progress = progress;
    }

    /** The part that began with the end of the one before is done. */
    void done(String name) {
        long now = System.nanoTime();
        Duration took = Duration.ofNanos(now - begin);
        begin = now;
        done.add(new UpOutcome.Phase(name, took));
        tell(new Progress.PhaseDone(name, took));
    }

    /** What came after that part has to be done anew. */
    void backTo(String name) {
        while (!done.isEmpty() && !done.getLast().name().equals(name)) {
            done.removeLast();
        }
        begin = System.nanoTime();
    }

    void tell(Progress event) {
        progress.accept(event);
    }

    List<UpOutcome.Phase> all() {
        return List.copyOf(done);
    }
}
