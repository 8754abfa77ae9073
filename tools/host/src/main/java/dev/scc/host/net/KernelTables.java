package dev.scc.host.net;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.PriorityMap;
import dev.scc.host.net.Netlink.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the kernel's tables into objects: only what is ours, and of that only what we made, not the kernel. Numbers of
 * messages and attributes are those of Linux's rtnetlink.h, if_link.h, if_addr.h, neighbour.h and nf_tables.h.
 */
final class KernelTables {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_GETNEIGH = 30;
    private static final byte AF_INET = 2;
    private static final byte AF_BRIDGE = 7;
    private static final byte AF_INET6 = 10;
    private static final int IFF_UP = 1;
    private static final int NUD_PERMANENT = 0x80;
    private static final int IFA_F_PERMANENT = 0x80;

    // linux/if_link.h and linux/if_tun.h.
    private static final int IFLA_TUN_TYPE = 3;
    private static final byte IFF_TAP = 2;
    private static final int IFLA_VXLAN_LOCAL6 = 17;

    private static final int NFT_MSG_GETTABLE = 10 << 8 | 1;
    private static final byte NFPROTO_INET = 1;
    private static final byte NFPROTO_NETDEV = 5;
    private static final int NFTA_TABLE_NAME = 1;
    private static final int NFTA_TABLE_USERDATA = 6;
    private static final int NFT_MSG_GETRULE = 10 << 8 | 7;
    private static final int NFTA_RULE_TABLE = 1;
    private static final int NFTA_RULE_CHAIN = 2;
    private static final int NFTA_RULE_HANDLE = 3;
    private static final int NFTA_RULE_EXPRESSIONS = 4;

    private KernelTables() {}

    /** What is ours of links, addresses, neighbours and forwarding entries. */
    static List<NetObject> routes() throws IOException {
        try (Netlink netlink = Netlink.open(NetlinkSocket.ROUTE)) {
            List<Entry> all = netlink.dump(RTM_GETLINK, head(16, (byte) 0));
            Map<Integer, String> names = new HashMap<>();
            all.forEach(entry -> names.put(entry.head().getInt(4), entry.text(3).orElse("")));
            Set<Integer> finished = all.stream()
                    .filter(entry -> entry.text(20).orElse("").startsWith(LinuxMachine.MARK))
                    .map(entry -> entry.head().getInt(4))
                    .collect(Collectors.toSet());
            Map<Integer, Link> ours = new HashMap<>();
            for (Entry entry : all) {
                link(entry, names)
                        .filter(link -> !otherEnd(entry, link, finished))
                        .ifPresent(link -> ours.put(entry.head().getInt(4), link));
            }
            ours.replaceAll((_, link) -> onOverlay(link, ours.values()));
            List<NetObject> objects = new ArrayList<>(ours.values());
            for (Entry entry : all) {
                priorities(entry, ours).ifPresent(objects::add);
            }
            objects.addAll(Tunnels.observe(ours.values()));
            if (ours.isEmpty()) {
                return objects;
            }
            for (byte family : List.of(AF_INET, AF_INET6)) {
                for (Entry entry : netlink.dump(RTM_GETADDR, head(8, family))) {
                    address(entry, family, ours).ifPresent(objects::add);
                }
                for (Entry entry : netlink.dump(RTM_GETNEIGH, head(12, family))) {
                    neighbour(entry, family, ours).ifPresent(objects::add);
                }
            }
            if (ours.values().stream().anyMatch(link -> link.kind() instanceof LinkKind.Vxlan)) {
                for (Entry entry : netlink.dump(RTM_GETNEIGH, head(12, AF_BRIDGE))) {
                    forwarding(entry, ours).ifPresent(objects::add);
                }
            }
            return objects;
        }
    }

    /**
     * An nft table as the kernel tells of it.
     *
     * @param comment empty if it has none
     * @param rules stands for its rules: another rule, or one fewer, and it is another
     */
    record NftSeen(String comment, int rules) {}

    /** Our nft tables, by name. */
    static Map<String, NftSeen> nft() throws IOException {
        Map<String, NftSeen> tables = new TreeMap<>();
        try (Netlink netlink = Netlink.open(NetlinkSocket.NETFILTER)) {
            for (Entry entry : netlink.dump(NFT_MSG_GETTABLE, head(4, (byte) 0))) {
                String name = entry.text(NFTA_TABLE_NAME).orElse("");
                if (NetObject.NftTable.legal(name) && entry.head().get(0) == family(name)) {
                    String comment = entry.attribute(NFTA_TABLE_USERDATA)
                            .flatMap(KernelTables::comment)
                            .orElse("");
                    tables.put(name, new NftSeen(comment, rules(netlink, name)));
                }
            }
        }
        return tables;
    }

