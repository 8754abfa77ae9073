package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.Later;
import java.util.List;

/** What became of a request. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Outcome {

    /** When it was written, in milliseconds since 1970. */
    long at();

    /** Taken up; the outcome follows. */
    @JsonTypeName("InProgress")
    record InProgress(long at) implements Outcome {}

    /**
     * Done.
     *
     * @param left what is left behind, with the nodes: on nodes that were not there to clean up
     * @param freed what went with it, and is free for others
     */
    @JsonTypeName("Done")
    record Done(long at, List<String> left, @Later List<String> freed) implements Outcome {
        public Done {
            left = List.copyOf(left);
            freed = List.copyOf(freed);
        }

        /** One with which nothing else went. */
        public Done(long at, List<String> left) {
            this(at, left, List.of());
        }
    }

    /** Not taken up; nothing has changed. */
    @JsonTypeName("Refused")
    record Refused(long at, Refusal reason, String why) implements Outcome {}

    /** Taken up, and failed. */
    @JsonTypeName("Failed")
    record Failed(long at, Failure failure) implements Outcome {}
}
