package dev.scc.job.lead;

import dev.scc.job.JobTimes;
import dev.scc.job.RankSignal;
import dev.scc.job.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The times of a job that runs: its limit, the signal before that, and the grace. For one thread; what is due has its own. */
final class Deadlines implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

    private final JobTimes times;
    private final Switchboard switchboard;
    private final Tasks tasks;
    private final List<Tasks.Task> due = new ArrayList<>();

    Deadlines(JobTimes times, Switchboard switchboard, Tasks tasks) {
        this.tasks = tasks;
        this.times = times;
        this.switchboard = switchboard;
    }

    /** Something that is due some time. */
    @FunctionalInterface
    private interface Due {
        void happen() throws InterruptedException;
    }

    /** The job's ranks have been started. */
    void start() {
        times.limit().ifPresent(limit -> {
            times.early().ifPresent(early -> after(limit - early.before(), () -> switchboard.signal(early.signal())));
            String length = Duration.ofMillis(limit).toString().substring(2).toLowerCase(Locale.ROOT);
            after(
                    limit,
                    () -> switchboard
                            .occurrences()
                            .add(new Occurrence.TimeUp("its time limit of " + length + " was over")));
        });
    }

    /** The job is to end: its ranks hear of it, and have their time. */
    void grace() {
        after(0, () -> switchboard.signal(RankSignal.TERM));
        after(times.grace(), () -> switchboard.occurrences().add(new Occurrence.GraceOver()));
    }

    private void after(long millis, Due what) {
        due.add(tasks.start("job-deadline", () -> {
            try {
                tasks.sleep(Duration.ofMillis(millis));
                what.happen();
            } catch (InterruptedException e) {
                log.atTrace().log("job over");
            }
        }));
    }

    @Override
    public void close() {
        due.forEach(Tasks.Task::interrupt);
    }
}
