package dev.scc.cluster.zk;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One server of an ensemble.
 *
 * @param name tells it from the others
 * @param host where the others and all clients reach it
 * @param clients port for clients
 * @param followers port on which it is followed when it is ZooKeeper's leader
 * @param votes port for the election of ZooKeeper's leader
 */
public record EnsembleMember(String name, String host, int clients, int followers, int votes) {
    private static final int CLIENTS = 2181;
    private static final int FOLLOWERS = 2888;
    private static final int VOTES = 3888;
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern FORM =
            Pattern.compile("([a-z0-9][a-z0-9-]*)=([^:=]+)(?::(\\d{1,5})(?::(\\d{1,5}):(\\d{1,5}))?)?");

    public EnsembleMember {
        for (int port : new int[] {clients, followers, votes}) {
            if (port < 1 || port > HIGHEST_PORT) {
                throw new IllegalArgumentException("peer " + name + " has port " + port + ", not 1 to " + HIGHEST_PORT);
            }
        }
        if (clients == followers || clients == votes || followers == votes) {
            throw new IllegalArgumentException(
                    "peer " + name + " needs three ports, not " + clients + ":" + followers + ":" + votes);
        }
    }

    /** @throws IllegalArgumentException if the text is not {@code NAME=HOST[:CLIENTS[:FOLLOWERS:VOTES]]} */
    static EnsembleMember parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a peer such as s1=10.0.0.1, s1=10.0.0.1:2181 or"
                    + " s1=10.0.0.1:2181:2888:3888");
        }
        return new EnsembleMember(
                parts.group(1),
                parts.group(2),
                port(parts.group(3), CLIENTS),
                port(parts.group(4), FOLLOWERS),
                port(parts.group(5), VOTES));
    }

    private static int port(@org.jspecify.annotations.Nullable String text, int usual) {
        return text == null ? usual : Integer.parseInt(text);
    }

    /** Where clients find it, {@code host:port}. */
    public String address() {
        return host + ":" + clients;
    }
}
