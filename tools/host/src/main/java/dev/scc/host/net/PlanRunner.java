package dev.scc.host.net;

import dev.scc.host.net.PlanOutcome.Leftover;
import dev.scc.host.net.PlanOutcome.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs plans: the one place where steps are carried out, timed, and taken back when one of them fails. */
public final class PlanRunner {
    private static final Logger log = LoggerFactory.getLogger(PlanRunner.class);

    private final Machine machine;
    private final LongSupplier nanos;

    public PlanRunner(Machine machine) {
        this(machine, System::nanoTime);
    }

    /** @param nanos a clock of which only differences count, in nanoseconds */
    public PlanRunner(Machine machine, LongSupplier nanos) {
        this.machine = machine;
        this.nanos = nanos;
    }

    /** Carries out the plan. If a step fails, what was done before it is taken back, in reverse. */
    public PlanOutcome run(List<Step> plan) {
        List<Phase> phases = new ArrayList<>();
        for (Batch batch : Batch.split(plan)) {
            try {
                timed(batch, "", plan, phases);
            } catch (StepFailed e) {
                int failed = batch.from() + e.index();
                log.atWarn()
                        .addKeyValue("step", plan.get(failed).title())
                        .addKeyValue("why", e.getMessage())
                        .log("step failed, undoing");
                List<Leftover> left = undo(plan.subList(0, failed), phases);
                String why = String.valueOf(e.getMessage());
                return left.isEmpty()
                        ? new PlanOutcome.Undone(plan.get(failed), why, phases)
                        : new PlanOutcome.Stuck(plan.get(failed), why, left, phases);
            }
        }
        return new PlanOutcome.Done(phases);
    }

    private List<Leftover> undo(List<Step> done, List<Phase> phases) {
        List<Step> undo = done.reversed().stream().map(Step::undo).toList();
        List<Leftover> left = new ArrayList<>();
        int next = 0;
        while (next < undo.size()) {
            List<Step> rest = undo.subList(next, undo.size());
            Batch batch = Batch.split(rest).getFirst();
            try {
                timed(batch, "undo ", rest, phases);
                next += batch.to();
            } catch (StepFailed e) {
                // What cannot be taken back does not keep the rest from it.
                left.add(new Leftover(rest.get(e.index()), String.valueOf(e.getMessage())));
                next += e.index() + 1;
            }
        }
        return left;
    }

    private void timed(Batch batch, String prefix, List<Step> steps, List<Phase> phases) throws StepFailed {
        long start = nanos.getAsLong();
        try {
            machine.apply(steps.subList(batch.from(), batch.to()));
        } finally {
            Phase phase = new Phase(
                    prefix + batch.tool().phase(),
                    batch.to() - batch.from(),
                    Duration.ofNanos(nanos.getAsLong() - start));
            phases.add(phase);
            log.atDebug()
                    .addKeyValue("step", phase.name())
                    .addKeyValue("steps", phase.steps())
                    .addKeyValue("millis", phase.took().toMillis())
                    .log("phase");
        }
    }
}
