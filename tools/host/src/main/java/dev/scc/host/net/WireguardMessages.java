package dev.scc.host.net;

import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.net.NetObject.TunnelEnd;
import dev.scc.host.net.NetObject.TunnelPeer;
import dev.scc.host.net.Netlink.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said to the kernel's WireGuard, and by it, over generic netlink. Numbers are those of Linux's genetlink.h and wireguard.h.
 * Pure.
 */
final class WireguardMessages {
    /** The name of its family. */
    static final String FAMILY = "wireguard";

    /** struct genlmsghdr: command, version, and two bytes of nothing. */
    static final int HEAD = 4;

    /** The family that knows the others, and its command. */
    static final int GENL_ID_CTRL = 0x10;

    private static final byte CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;

    private static final byte WG_CMD_GET_DEVICE = 0;
    private static final byte WG_CMD_SET_DEVICE = 1;
    private static final byte VERSION = 1;

    private static final int WGDEVICE_A_IFNAME = 2;
    private static final int WGDEVICE_A_PRIVATE_KEY = 3;
    private static final int WGDEVICE_A_PUBLIC_KEY = 4;
    private static final int WGDEVICE_A_LISTEN_PORT = 6;
    private static final int WGDEVICE_A_PEERS = 8;
    private static final int WGPEER_A_PUBLIC_KEY = 1;
    private static final int WGPEER_A_FLAGS = 3;
    private static final int WGPEER_A_ENDPOINT = 4;
    private static final int WGPEER_A_KEEPALIVE = 5;
    private static final int WGPEER_A_ALLOWEDIPS = 9;
    private static final int WGALLOWEDIP_A_FAMILY = 1;
    private static final int WGALLOWEDIP_A_IPADDR = 2;
    private static final int WGALLOWEDIP_A_CIDR_MASK = 3;
    private static final int WGPEER_F_REMOVE_ME = 1;
    private static final int WGPEER_F_REPLACE_ALLOWEDIPS = 2;
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final int WHOLE = 128;
    private static final int SOCKADDR_IN = 16;

    /**
     * How often something is sent to a peer without need, in seconds. Only the first time matters: it is at once, so a peer is known to
     * be there, or its new key to be right, before anybody waits for it.
     */
    private static final int KEEPALIVE = 3600;

    private WireguardMessages() {}

    static byte[] askFamily() {
        return message(CTRL_CMD_GETFAMILY, new AttributeBytes().with(CTRL_ATTR_FAMILY_NAME, FAMILY));
    }

    /** The number of the family, in an answer to that. */
    static Optional<Integer> family(Entry answer) {
        return answer.attribute(CTRL_ATTR_FAMILY_ID).map(id -> Short.toUnsignedInt(id.getShort(0)));
    }

    static byte[] askDevice(String link) {
        return message(WG_CMD_GET_DEVICE, new AttributeBytes().with(WGDEVICE_A_IFNAME, link));
    }

    /** @param secret the half of its key that the kernel needs */
    static byte[] add(TunnelEnd end, byte[] secret) {
        return message(
                WG_CMD_SET_DEVICE,
                new AttributeBytes()
                        .with(WGDEVICE_A_IFNAME, end.link())
                        .with(WGDEVICE_A_PRIVATE_KEY, secret)
                        .withShort(WGDEVICE_A_LISTEN_PORT, end.port()));
    }

    /** A key of nothing but zeros is none. */
    static byte[] remove(TunnelEnd end) {
        return add(new TunnelEnd(end.link(), end.own(), 0), new byte[TunnelKey.LENGTH]);
    }

    static byte[] add(TunnelPeer peer) {
        AttributeBytes address = new AttributeBytes()
                .withShort(WGALLOWEDIP_A_FAMILY, AF_INET6)
                .with(WGALLOWEDIP_A_IPADDR, bytes(peer.address()))
                .with(WGALLOWEDIP_A_CIDR_MASK, new byte[] {(byte) WHOLE});
        return peer(
                peer.link(),
                new AttributeBytes()
                        .with(WGPEER_A_PUBLIC_KEY, peer.peer().bytes())
                        .withInt(WGPEER_A_FLAGS, WGPEER_F_REPLACE_ALLOWEDIPS)
                        .with(WGPEER_A_ENDPOINT, socketAddress(peer))
                        .withShort(WGPEER_A_KEEPALIVE, KEEPALIVE)
                        .with(WGPEER_A_ALLOWEDIPS, new AttributeBytes().with(0, address)));
    }

    static byte[] remove(TunnelPeer peer) {
        return peer(
                peer.link(),
                new AttributeBytes()
                        .with(WGPEER_A_PUBLIC_KEY, peer.peer().bytes())
                        .withInt(WGPEER_A_FLAGS, WGPEER_F_REMOVE_ME));
    }

