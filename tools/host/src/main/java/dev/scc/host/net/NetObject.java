package dev.scc.host.net;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Mac;
import dev.scc.host.Memo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One thing in a node's network that scc makes. Two objects with the same {@link #key()} are the same thing, perhaps with
 * other contents. Links carry the mark of their owner in the kernel's {@code ifalias}; addresses, forwarding entries and
 * neighbours are ours because the link that they sit on is; nft tables are ours by the prefix of their name.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
public sealed interface NetObject {

    /** What tells this object from all others on the node, such as {@code link:eni0}. */
    String key();

    /**
     * A network interface.
     *
     * @param owner whose it is: the cluster's name; written to ifalias as {@code scc:OWNER}. Observed as empty on a link
     *     that was begun but never finished, or that was taken down
     * @param mtu in bytes
     * @param mac its Ethernet address; empty: the kernel's or the parent's own
     */
    record Link(String name, String owner, LinkKind kind, int mtu, Optional<Mac> mac) implements NetObject {
        private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_.-]{0,64}");

        public Link {
            Names.check(name);
            if (!OWNER.matcher(owner).matches()) {
                throw new IllegalArgumentException("owner \"" + owner + "\" of link " + name
                        + " is not up to 64 letters, digits, dots, hyphens and underscores");
            }
            if (mtu < 68 || mtu > 65_535) {
                throw new IllegalArgumentException("MTU " + mtu + " of link " + name + " is not within 68 to 65535");
            }
        }

        @Override
        public String key() {
            return keyOf(name);
        }

