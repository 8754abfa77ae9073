package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.Bounds;

/** How a probe of the way from one member of a VPC to another ended. Sizes are those of IPv4 packets inside the VPC, in bytes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface PathOutcome {
    /** Characters. */
    int LONGEST_REASON = 300;

    /**
     * Packets as large as the VPC's MTU went there and came back.
     *
     * @param mtu their size
     */
    record Passed(int mtu) implements PathOutcome {
        public Passed {
            Bounds.within("mtu", mtu, 0, 65_535);
        }
    }

    /**
     * Small packets came back, those as large as the VPC's MTU did not.
     *
     * @param mtu the VPC's
     * @param passes the largest that came back
     */
    record Narrow(int mtu, int passes) implements PathOutcome {
        public Narrow {
            Bounds.within("mtu", mtu, 0, 65_535);
            Bounds.within("passes", passes, 0, 65_535);
        }
    }

    /**
     * Nothing came back, whatever its size.
     *
     * @param heard whether the other member's own probes arrived: then it is the way there on which packets are lost
     */
    record Silent(boolean heard) implements PathOutcome {}

    /** The probing member cannot send at all: its interface or address is not there, or its kernel refuses. */
    record Unable(String why) implements PathOutcome {
        public Unable {
            why = Bounds.cut(why, LONGEST_REASON);
        }
    }

    /** Nobody has said anything of it. */
    record NotTried(String why) implements PathOutcome {
        public NotTried {
            why = Bounds.cut(why, LONGEST_REASON);
        }
    }
}
