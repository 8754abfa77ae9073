package dev.scc.cluster.rpc;

/**
 * Who makes a call, as far as the connection shows it.
 *
 * @param name {@link #UNKNOWN} while connections carry no identity
 * @param address host and port that the call came from; for logs, not for decisions
 */
public record Caller(String name, String address) {
    public static final String UNKNOWN = "unknown";

    static Caller unknown(String address) {
        return new Caller(UNKNOWN, address);
    }
}
