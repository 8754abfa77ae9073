package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/** How a job that was started ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface JobEnd {

    /** Why it did not end well; empty if it did. */
    default Optional<String> cause() {
        return switch (this) {
            case Done _ -> Optional.empty();
            case Failed failed -> Optional.of(failed.why());
            case NodeLost lost -> Optional.of(lost.why());
            case Cancelled cancelled -> Optional.of(cancelled.why());
            case TimedOut over -> Optional.of(over.why());
        };
    }

    /** All ranks ended, and well. */
    record Done() implements JobEnd {}

    /**
     * A part of the program ended badly, the first that did.
     *
     * @param status the one that the program or its launcher gave; not 0
     * @param why as a sentence that names rank and node
     */
    record Failed(int status, String why) implements JobEnd {
        public Failed {
            if (status == 0) {
                throw new IllegalArgumentException("a job that failed has status 0: " + why);
            }
        }
    }

    /**
     * A node left the job, or was lost, and all others ended theirs.
     *
     * @param why as a sentence that names the node
     */
    record NodeLost(String why) implements JobEnd {}

    /**
     * It had run for as long as it was to, and was ended.
     *
     * @param why as a sentence
     */
    record TimedOut(String why) implements JobEnd {}

    /**
     * Somebody had it ended.
     *
     * @param why who, as a sentence
     */
    record Cancelled(String why) implements JobEnd {}
}