        static String keyOf(String name) {
            return "link:" + name;
        }
    }

    /** An address of one of our links, with the prefix of the network that it reaches directly. */
    record Address(String link, Ip address, int prefix) implements NetObject {
        public Address {
            Names.check(link);
            if (prefix < 0 || prefix > address.length()) {
                throw new IllegalArgumentException(
                        "prefix /" + prefix + " of " + address + " is not within 0 to " + address.length());
            }
        }

        @Override
        public String key() {
            return "addr:" + link + "/" + address;
        }
    }

    /** A static VXLAN forwarding entry: frames to {@code mac} go to the node with underlay address, or tunnel address, {@code remote}. */
    record Fdb(String link, Mac mac, Ip remote) implements NetObject {
        public Fdb {
            Names.check(link);
        }

        @Override
        public String key() {
            return "fdb:" + link + "/" + mac;
        }
    }

    /**
     * What an end of tunnels is known by.
     *
     * @param own its key, whose secret half only the machine has
     * @param port of UDP, that it listens on; 0 if the kernel is to choose
     */
    record TunnelEnd(String link, TunnelKey own, int port) implements NetObject {
        public TunnelEnd {
            Names.check(link);
            Names.checkPort(port);
        }

        @Override
        public String key() {
            return "tunnel:" + link;
        }
    }

    /**
     * A tunnel to another node.
     *
     * @param peer the other end's key
     * @param address the only one that packets in it come from and go to
     * @param endpoint where the other end is on the underlay
     * @param port of UDP there; 0 if nobody has said where it is
     */
    record TunnelPeer(String link, TunnelKey peer, Ipv6 address, Ipv4 endpoint, int port) implements NetObject {
        public TunnelPeer {
            Names.check(link);
            Names.checkPort(port);
        }

        @Override
        public String key() {
            return "peer:" + link + "/" + peer;
        }
    }

    /** A permanent neighbour: {@code address} is at {@code mac}, so nobody has to ask. */
    record Neighbour(String link, Ip address, Mac mac) implements NetObject {
        public Neighbour {
            Names.check(link);
        }

        @Override
        public String key() {
            return "neigh:" + link + "/" + address;
        }
    }

    /**
     * Which priority of the VLAN header packets get that leave through one of our VLAN links, by the priority that they have in
     * the kernel. What is not there leaves with priority 0.
     *
     * @param egress from priorities of the kernel to those of the header, 1 to 7
     */
    record PriorityMap(String link, Map<Integer, Integer> egress) implements NetObject {
        private static final int HIGHEST = 7;

        public PriorityMap {
            Names.check(link);
            egress = Collections.unmodifiableMap(new TreeMap<>(egress));
            egress.forEach((kernel, header) -> {
                if (kernel < 0 || header < 1 || header > HIGHEST) {
                    throw new IllegalArgumentException(
                            "priority map of " + link + ": " + kernel + ":" + header + " is not 0 or more to 1 to 7");
                }
            });
        }

        @Override
        public String key() {
            return "qos:" + link;
        }
    }

    /**
     * The type of service (IPv4's ToS byte, IPv6's traffic class) that rdma_cm gives to connections over port 1 of an RDMA device
     * for which nobody sets one. It is of the machine, not of a network namespace.
     *
     * @param device an RDMA device, such as {@code mlx5_0}
     * @param tos 0 to 255
     */
    record DefaultTos(String device, int tos) implements NetObject {
        private static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");
        private static final int HIGHEST = 255;

        public DefaultTos {
            if (!legal(device)) {
                throw new IllegalArgumentException("\"" + device + "\" is no name of an RDMA device");
            }
            if (tos < 0 || tos > HIGHEST) {
                throw new IllegalArgumentException("type of service " + tos + " is not 0 to " + HIGHEST);
            }
        }

        static boolean legal(String device) {
            return DEVICE.matcher(device).matches();
        }

        @Override
        public String key() {
            return "tos:" + device;
        }
    }

    /**
     * A whole table of nftables, replaced as one transaction: of family {@code inet}, or, if its name is {@code scc_netdev_}
     * and that of a link, of family {@code netdev}, with chains on that link. The kernel gives a table back in other
     * words than it was given, so the table carries a digest of what was given as its comment, and tables are equal when
     * name and digest are.
     *
     * @param name starts with {@code scc_}
     * @param body what stands between the table's braces, in nft's language; of an observed table, as nft lists it, which
     *     begins with that comment and can be given to nft again
     */
    record NftTable(String name, String body) implements NetObject {
        private static final String ON_LINK = "scc_netdev_";
        private static final Pattern NAME = Pattern.compile("scc_[A-Za-z0-9_]{1,60}");
        private static final Pattern COMMENT =
                Pattern.compile("\\s*comment \"scc:([0-9a-f]{32})\"[\\s;].*", Pattern.DOTALL);

        /** Members of a cluster have the same table, and it names all of them. */
        private static final Memo<String, String> DIGESTS = new Memo<>(NftTable::read);

        public NftTable {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "nft table \"" + name + "\" is not scc_ followed by 1 to 60 letters, digits and underscores");
            }
            body = body.strip();
        }

        /** The table of what passes that link, on either way. */
        public static String nameOn(String link) {
            return ON_LINK + link;
        }

        /** The link that its chains are on; empty if it is of family {@code inet}. */
        Optional<String> link() {
            return name.startsWith(ON_LINK) ? Optional.of(name.substring(ON_LINK.length())) : Optional.empty();
        }

        /** The family that a table of ours of that name is of. */
        static String family(String name) {
            return name.startsWith(ON_LINK) ? "netdev" : "inet";
        }

        /** Whether a table so named is one of ours. */
        static boolean legal(String name) {
            return NAME.matcher(name).matches();
        }

        @Override
        public String key() {
            return "nft:" + name;
        }

        /** The first half of the SHA-256 of the body as it was first given, in hexadecimal. */
        public String digest() {
            return DIGESTS.of(body);
        }

        private static String read(String body) {
            Matcher carried = COMMENT.matcher(body);
            return carried.matches() ? carried.group(1) : hash(body);
        }

        /** The same rules without the comment that tells of what it was given, which is not what it has. */
        NftTable unmarked() {
            return new NftTable(name, body.replaceFirst("comment \"scc:[0-9a-f]{32}\"[\\s;]*", ""));
        }

        /** An equal table that says no more than what makes it equal. */
        NftTable brief() {
            return new NftTable(name, "comment \"scc:" + digest() + "\";");
        }

        /** The body with the digest in front as the table's comment. */
        String marked() {
            return COMMENT.matcher(body).matches() ? body : "comment \"scc:" + digest() + "\"\n" + body;
        }

        private static String hash(String text) {
            try {
                byte[] whole = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(whole, 0, 16);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        @Override
        public boolean equals(Object other) {
            return this == other
                    || (other instanceof NftTable table && name.equals(table.name) && digest().equals(table.digest()));
        }

        @Override
        public int hashCode() {
            return name.hashCode() * 31 + digest().hashCode();
        }
    }
}
