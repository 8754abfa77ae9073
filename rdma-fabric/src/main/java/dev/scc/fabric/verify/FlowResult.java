package dev.scc.fabric.verify;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.Bounds;

/**
 * What a flow has moved while the others of its round were there.
 *
 * @param round from 0
 */
public record FlowResult(int round, Flow flow, Outcome outcome) {

    /** How it ended. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    public sealed interface Outcome {}

    /**
     * The bytes arrived as they were sent, and the devices' counters moved.
     *
     * @param megabytesPerSecond of RDMA WRITE, in 10^6 bytes per second, in the middle half of the round
     */
    public record Moved(double megabytesPerSecond) implements Outcome {
        public Moved {
            if (!(megabytesPerSecond >= 0 && megabytesPerSecond < 1e12)) {
                throw new IllegalArgumentException(megabytesPerSecond + " MB/s is no measurement");
            }
        }
    }

    /** It was not there, or broke off, or changed bytes. */
    public record Broken(String why) implements Outcome {
        public Broken {
            why = Bounds.cut(why, ProbeOutcome.LONGEST_REASON);
        }
    }
}
