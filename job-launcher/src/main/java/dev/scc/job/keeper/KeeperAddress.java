package dev.scc.job.keeper;

import dev.scc.host.NodeName;
import java.util.Map;
import java.util.Optional;

/**
 * Where a keeper listens, as the file {@code address.json} in its directory says once it does. It is of a process that may be
 * gone: only while that process holds the directory's lock does it count.
 *
 * @param version of the agent that wanted it
 * @param addresses host and port by node
 */
record KeeperAddress(long pid, String version, Map<String, String> addresses) {
    static final String FILE = "address.json";

    KeeperAddress {
        addresses = Map.copyOf(addresses);
    }

    Optional<String> of(NodeName node) {
        return Optional.ofNullable(addresses.get(node.value()));
    }
}
