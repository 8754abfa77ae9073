package dev.scc.host.net;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import java.util.Optional;

/**
 * One thing in a node's network that scc makes. Two objects with the same {@link #key()} are the same thing, perhaps with
 * other contents. Links carry the mark of their owner in the kernel's {@code ifalias}; addresses, forwarding entries and
 * neighbours are ours because the link that they sit on is; nft tables are ours by the prefix of their name.
 */
public sealed interface NetObject {

    /** What tells this object from all others on the node, such as {@code link:eni0}. */
    String key();

    /**
     * A network interface.
     *
     * @param owner whose it is: the cluster's name; written to ifalias as {@code scc:OWNER}
     * @param mtu in bytes
     * @param mac its Ethernet address; empty: the kernel's or the parent's own
     */
    record Link(String name, String owner, LinkKind kind, int mtu, Optional<Mac> mac) implements NetObject {
        public Link {
            if (name.isEmpty() || name.length() > 15) {
                throw new IllegalArgumentException("link name \"" + name + "\" is not 1 to 15 characters long");
            }
        }

        @Override
        public String key() {
            return "link:" + name;
        }
    }

    /** An address of one of our links, with the prefix of the network that it reaches directly. */
    record Address(String link, Ipv4 address, int prefix) implements NetObject {
        @Override
        public String key() {
            return "addr:" + link + "/" + address;
        }
    }

    /** A static VXLAN forwarding entry: frames to {@code mac} go to the node with underlay address {@code remote}. */
    record Fdb(String link, Mac mac, Ipv4 remote) implements NetObject {
        @Override
        public String key() {
            return "fdb:" + link + "/" + mac;
        }
    }

    /** A permanent neighbour: {@code address} is at {@code mac}, so nobody has to ask. */
    record Neighbour(String link, Ipv4 address, Mac mac) implements NetObject {
        @Override
        public String key() {
            return "neigh:" + link + "/" + address;
        }
    }

    /**
     * A whole table of nftables' family {@code inet}, replaced as one transaction.
     *
     * @param name starts with {@code scc_}
     * @param body what stands between the table's braces, in nft's language. The kernel gives it back in other words, so
     *     what is compared is a digest of it that the table carries as its comment
     */
    record NftTable(String name, String body) implements NetObject {
        public NftTable {
            if (!name.startsWith("scc_")) {
                throw new IllegalArgumentException("nft table \"" + name + "\" does not start with scc_");
            }
        }

        @Override
        public String key() {
            return "nft:" + name;
        }
    }
}
