package dev.scc.cluster.client;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.host.UserMistake;
import java.util.Arrays;
import java.util.List;

/** Where servers are, as people write it. */
final class ServerAddresses {
    /** ZooKeeper's, by which clients were told their server before servers had an API. */
    private static final String ZOOKEEPER = "2181";

    private static final int HIGHEST_PORT = 65535;

    private ServerAddresses() {}

    /**
     * Reads {@code HOST} or {@code HOST:PORT}, with commas between several. Without a port, and with ZooKeeper's usual one,
     * the API's usual port is meant.
     *
     * @throws UserMistake if one is neither
     */
    static List<String> parse(String text) {
        List<String> addresses = Arrays.stream(text.split(",", -1))
                .map(ServerAddresses::one)
                .distinct()
                .toList();
        return addresses;
    }

    private static String one(String text) {
        String address = text.strip();
        int bracket = address.lastIndexOf(']');
        int colon = address.indexOf(':', bracket + 1);
        String host = colon < 0 ? address : address.substring(0, colon);
        String port = colon < 0 ? "" : address.substring(colon + 1);
        if (host.isEmpty() || host.contains(" ") || (colon >= 0 && !isPort(port))) {
            throw new UserMistake("server \"" + address + "\" is not HOST or HOST:PORT");
        }
        return host + ":" + (port.isEmpty() || port.equals(ZOOKEEPER) ? ServerRpc.USUAL_PORT : port);
    }

    private static boolean isPort(String text) {
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= HIGHEST_PORT;
    }
}
