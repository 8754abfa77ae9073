package dev.scc.host.net;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.Netlink.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules of nftables that drop UDP packets to a port wherever they come from, in what the kernel does with packets to and from the
 * node itself. Read over netlink, without any process; numbers are those of Linux's nf_tables.h. Rules with conditions besides the port and
 * an interface, those of chains that are jumped to, and policies of chains are not looked at.
 */
public final class Firewall {
    private static final int NFT_MSG_GETCHAIN = 10 << 8 | 4;
    private static final int NFT_MSG_GETRULE = 10 << 8 | 7;
    private static final byte NFPROTO_INET = 1;
    private static final byte NFPROTO_IPV4 = 2;
    private static final int HOOK_INPUT = 1;
    private static final int HOOK_OUTPUT = 3;
    private static final String OURS = "scc_";

    private static final int TRANSPORT_HEADER = 2;
    private static final int DESTINATION_PORT = 2;
    private static final int META_IIFNAME = 6;
    private static final int META_L4PROTO = 16;
    private static final byte UDP = 17;
    private static final int CMP_EQ = 0;
    private static final int NF_DROP = 0;

    /** What neither matches nor decides anything. */
    private static final Set<String> HARMLESS = Set.of("counter", "log");

    private Firewall() {}

    /**
     * One such rule.
     *
     * @param family {@code inet} or {@code ip}
     * @param handle by which nft knows it
     */
    public record Drop(String family, String table, String chain, long handle) {}

    /**
     * Those that are there.
     *
     * @param interfaces that matter: a rule for another one is none of them
     * @throws CommandFailed if the kernel cannot be asked
     */
    public static List<Drop> ofUdp(NetworkNamespace namespace, int port, Collection<String> interfaces)
            throws CommandFailed, InterruptedException {
        try {
            return namespace.inside(() -> read(port, Set.copyOf(interfaces)));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailed("cannot read the kernel's packet filter: " + e.getMessage(), e);
        }
    }

    private static List<Drop> read(int port, Set<String> interfaces) throws IOException {
        List<Drop> drops = new ArrayList<>();
        try (Netlink netlink = Netlink.open(NetlinkSocket.NETFILTER)) {
            Set<String> local = new HashSet<>();
            for (Entry chain : netlink.dump(NFT_MSG_GETCHAIN, new byte[4])) {
                if (local(chain)) {
                    local.add(family(chain) + " " + chain.text(1).orElse("") + " "
                            + chain.text(3).orElse(""));
                }
            }
            if (local.isEmpty()) {
                return drops;
            }
            for (Entry rule : netlink.dump(NFT_MSG_GETRULE, new byte[4])) {
                String table = rule.text(1).orElse("");
                String chain = rule.text(2).orElse("");
                if (local.contains(family(rule) + " " + table + " " + chain)
                        && rule.attribute(4).map(Firewall::expressions).stream()
                                .anyMatch(all -> drops(all, port, interfaces))) {
                    drops.add(new Drop(
                            family(rule),
                            table,
                            chain,
                            rule.attribute(3)
                                    .map(handle -> network(handle).getLong(0))
                                    .orElse(0L)));
                }
            }
        }
        return drops;
    }

    private static String family(Entry entry) {
        return switch (entry.head().get(0)) {
            case NFPROTO_INET -> "inet";
            case NFPROTO_IPV4 -> "ip";
            default -> "";
        };
    }

    /** Of a family and at a hook that packets to or from the node pass, and not one of our own. */
    private static boolean local(Entry chain) {
        Optional<Integer> hook = chain.attribute(4)
                .map(Netlink::attributes)
                .flatMap(all -> Optional.ofNullable(all.get(1)))
                .map(number -> network(number).getInt(0));
        return !family(chain).isEmpty()
                && !chain.text(1).orElse("").startsWith(OURS)
                && hook.filter(number -> number == HOOK_INPUT || number == HOOK_OUTPUT)
                        .isPresent();
    }

    /** An expression of a rule. */
    record Expression(String name, Map<Integer, ByteBuffer> data) {
        int number(int attribute) {
            return Optional.ofNullable(data.get(attribute))
                    .map(bytes -> network(bytes).getInt(0))
                    .orElse(-1);
        }

        /** What a comparison compares with. */
        Optional<ByteBuffer> value() {
            return Optional.ofNullable(data.get(3))
                    .map(Netlink::attributes)
                    .flatMap(all -> Optional.ofNullable(all.get(1)));
        }
    }

    private static List<Expression> expressions(ByteBuffer list) {
        List<Expression> all = new ArrayList<>();
        Netlink.each(list, (_, element) -> {
            Map<Integer, ByteBuffer> parts = Netlink.attributes(element);
            all.add(new Expression(
                    Optional.ofNullable(parts.get(1)).map(Netlink::text).orElse(""),
                    Optional.ofNullable(parts.get(2)).map(Netlink::attributes).orElse(Map.of())));
        });
        return all;
    }

    /** Each condition is two expressions: what is loaded, and what it has to be. */
    static boolean drops(List<Expression> rule, int port, Set<String> interfaces) {
        boolean udp = false;
        boolean there = false;
        int at = 0;
        while (at < rule.size()) {
            Expression one = rule.get(at);
            if (HARMLESS.contains(one.name())) {
                at++;
                continue;
            }
            if (decides(one)) {
                return udp && there;
            }
            if (at + 1 == rule.size() || !equal(rule.get(at + 1))) {
                return false;
            }
            ByteBuffer value = rule.get(at + 1).value().orElse(ByteBuffer.allocate(0));
            if (one.name().equals("meta") && one.number(2) == META_L4PROTO) {
                udp = value.limit() == 1 && value.get(0) == UDP;
            } else if (one.name().equals("payload")
                    && one.number(2) == TRANSPORT_HEADER
                    && one.number(3) == DESTINATION_PORT) {
                there = value.limit() == 2 && Short.toUnsignedInt(network(value).getShort(0)) == port;
            } else if (!one.name().equals("meta")
                    || one.number(2) != META_IIFNAME
                    || !interfaces.contains(Netlink.text(value))) {
                return false;
            }
            at += 2;
        }
        return false;
    }

    private static boolean equal(Expression one) {
        return one.name().equals("cmp") && one.number(2) == CMP_EQ;
    }

    private static boolean decides(Expression one) {
        if (one.name().equals("reject")) {
            return true;
        }
        return one.name().equals("immediate")
                && Optional.ofNullable(one.data().get(2))
                        .map(Netlink::attributes)
                        .flatMap(data -> Optional.ofNullable(data.get(2)))
                        .map(Netlink::attributes)
                        .flatMap(verdict -> Optional.ofNullable(verdict.get(1)))
                        .filter(code -> network(code).getInt(0) == NF_DROP)
                        .isPresent();
    }

    private static ByteBuffer network(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    }
}
