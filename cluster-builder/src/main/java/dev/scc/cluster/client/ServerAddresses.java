package dev.scc.cluster.client;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.host.UserMistake;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where servers are, as people write it. */
final class ServerAddresses {
    /** ZooKeeper's, by which clients were told their server before servers had an API. */
    private static final String ZOOKEEPER = "2181";

    /** A name, an IPv4 address, or an IPv6 address in brackets. */
    private static final Pattern HOST = Pattern.compile(
            "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_.])?|\\[[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9_.-]+)?]");

    private static final int HIGHEST_PORT = 65535;

    private ServerAddresses() {}

    /**
     * Reads {@code HOST} or {@code HOST:PORT}, with commas between several. Without a port, and with ZooKeeper's usual one,
     * the API's usual port is meant.
     *
     * @throws UserMistake if one is neither
     */
    static List<String> parse(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(ServerAddresses::one)
                .distinct()
                .toList();
    }

    /**
     * Where the APIs of servers usually are that hold those members of ZooKeeper, whatever the ports of these.
     *
     * @param zooKeeper {@code HOST} or {@code HOST:PORT}, with commas between several
     */
    static List<String> beside(String zooKeeper) {
        return parse(Arrays.stream(zooKeeper.split(",", -1))
                .map(member -> member.strip().replaceFirst("(?<=[^:]):[0-9]+$", ""))
                .collect(Collectors.joining(",")));
    }

    /**
     * Where members of ZooKeeper usually are that those servers keep: with the usual port of the servers' API, and without a port,
     * ZooKeeper's usual one is meant.
     *
     * @param servers {@code HOST} or {@code HOST:PORT}, with commas between several
     * @throws UserMistake if one is neither
     */
    static String trees(String servers) {
        String usual = ":" + ServerRpc.USUAL_PORT;
        return Arrays.stream(servers.split(",", -1))
                .map(server -> {
                    String address = one(server);
                    return address.endsWith(usual)
                            ? address.substring(0, address.length() - usual.length()) + ":" + ZOOKEEPER
                            : address;
                })
                .distinct()
                .collect(Collectors.joining(","));
    }

    private static String one(String text) {
        String address = text.strip();
        int bracket = address.lastIndexOf(']');
        int colon = address.indexOf(':', bracket + 1);
        String host = colon < 0 ? address : address.substring(0, colon);
        String port = colon < 0 ? "" : address.substring(colon + 1);
        if (!HOST.matcher(host).matches() || (colon >= 0 && !isPort(port))) {
            throw new UserMistake("server \"" + address + "\" is not HOST or HOST:PORT");
        }
        return host + ":" + (port.isEmpty() || port.equals(ZOOKEEPER) ? ServerRpc.USUAL_PORT : port);
    }

    private static boolean isPort(String text) {
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= HIGHEST_PORT;
    }
}
