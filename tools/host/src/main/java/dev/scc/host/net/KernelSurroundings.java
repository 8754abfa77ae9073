package dev.scc.host.net;

import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.IpNetwork;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
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
    private static final byte AF_INET6 = 10;
    private static final int IPV6_BYTES = 16;
    /** On every link, and no network that anything else could have. */
    private static final List<Cidr6> EVERYWHERE =
            List.of(Cidr6.parse("fe80::/10"), Cidr6.parse("ff00::/8"), Cidr6.parse("::1/128"));

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
            for (Entry link : netlink.dump(RTM_GETLINK, head(16, (byte) 0))) {
                if (!ours(link)) {
                    links.put(link.head().getInt(4), link);
                }
            }
            Map<Integer, List<String>> addresses = new TreeMap<>();
            // struct ifaddrmsg: family, prefixlen, flags, scope, index (at 4).
            for (Entry address : netlink.dump(RTM_GETADDR, head(8, AF_INET))) {
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
            for (byte family : new byte[] {AF_INET, AF_INET6}) {
                for (Entry route : netlink.dump(RTM_GETROUTE, head(12, family))) {
                    route(route, links).ifPresent(routes::add);
                }
            }
            return new Surroundings(interfaces, routes);
        }
    }

    private static byte[] head(int length, byte family) {
        byte[] head = new byte[length];
        head[0] = family;
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
        IpNetwork network = network(to.get(), prefix);
        if (EVERYWHERE.stream().anyMatch(network::overlaps)) {
            return Optional.empty();
        }
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
            IpNetwork to, Optional<ByteBuffer> gateway, int device, Map<Integer, Entry> links) {
        return Optional.ofNullable(links.get(device))
                .map(link -> new Route(
                        to,
                        gateway.filter(address -> address.limit() == 4 || address.limit() == IPV6_BYTES)
                                .map(address -> address(address).toString())
                                .orElse(""),
                        link.text(3).orElse("")));
    }

    private static IpNetwork network(ByteBuffer bytes, int prefix) {
        return switch (address(bytes)) {
            case Ipv4 four -> new Cidr(four, prefix);
            case Ipv6 six -> new Cidr6(six, prefix);
        };
    }

    private static Ip address(ByteBuffer bytes) {
        return bytes.limit() == IPV6_BYTES ? ipv6(bytes) : ipv4(bytes);
    }

    private static Ipv6 ipv6(ByteBuffer bytes) {
        ByteBuffer network = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
        return new Ipv6(network.getLong(0), network.getLong(Long.BYTES));
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
