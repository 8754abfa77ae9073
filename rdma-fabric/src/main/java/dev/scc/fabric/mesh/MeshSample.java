package dev.scc.fabric.mesh;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.Bounds;

/** How one probe of the mesh ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface MeshSample {
    /** Characters. */
    int LONGEST_REASON = 200;

    /** When it began, by the clock of the node that probes, in milliseconds since 1970. */
    long at();

    /**
     * Round trips came back.
     *
     * @param micros half of a SEND/RECV round trip in microseconds, median of the probe
     * @param worstMicros the longest of the probe, likewise
     */
    record Answered(long at, double micros, double worstMicros) implements MeshSample {
        public Answered {
            if (!(micros >= 0 && micros <= worstMicros && worstMicros < 1e12)) {
                throw new IllegalArgumentException(micros + " and " + worstMicros + " are no measurement");
            }
        }
    }

    /** The member was not reached, or did not go on. */
    record Lost(long at, String why) implements MeshSample {
        public Lost {
            why = Bounds.cut(why, LONGEST_REASON);
        }
    }

    /** The member's device turns probes away: its agent takes no part in the mesh, or is just being started. Tells nothing of the way there. */
    record TurnedAway(long at, String why) implements MeshSample {
        public TurnedAway {
            why = Bounds.cut(why, LONGEST_REASON);
        }
    }
}
