package dev.scc.cluster.rpc;

/**
 * The process at the other end of a connection.
 *
 * @param address host and port, such as {@code 10.99.0.11:7070} or {@code [fd00::1]:7443}; of an ensemble those of all, with
 *     commas between them
 */
public record Peer(Role role, String address) {
    /** What a process is to others. */
    public enum Role {
        SERVER("server"),
        AGENT("agent"),
        KEEPER("keeper of jobs"),
        ZOOKEEPER("ZooKeeper");

        private final String title;

        Role(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    public static Peer server(String address) {
        return new Peer(Role.SERVER, address);
    }

    public static Peer agent(String address) {
        return new Peer(Role.AGENT, address);
    }

    /** The process that keeps a node's jobs. */
    public static Peer keeper(String address) {
        return new Peer(Role.KEEPER, address);
    }

    /** The servers that hold the tree. */
    public static Peer zooKeeper(String addresses) {
        return new Peer(Role.ZOOKEEPER, addresses);
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
        return role + " at " + address;
    }
}