    static byte family(String table) {
        return NetObject.NftTable.family(table).equals("netdev") ? NFPROTO_NETDEV : NFPROTO_INET;
    }

    /** Of all rules the number, the chain, and what they do. */
    private static int rules(Netlink netlink, String table) throws IOException {
        byte[] name = (table + "\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer request = ByteBuffer.allocate(8 + (name.length + 3 & ~3)).order(ByteOrder.nativeOrder());
        request.put(family(table)).put(3, (byte) 0).position(4);
        request.putShort((short) (4 + name.length))
                .putShort((short) NFTA_RULE_TABLE)
                .put(name);
        int all = 1;
        for (Entry rule : netlink.dump(NFT_MSG_GETRULE, request.array(), 4)) {
            boolean here = rule.text(NFTA_RULE_TABLE).filter(table::equals).isPresent();
            if (here) {
                all = 31 * all
                        + Objects.hash(
                                rule.attribute(NFTA_RULE_HANDLE),
                                rule.attribute(NFTA_RULE_CHAIN),
                                rule.attribute(NFTA_RULE_EXPRESSIONS));
            }
        }
        return all;
    }

    /** What nft keeps with a table for itself is a list of type, length (a byte each) and value; the comment is type 0. */
    private static Optional<String> comment(ByteBuffer userData) {
        int at = 0;
        while (at + 2 <= userData.limit()) {
            int length = Byte.toUnsignedInt(userData.get(at + 1));
            if (userData.get(at) == 0 && at + 2 + length <= userData.limit()) {
                return Optional.of(Netlink.text(userData.slice(at + 2, length)));
            }
            at += 2 + length;
        }
        return Optional.empty();
    }

    /** Each question begins with a structure whose first byte is the family; the rest stays 0, which means all. */
    private static byte[] head(int length, byte family) {
        byte[] head = new byte[length];
        head[0] = family;
        return head;
    }

    // struct ifinfomsg: family, type (at 2), index (at 4), flags (at 8), change.
    static Optional<Link> link(Entry entry, Map<Integer, String> names) {
        String alias = entry.text(20).orElse("");
        boolean finished = alias.startsWith(LinuxMachine.MARK);
        boolean begun = entry.number(27) == LinuxMachine.GROUP;
        String name = entry.text(3).orElse("");
        if (!Names.legal(name) || !(finished || begun)) {
            return Optional.empty();
        }
        boolean up = (entry.head().getInt(8) & IFF_UP) != 0;
        String owner = finished && up ? alias.substring(LinuxMachine.MARK.length()) : "";
        return kind(entry, names)
                .map(kind -> new Link(
                        name, owner, kind, entry.number(4), entry.attribute(1).map(KernelTables::mac)));
    }

    private static Optional<LinkKind> kind(Entry entry, Map<Integer, String> names) {
        Map<Integer, ByteBuffer> info =
                entry.attribute(18).map(Netlink::attributes).orElse(Map.of());
        Entry data = new Entry(
                entry.head(),
                Optional.ofNullable(info.get(2)).map(Netlink::attributes).orElse(Map.of()));
        // A parent in another namespace has a number of that one's; no name here is its name.
        String parent = entry.attribute(37).isPresent() ? "" : names.getOrDefault(entry.number(5), "");
        return switch (Optional.ofNullable(info.get(1)).map(Netlink::text).orElse("")) {
            case "vlan" ->
                Optional.of(new LinkKind.Vlan(
                        parent,
                        data.attribute(1)
                                .map(id -> Short.toUnsignedInt(id.getShort(0)))
                                .orElse(0)));
            case "macvlan" -> Optional.of(new LinkKind.Macvlan(parent));
            case "veth" -> Optional.of(new LinkKind.Veth(""));
            case "wireguard" -> Optional.of(new LinkKind.Tunnel());
            case "tun" ->
                data.attribute(IFLA_TUN_TYPE)
                        .filter(type -> type.get(0) == IFF_TAP)
                        .map(_ -> new LinkKind.Tap(""));
            case "vxlan" ->
                Optional.of(new LinkKind.Vxlan(
                        data.number(1),
                        names.getOrDefault(data.number(3), ""),
                        data.attribute(4)
                                .or(() -> data.attribute(IFLA_VXLAN_LOCAL6))
                                .map(KernelTables::ip)
                                .orElse(new Ipv4(0)),
                        data.attribute(15)
                                .map(port -> Short.toUnsignedInt(network(port).getShort(0)))
                                .orElse(0),
                        data.attribute(11).filter(proxy -> proxy.get(0) != 0).isPresent()));
            default -> Optional.empty();
        };
    }

    /** That of a cable of ours which is still here is part of it, as it is elsewhere. */
    private static boolean otherEnd(Entry entry, Link link, Set<Integer> finished) {
        return link.kind() instanceof LinkKind.Veth
                && !finished.contains(entry.head().getInt(4))
                && entry.attribute(37).isEmpty()
                && finished.contains(entry.number(5));
    }

    /** The kernel does not know whose frames pass through it; its owner does. */
    private static Link onOverlay(Link link, Collection<Link> ours) {
        boolean passed = link.kind() instanceof LinkKind.Veth || link.kind() instanceof LinkKind.Tap;
        if (!passed || link.owner().isEmpty()) {
            return link;
        }
        String overlay = ours.stream()
                .filter(other ->
                        other.kind() instanceof LinkKind.Vxlan && other.owner().equals(link.owner()))
                .map(Link::name)
                .min(Comparator.naturalOrder())
                .orElse("");
        LinkKind kind = link.kind() instanceof LinkKind.Tap ? new LinkKind.Tap(overlay) : new LinkKind.Veth(overlay);
        return new Link(link.name(), link.owner(), kind, link.mtu(), link.mac());
    }

    /** Only where it is not empty. Of IFLA_VLAN_EGRESS_QOS, each entry is a struct ifla_vlan_qos_mapping: from, to. */
    static Optional<PriorityMap> priorities(Entry entry, Map<Integer, Link> ours) {
        Link link = ours.get(entry.head().getInt(4));
        if (link == null || !(link.kind() instanceof LinkKind.Vlan)) {
            return Optional.empty();
        }
        Map<Integer, Integer> egress = new HashMap<>();
        entry.attribute(18)
                .map(info -> Netlink.attributes(info).get(2))
                .map(data -> Netlink.attributes(data).get(3))
                .ifPresent(map -> Netlink.each(map, (_, pair) -> {
                    // Whatever somebody has set by hand there: the kernel takes priorities that nothing of ours has.
                    if (pair.getInt(0) >= 0 && pair.getInt(4) >= 1 && pair.getInt(4) <= 7) {
                        egress.put(pair.getInt(0), pair.getInt(4));
                    }
                }));
        return egress.isEmpty() ? Optional.empty() : Optional.of(new PriorityMap(link.name(), egress));
    }

    /** Not those that the kernel makes out of a router's advertisements, which it would make again and again: they have an end. */
    // struct ifaddrmsg: family, prefixlen, flags, scope, index (at 4).
    private static Optional<Address> address(Entry entry, byte family, Map<Integer, Link> ours) {
        Link link = ours.get(entry.head().getInt(4));
        boolean advertised = family == AF_INET6 && (entry.head().get(2) & IFA_F_PERMANENT) == 0;
        if (link == null || entry.head().get(0) != family || advertised) {
            return Optional.empty();
        }
        return local(entry)
                .map(local -> new Address(
                        link.name(), local, Byte.toUnsignedInt(entry.head().get(1))));
    }

    /** Of IPv6 it is told as IFA_LOCAL only if there is another end with an address of its own. */
    static Optional<Ip> local(Entry entry) {
        return entry.attribute(2).or(() -> entry.attribute(1)).map(KernelTables::ip);
    }

    // struct ndmsg: family, ifindex (at 4), state (at 8), flags (at 10), type.
    private static Optional<Neighbour> neighbour(Entry entry, byte family, Map<Integer, Link> ours) {
        Link link = ours.get(entry.head().getInt(4));
        if (link == null || entry.head().get(0) != family || !permanent(entry)) {
            return Optional.empty();
        }
        return entry.attribute(1)
                .flatMap(address -> entry.attribute(2).map(mac -> new Neighbour(link.name(), ip(address), mac(mac))));
    }

    /** The kernel's own entries have no destination. */
    private static Optional<Fdb> forwarding(Entry entry, Map<Integer, Link> ours) {
        Link link = ours.get(entry.head().getInt(4));
        if (link == null || entry.head().get(0) != AF_BRIDGE || !permanent(entry)) {
            return Optional.empty();
        }
        return entry.attribute(1)
                .flatMap(remote -> entry.attribute(2).map(mac -> new Fdb(link.name(), mac(mac), ip(remote))));
    }

    private static boolean permanent(Entry entry) {
        return (Short.toUnsignedInt(entry.head().getShort(8)) & NUD_PERMANENT) != 0;
    }

    static Ip ip(ByteBuffer bytes) {
        return bytes.limit() == Integer.BYTES
                ? ipv4(bytes)
                : new Ipv6(network(bytes).getLong(0), network(bytes).getLong(Long.BYTES));
    }

    static Ipv4 ipv4(ByteBuffer bytes) {
        return new Ipv4(network(bytes).getInt(0));
    }

    /** Addresses and ports are in network order, whatever the machine's is. */
    private static ByteBuffer network(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    static Mac mac(ByteBuffer bytes) {
        byte[] mac = new byte[bytes.limit()];
        bytes.get(0, mac);
        return new Mac(HexFormat.ofDelimiter(":").formatHex(mac));
    }
}
