package dev.scc.simulation.mutants;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Has mutants judged by those who execute their line, and believes no objection that is made to what is not changed, too. */
final class Hearing {
    private final Jury jury;
    private final Bench bench;
    private final Duration within;

    /** @param within how long a mutant may be judged by those who are content with it */
    Hearing(Jury jury, Bench bench, Duration within) {
        this.jury = jury;
        this.bench = bench;
        this.within = within;
    }

    /** Who objects to the mutant and why; empty if nobody does. */
    String objection(Mutant mutant) throws IOException, InterruptedException {
        List<Judge> left = jury.judges(mutant, within);
        while (!left.isEmpty()) {
            Round round = new Round(left);
            String objection = bench.obey(order(mutant, left), round);
            round.over(objection);
            if (objection.isEmpty()) {
                return "";
            }
            int last = round.last;
            if (last < 0 || confirmed(mutant, left.get(last))) {
                return (last < 0 ? "Java" : left.get(last).name()) + " " + objection;
            }
            left = left.subList(last + 1, left.size());
        }
        return "";
    }

    /**
     * A mutant before may have left something in the process, and who waits for real time, or takes long, may have waited for
     * a busy machine: so whoever objects has to be content with what is not changed, and in the second case has to object
     * again.
     */
    private boolean confirmed(Mutant mutant, Judge judge) throws IOException, InterruptedException {
        boolean hung = !bench.lives();
        boolean content = objects(List.of("check", judge.name()), judge).isEmpty();
        if (content && !judge.waits() && !hung) {
            return true;
        }
        if (!content) {
            bench.close();
        }
        return !objects(order(mutant, List.of(judge)), judge).isEmpty()
                && (content || objects(List.of("check", judge.name()), judge).isEmpty());
    }

    private String objects(List<String> order, Judge judge) throws IOException, InterruptedException {
        return bench.obey(order, _ -> Judge.limit(jury.usual(judge)));
    }

    private static List<String> order(Mutant mutant, List<Judge> judges) {
        List<String> order = new ArrayList<>(List.of(
                "judge",
                mutant.type(),
                mutant.method(),
                Integer.toString(mutant.element()),
                mutant.operator().name()));
        judges.forEach(judge -> order.add(judge.name()));
        return order;
    }

    /** Judges who judge one after the other. */
    private final class Round implements Bench.Listener {
        private final List<Judge> judges;
        private int last = -1;
        private long began;

        Round(List<Judge> judges) {
            this.judges = judges;
        }

        @Override
        public Duration begins(String name) {
            over("");
            last++;
            began = System.nanoTime();
            return Judge.limit(jury.usual(judges.get(last)));
        }

        void over(String objection) {
            if (last >= 0) {
                jury.judged(judges.get(last), !objection.isEmpty(), Duration.ofNanos(System.nanoTime() - began));
            }
        }
    }
}
