package dev.scc.host.net;

import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.FilterCounts.Count;
import dev.scc.host.net.FilterCounts.Noted;
import dev.scc.host.net.FilterCounts.Ports;
import dev.scc.host.net.Netlink.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads what our nft tables count and note. Numbers of messages and attributes are those of Linux's nf_tables.h; numbers of 64
 * bits are in network order there, and each field of a key begins at a multiple of 4 bytes.
 */
final class KernelCounts {
    private static final int NFT_MSG_GETTABLE = 10 << 8 | 1;
    private static final int NFT_MSG_GETSET = 10 << 8 | 10;
    private static final int NFT_MSG_GETSETELEM = 10 << 8 | 13;
    private static final int NFT_MSG_GETOBJ = 10 << 8 | 19;
    private static final int HEAD = 4;
    private static final int NFT_OBJECT_COUNTER = 1;
    private static final int NFTA_SET_TIMEOUT = 11;
    private static final int NFTA_SET_ELEM_EXPIRATION = 5;
    private static final int NFTA_SET_ELEM_EXPR = 7;

    /** Of one table: an answer has to fit a message, however much is dropped. */
    private static final int MOST_NOTED = 200;

    /** What a key has beside two addresses: the protocol, and two ports. */
    private static final int WITH_PORTS = 12;

    private static final int WITHOUT_PORTS = 4;

    private KernelCounts() {}

    /** What those of the tables have that are there. */
    static Map<String, FilterCounts> read(Collection<String> tables) throws IOException {
        Map<String, FilterCounts> all = new TreeMap<>();
        try (Netlink netlink = Netlink.open(NetlinkSocket.NETFILTER)) {
            for (String table : there(netlink, tables)) {
                all.put(table, table(netlink, table));
            }
        }
        return all;
    }

    /** The same without what they have noted. */
    static Map<String, FilterCounts> counters(Collection<String> tables) throws IOException {
        Map<String, FilterCounts> all = new TreeMap<>();
        try (Netlink netlink = Netlink.open(NetlinkSocket.NETFILTER)) {
            for (String table : there(netlink, tables)) {
                all.put(table, new FilterCounts(counters(netlink, table), List.of(), false));
            }
        }
        return all;
    }

    private static List<String> there(Netlink netlink, Collection<String> tables) throws IOException {
        List<String> there = new ArrayList<>();
        for (Entry entry : netlink.dump(NFT_MSG_GETTABLE, new byte[HEAD])) {
            String name = entry.text(1).orElse("");
            if (tables.contains(name)
                    && NetObject.NftTable.legal(name)
                    && entry.head().get(0) == KernelTables.family(name)) {
                there.add(name);
            }
        }
        return there;
    }

    private static Map<String, Count> counters(Netlink netlink, String table) throws IOException {
        Map<String, Count> counters = new HashMap<>();
        for (Entry object : netlink.dump(NFT_MSG_GETOBJ, question(table), HEAD)) {
            if (isOf(object, table) && network(object, 3) == NFT_OBJECT_COUNTER) {
                object.attribute(4)
                        .ifPresent(data -> counters.put(object.text(2).orElse(""), count(data)));
            }
        }
        return counters;
    }

    private static FilterCounts table(Netlink netlink, String table) throws IOException {
        List<Noted> noted = new ArrayList<>();
        boolean more = false;
        for (Entry set : netlink.dump(NFT_MSG_GETSET, question(table), HEAD)) {
            String name = set.text(2).orElse("");
            if (isOf(set, table) && name.startsWith(FilterCounts.NOTES)) {
                long timeout = set.attribute(NFTA_SET_TIMEOUT)
                        .map(KernelCounts::number)
                        .orElse(0L);
                List<Noted> its = elements(netlink, table, name, timeout);
                more |= its.size() >= size(set);
                noted.addAll(its);
            }
        }
        noted.sort(Comparator.comparingLong(Noted::age));
        return new FilterCounts(
                counters(netlink, table),
                noted.subList(0, Math.min(MOST_NOTED, noted.size())),
                more || noted.size() > MOST_NOTED);
    }

    /** How many elements it has at most: the first attribute of its description. */
    private static long size(Entry set) {
        return set.attribute(9)
                .map(description -> Netlink.attributes(description).get(1))
                .map(size -> Integer.toUnsignedLong(inOrder(size).getInt(0)))
                .orElse(Long.MAX_VALUE);
    }

