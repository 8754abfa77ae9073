package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What became of a wish to run a job. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface JobOutcome {

    /** What could not be removed, by node; empty when nothing of the job is left. */
    List<String> left();

    /** No rank was started. */
    record Refused(Refusal refusal, List<String> left) implements JobOutcome {
        public Refused {
            left = List.copyOf(left);
        }
    }

    /**
     * It ran.
     *
     * @param notices what the caller should know beside how it ended
     */
    record Ended(JobEnd end, List<String> notices, List<String> left, Receipt receipt) implements JobOutcome {
        public Ended {
            notices = List.copyOf(notices);
            left = List.copyOf(left);
        }
    }
}
