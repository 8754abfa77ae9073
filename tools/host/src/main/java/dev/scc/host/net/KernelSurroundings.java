package dev.scc.host.net;

import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.Netlink.Entry;
import dev.scc.host.net.Surroundings.Interface;
import dev.scc.host.net.Surroundings.Route;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the kernel's tables for what is not ours. Numbers are those of Linux's rtnetlink.h and if_link.h. */
final class KernelSurroundings {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_GETROUTE = 26;
    private static final byte AF_INET = 2;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int RTN_UNICAST = 1;
    /** Two routes to half of all addresses each are how VPNs spell a default route. */
    private static final int SHORTEST_PREFIX = 2;

    private static final List<String> STATES =
            List.of("UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP");

    private KernelSurroundings() {}

    /** Of the calling thread's namespace. */
    static Surroundings read() throws IOException {
        try (Netlink netlink = Netlink.open(NetlinkSocket.ROUTE)) {
            Map<Integer, Entry> links = new TreeMap<>();
            for (Entry link : netlink.dump(RTM_GETLINK, head(16))) {
                if (!ours(link)) {
                    links.put(link.head().getInt(4), link);
                }
            }
            Map<Integer, List<String>> addresses = new TreeMap<>();
            // struct ifaddrmsg: family, prefixlen, flags, scope, index (at 4).
            for (Entry address : netlink.dump(RTM_GETADDR, head(8))) {
                address.attribute(2)
                        .map(KernelSurroundings::ipv4)
                        .ifPresent(local -> addresses
                                .computeIfAbsent(address.head().getInt(4), _ -> new ArrayList<>())
                                .add(local + "/"
                                        + Byte.toUnsignedInt(address.head().get(1))));
            }
            List<Interface> interfaces = new ArrayList<>();
            links.forEach((index, link) -> interfaces.add(of(link, addresses.getOrDefault(index, List.of()))));
            List<Route> routes = new ArrayList<>();
            for (Entry route : netlink.dump(RTM_GETROUTE, head(12))) {
                route(route, links).ifPresent(routes::add);
            }
            return new Surroundings(interfaces, routes);
        }
    }

    private static byte[] head(int length) {
        byte[] head = new byte[length];
        head[0] = length == 16 ? 0 : AF_INET;
        return head;
    }

    /** Finished or not: the group marks a link of ours from its first instant. */
    static boolean ours(Entry link) {
        return link.text(20).orElse("").startsWith(LinuxMachine.MARK) || link.number(27) == LinuxMachine.GROUP;
    }

    // struct ifinfomsg: family, type (at 2), index (at 4), flags (at 8), change.
    private static Interface of(Entry link, List<String> addresses) {
        int state = link.attribute(16).map(byteOf -> (int) byteOf.get(0)).orElse(0);
        return new Interface(
                link.text(3).orElse(""),
                Short.toUnsignedInt(link.head().getShort(2)) == ARPHRD_LOOPBACK,
                link.attribute(1).map(KernelSurroundings::mac).orElse(""),
                link.number(4),
                state < STATES.size() ? STATES.get(state) : STATES.getFirst(),
                addresses);
    }

    // struct rtmsg: family, dst_len (at 1), src_len, tos, table, protocol, scope, type (at 7), flags.
    private static Optional<Route> route(Entry route, Map<Integer, Entry> links) {
        int prefix = Byte.toUnsignedInt(route.head().get(1));
        boolean leads = Byte.toUnsignedInt(route.head().get(7)) == RTN_UNICAST && prefix >= SHORTEST_PREFIX;
        // A cached exception of a route (RTM_F_CLONED) is no route of its own.
        boolean cached = (route.head().getInt(8) & 0x200) != 0;
        Optional<ByteBuffer> to = route.attribute(1);
        if (!leads || cached || to.isEmpty()) {
            return Optional.empty();
        }
        Cidr network = new Cidr(ipv4(to.get()), prefix);
        Optional<ByteBuffer> several = route.attribute(9);
        if (several.isPresent() && several.get().limit() >= 8) {
            // struct rtnexthop: length, flags, hops, index (at 4); then attributes.
            ByteBuffer first = several.get();
            int length = Short.toUnsignedInt(first.getShort(0));
            Map<Integer, ByteBuffer> hop =
                    Netlink.attributes(first.slice(8, length - 8).order(ByteOrder.nativeOrder()));
            return through(network, Optional.ofNullable(hop.get(5)), first.getInt(4), links);
        }
        return through(network, route.attribute(5), route.number(4), links);
    }

    private static Optional<Route> through(
            Cidr to, Optional<ByteBuffer> gateway, int device, Map<Integer, Entry> links) {
        return Optional.ofNullable(links.get(device))
                .map(link -> new Route(
                        to,
                        gateway.filter(address -> address.limit() == 4)
                                .map(address -> ipv4(address).toString())
                                .orElse(""),
                        link.text(3).orElse("")));
    }

    private static Ipv4 ipv4(ByteBuffer bytes) {
        return new Ipv4(bytes.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0));
    }

    private static String mac(ByteBuffer bytes) {
        byte[] mac = new byte[bytes.limit()];
        bytes.get(0, mac);
        return HexFormat.ofDelimiter(":").formatHex(mac);
    }
}
