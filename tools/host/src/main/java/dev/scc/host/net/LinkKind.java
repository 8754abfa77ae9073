package dev.scc.host.net;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.Ip;
import dev.scc.host.Later;

/** What sort of interface a link is, with what only that sort has. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
public sealed interface LinkKind {
    /** An 802.1Q sub-interface. {@code id} is 1 to 4094. */
    record Vlan(String parent, int id) implements LinkKind {
        public Vlan {
            Names.check(parent);
            if (id < 1 || id > 4094) {
                throw new IllegalArgumentException("VLAN " + id + " on " + parent + " is not within 1 to 4094");
            }
        }
    }

    /**
     * A VXLAN endpoint without learning or flooding. {@code vni} is 1 to 2^24-1, {@code port} a UDP port.
     *
     * @param proxy whether it answers requests of ARP itself, from the neighbours that it has
     */
    record Vxlan(
            int vni,
            String underlay,
            Ip local,
            int port,
            @Later boolean proxy) implements LinkKind {
        /** One that answers nothing. */
        public Vxlan(int vni, String underlay, Ip local, int port) {
            this(vni, underlay, local, port, false);
        }

        public Vxlan {
            Names.check(underlay);
            if (vni < 1 || vni > 0xFFFFFF) {
                throw new IllegalArgumentException("VNI " + vni + " is not within 1 to 16777215");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("UDP port " + port + " is not within 1 to 65535");
            }
        }
    }

    /** A second Ethernet address on a parent, in bridge mode. */
    record Macvlan(String parent) implements LinkKind {
        public Macvlan {
            Names.check(parent);
        }
    }

    /**
     * Our end of a cable whose other end is handed over into a network namespace of somebody's, and goes with this one. Its
     * frames pass to and from an overlay by rules, not by the kernel: whoever takes the overlay away takes it away, too.
     *
     * @param overlay empty if none of ours has the same owner
     */
    record Veth(String overlay) implements LinkKind {
        public Veth {
            if (!overlay.isEmpty()) {
                Names.check(overlay);
            }
        }

        /** Name of the other end until it is handed over, by that of ours. */
        public static String otherEnd(String name) {
            return name + "p";
        }
    }

    /**
     * An interface whose cable ends in a program: the virtual machine that opens it. Its frames pass to and from an overlay as those
     * of a {@link Veth} do. It stays when the program ends.
     *
     * @param overlay empty if none of ours has the same owner
     */
    record Tap(String overlay) implements LinkKind {
        public Tap {
            if (!overlay.isEmpty()) {
                Names.check(overlay);
            }
        }
    }

    /**
     * An end of WireGuard's tunnels to other nodes (wireguard(4)). It sits on nothing: its packets go where the kernel's routes lead.
     * Its key and its peers are objects of their own.
     */
    record Tunnel() implements LinkKind {}

    /**
     * The interface that this one sits on: without it, it cannot be, and in the kernel it goes when that one goes. Empty if it sits on
     * none.
     */
    default String below() {
        return switch (this) {
            case Vlan vlan -> vlan.parent();
            case Vxlan vxlan -> vxlan.underlay();
            case Macvlan macvlan -> macvlan.parent();
            case Veth veth -> veth.overlay();
            case Tap tap -> tap.overlay();
            case Tunnel _ -> "";
        };
    }
}
