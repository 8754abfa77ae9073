package dev.scc.fabric.inventory;

import dev.scc.host.Bounds;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.IpNetwork;

/**
 * A network that a machine has to go on reaching where it reaches it now: nothing of a cluster's may have these addresses.
 *
 * @param detail what tells it from others of its kind, such as {@code via 10.99.0.1 on eth0}; may be empty
 */
public record Need(IpNetwork network, Kind kind, String detail) {

    /** Why it is needed. */
    public enum Kind {
        ROUTE("its route"),
        ADDRESS("its address"),
        SERVER("its server"),
        NAME_SERVER("its name server");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private static final int LONGEST_DETAIL = 200;

    public Need {
        detail = Bounds.cut(detail, LONGEST_DETAIL);
    }

    /** One address. */
    public static Need of(Ip address, Kind kind, String detail) {
        return new Need(IpNetwork.of(address), kind, detail);
    }

    boolean isIpv6() {
        return network instanceof Cidr6;
    }

    /** Such as {@code 172.16.0.0/12 (its route via 10.99.0.1 on eth0)}. */
    public String words() {
        return network + " (" + kind.words + (detail.isEmpty() ? "" : " " + detail) + ")";
    }
}