    private static List<Noted> elements(Netlink netlink, String table, String set, long timeout) throws IOException {
        List<Noted> noted = new ArrayList<>();
        for (Entry part : netlink.dump(NFT_MSG_GETSETELEM, question(table, set), HEAD)) {
            part.attribute(3)
                    .ifPresent(elements -> Netlink.each(
                            elements,
                            (_, element) -> noted(set, element, timeout).ifPresent(noted::add)));
        }
        return noted;
    }

    /**
     * What an element says; empty if its key is of another kind.
     *
     * @param timeout of the set's elements, in milliseconds: each packet has it begin anew
     */
    static Optional<Noted> noted(String set, ByteBuffer element, long timeout) {
        Map<Integer, ByteBuffer> attributes = Netlink.attributes(element);
        Optional<ByteBuffer> key = Optional.ofNullable(attributes.get(1))
                .map(data -> Netlink.attributes(data).get(1))
                .map(KernelCounts::inOrder)
                .filter(bytes -> addresses(bytes).isPresent());
        long left = Optional.ofNullable(attributes.get(NFTA_SET_ELEM_EXPIRATION))
                .map(KernelCounts::number)
                .orElse(timeout);
        Count count = Optional.ofNullable(attributes.get(NFTA_SET_ELEM_EXPR))
                .map(expression -> Netlink.attributes(expression).get(2))
                .map(KernelCounts::count)
                .orElse(Count.NONE);
        return key.map(bytes -> noted(set, bytes, addresses(bytes).orElseThrow(), Math.max(0, timeout - left), count));
    }

    private static Noted noted(String set, ByteBuffer key, int address, long age, Count count) {
        int rest = 2 * address;
        return new Noted(
                set,
                KernelTables.ip(key.slice(0, address)),
                KernelTables.ip(key.slice(address, address)),
                Byte.toUnsignedInt(key.get(rest)),
                key.limit() == rest + WITH_PORTS
                        ? Optional.of(new Ports(
                                Short.toUnsignedInt(key.getShort(rest + 4)),
                                Short.toUnsignedInt(key.getShort(rest + 8))))
                        : Optional.empty(),
                age,
                count);
    }

    /** How many bytes each of the two addresses of a key has; empty if it is another kind of key. */
    private static Optional<Integer> addresses(ByteBuffer key) {
        return Stream.of(Integer.BYTES, 4 * Integer.BYTES)
                .filter(address ->
                        key.limit() == 2 * address + WITH_PORTS || key.limit() == 2 * address + WITHOUT_PORTS)
                .findFirst();
    }

    private static Count count(ByteBuffer data) {
        Map<Integer, ByteBuffer> attributes = Netlink.attributes(data);
        return new Count(number(attributes, 2), number(attributes, 1));
    }

    private static long number(Map<Integer, ByteBuffer> attributes, int type) {
        return Optional.ofNullable(attributes.get(type))
                .map(KernelCounts::number)
                .orElse(0L);
    }

    private static long number(ByteBuffer bytes) {
        return inOrder(bytes).getLong(0);
    }

    private static int network(Entry entry, int type) {
        return entry.attribute(type).map(bytes -> inOrder(bytes).getInt(0)).orElse(0);
    }

    private static ByteBuffer inOrder(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    private static boolean isOf(Entry entry, String table) {
        return entry.text(1).filter(table::equals).isPresent();
    }

    /** About a table, or a set of it: attributes 1 and 2 name them in each of these questions. */
    private static byte[] question(String table, String... set) {
        List<byte[]> names = new ArrayList<>();
        names.add(zeroed(table));
        for (String name : set) {
            names.add(zeroed(name));
        }
        int length = HEAD;
        for (byte[] name : names) {
            length += 4 + (name.length + 3 & ~3);
        }
        ByteBuffer question = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        question.put(0, KernelTables.family(table)).position(HEAD);
        short type = 1;
        for (byte[] name : names) {
            int start = question.position();
            question.putShort((short) (4 + name.length)).putShort(type++).put(name);
            question.position(start + 4 + (name.length + 3 & ~3));
        }
        return question.array();
    }

    private static byte[] zeroed(String name) {
        return (name + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
