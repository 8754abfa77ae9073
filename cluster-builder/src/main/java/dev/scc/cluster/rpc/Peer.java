package dev.scc.cluster.rpc;

import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;

/**
 * The process at the other end of a connection.
 *
 * @param name of the node, for agents and keepers; empty where any server will do
 * @param address host and port, such as {@code 10.99.0.11:7070} or {@code [fd00::1]:7443}; of an ensemble those of all, with
 *     commas between them
 */
public record Peer(Kind kind, String name, String address) {
    /** What a process is to others. */
    public enum Kind {
        SERVER("server", Role.SERVER),
        AGENT("agent", Role.NODE),
        KEEPER("keeper of jobs", Role.KEEPER),
        ZOOKEEPER("ZooKeeper", Role.SERVER);

        private final String title;
        private final Role role;

        Kind(String title, Role role) {
            this.title = title;
            this.role = role;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    public static Peer server(String address) {
        return new Peer(Kind.SERVER, "", address);
    }

    public static Peer agent(NodeName node, String address) {
        return new Peer(Kind.AGENT, node.value(), address);
    }

    /** The process that keeps a node's jobs. */
    public static Peer keeper(NodeName node, String address) {
        return new Peer(Kind.KEEPER, node.value(), address);
    }

    /** The servers that hold the tree. */
    public static Peer zooKeeper(String addresses) {
        return new Peer(Kind.ZOOKEEPER, "", addresses);
    }

    /** Whether that is whom a certificate of the other end has to name. */
    boolean isHeldBy(Principal principal) {
        return principal.role() == kind.role
                && (name.isEmpty() || principal.name().equals(name));
    }

    /** Whom that has to be: {@code node:n7}, or {@code server} where any will do. */
    String who() {
        return name.isEmpty() ? kind.role.toString() : kind.role + ":" + name;
    }

    /** Without brackets. */
    String host() {
        String host = address.substring(0, address.lastIndexOf(':'));
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** For messages, such as {@code agent at 10.99.0.11:7070}. */
    @Override
    public String toString() {
        return kind + " at " + address;
    }
}
