package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a job that was started ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface JobEnd {

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
}
