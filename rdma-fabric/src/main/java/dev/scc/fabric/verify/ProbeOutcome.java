package dev.scc.fabric.verify;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.Bounds;

/** How a probe of one pair ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface ProbeOutcome {
    /** Characters. */
    int LONGEST_REASON = 500;

    /**
     * SEND/RECV, RDMA WRITE and RDMA READ all went through with the bytes as expected, and the device's counters moved.
     *
     * @param latencyMicrosP50 half of a SEND/RECV round trip in microseconds, median
     * @param latencyMicrosP99 likewise, 99th percentile
     * @param writeMBps RDMA WRITE bandwidth in 10^6 bytes per second
     * @param readMBps RDMA READ bandwidth, likewise
     * @param sentPackets how far the device's counter of sent packets moved during the probe
     */
    record Passed(double latencyMicrosP50, double latencyMicrosP99, double writeMBps, double readMBps, long sentPackets)
            implements ProbeOutcome {
        public Passed {
            checkFigure("latencyMicrosP50", latencyMicrosP50);
            checkFigure("latencyMicrosP99", latencyMicrosP99);
            checkFigure("writeMBps", writeMBps);
            checkFigure("readMBps", readMBps);
            Bounds.within("sentPackets", sentPackets, 0, Long.MAX_VALUE);
        }

        private static void checkFigure(String field, double figure) {
            if (!(figure >= 0 && figure < 1e12)) {
                throw new IllegalArgumentException(field + ": " + figure + " is no measurement");
            }
        }

        /** What a probe shows that measured nothing. */
        public static final Passed NOTHING = new Passed(0, 0, 0, 0, 0);
    }

    /** Something did not go through, or not as expected: what, and why. */
    record Failed(String why) implements ProbeOutcome {
        public Failed {
            why = Bounds.cut(why, LONGEST_REASON);
        }
    }

    /** Nobody has reported the pair: nothing is known of its link. */
    record NotTried(String why) implements ProbeOutcome {
        public NotTried {
            why = Bounds.cut(why, LONGEST_REASON);
        }
    }
}
