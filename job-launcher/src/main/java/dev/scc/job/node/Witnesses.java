package dev.scc.job.node;

import dev.scc.job.JobRecord;
import dev.scc.job.JobState;
import dev.scc.job.history.JobHistory;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what this node knows of jobs of others whose lead was lost: else nobody would know that they were. */
public final class Witnesses {
    private static final Logger log = LoggerFactory.getLogger(Witnesses.class);

    /** A job whose lead was lost. */
    record Loss(JobRecord record, String why) {}

    private final JobHistory history;
    private final InstantSource clock;

    public Witnesses(JobHistory history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    void take(Loss loss) {
        JobRecord record = loss.record();
        if (history.find(record.job()).isPresent()) {
            return; // It has one of its own of that name, which nobody else changes.
        }
        history.begin(record);
        history.save(record.moved(
                new JobState.Lost("node " + record.lead() + ", which led it, was lost: " + loss.why()
                        + "; its ranks were ended, and what they wrote is with that node"),
                clock.instant()));
        log.atWarn()
                .addKeyValue("job", record.job())
                .addKeyValue("why", loss.why())
                .log("job lost with its lead");
    }
}