    private static byte[] peer(String link, AttributeBytes peer) {
        return message(
                WG_CMD_SET_DEVICE,
                new AttributeBytes()
                        .with(WGDEVICE_A_IFNAME, link)
                        .with(WGDEVICE_A_PEERS, new AttributeBytes().with(0, peer)));
    }

    private static byte[] message(byte command, AttributeBytes attributes) {
        byte[] rest = attributes.array();
        return ByteBuffer.allocate(HEAD + rest.length)
                .put(command)
                .put(VERSION)
                .putShort((short) 0)
                .put(rest)
                .array();
    }

    private static byte[] bytes(Ipv6 address) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(address.high())
                .putLong(address.low())
                .array();
    }

    /** struct sockaddr_in: the family in the machine's byte order, port and address in the network's, and eight bytes of nothing. */
    private static byte[] socketAddress(TunnelPeer peer) {
        ByteBuffer address = ByteBuffer.allocate(SOCKADDR_IN).order(ByteOrder.nativeOrder());
        address.putShort(AF_INET).order(ByteOrder.BIG_ENDIAN);
        return address.putShort((short) peer.port())
                .putInt(peer.endpoint().bits())
                .array();
    }

    /**
     * What the kernel tells of a device: itself and its peers, in one message or several. A peer whose addresses do not fit into one
     * message goes on in the next, with its key alone. One that we could not have made has the unspecified address, as nothing that is
     * wanted has.
     */
    static List<NetObject> device(String link, List<Entry> answers) {
        List<NetObject> objects = new ArrayList<>();
        Map<TunnelKey, Told> peers = new LinkedHashMap<>();
        for (Entry answer : answers) {
            Optional<TunnelKey> own = answer.attribute(WGDEVICE_A_PUBLIC_KEY).map(WireguardMessages::key);
            if (own.isPresent() && objects.isEmpty()) {
                objects.add(new TunnelEnd(
                        link,
                        own.get(),
                        answer.attribute(WGDEVICE_A_LISTEN_PORT)
                                .map(port -> Short.toUnsignedInt(port.getShort(0)))
                                .orElse(0)));
            }
            answer.attribute(WGDEVICE_A_PEERS)
                    .ifPresent(all -> Netlink.each(all, (_, peer) -> {
                        Map<Integer, ByteBuffer> attributes = Netlink.attributes(peer);
                        Optional.ofNullable(attributes.get(WGPEER_A_PUBLIC_KEY))
                                .map(WireguardMessages::key)
                                .ifPresent(key -> peers.computeIfAbsent(key, _ -> new Told())
                                        .and(attributes));
                    }));
        }
        peers.forEach((key, told) -> objects.add(told.peer(link, key)));
        return objects;
    }

    /** What has been told of a peer so far. */
    private static final class Told {
        private Optional<ByteBuffer> endpoint = Optional.empty();
        private final List<Optional<Ipv6>> allowed = new ArrayList<>();

        void and(Map<Integer, ByteBuffer> attributes) {
            endpoint = Optional.ofNullable(attributes.get(WGPEER_A_ENDPOINT))
                    .filter(address -> address.limit() >= SOCKADDR_IN && address.getShort(0) == AF_INET)
                    .map(address -> address.duplicate().order(ByteOrder.BIG_ENDIAN))
                    .or(() -> endpoint);
            Optional.ofNullable(attributes.get(WGPEER_A_ALLOWEDIPS))
                    .ifPresent(all -> Netlink.each(all, (_, one) -> allowed.add(allowed(one))));
        }

        TunnelPeer peer(String link, TunnelKey key) {
            return new TunnelPeer(
                    link,
                    key,
                    allowed.size() == 1 ? allowed.getFirst().orElse(new Ipv6(0, 0)) : new Ipv6(0, 0),
                    endpoint.map(address -> new Ipv4(address.getInt(4))).orElse(new Ipv4(0)),
                    endpoint.map(address -> Short.toUnsignedInt(address.getShort(2)))
                            .orElse(0));
        }
    }

    /** Empty if it is no single address of IPv6. */
    private static Optional<Ipv6> allowed(ByteBuffer bytes) {
        Map<Integer, ByteBuffer> attributes = Netlink.attributes(bytes);
        boolean single = Optional.ofNullable(attributes.get(WGALLOWEDIP_A_CIDR_MASK))
                .filter(mask -> Byte.toUnsignedInt(mask.get(0)) == WHOLE)
                .isPresent();
        return Optional.ofNullable(attributes.get(WGALLOWEDIP_A_IPADDR))
                .filter(address -> single && address.limit() == 2 * Long.BYTES)
                .map(address -> address.duplicate().order(ByteOrder.BIG_ENDIAN))
                .map(address -> new Ipv6(address.getLong(0), address.getLong(Long.BYTES)));
    }

    private static TunnelKey key(ByteBuffer bytes) {
        byte[] key = new byte[bytes.limit()];
        bytes.get(0, key);
        return TunnelKey.of(key);
    }
}
