package dev.scc.cli.daemon;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Signed in this process, by an authority that is on this machine: that of a testbed. */
public final class IssuedCredentials implements NodeCredentials {
    /** Longer than any testbed stands. */
    public static final Duration LIFE = Duration.ofDays(365);

    private final Authority authority;
    private final Path data;
    private final Map<NodeName, Connections> known = new ConcurrentHashMap<>();

    /** @param data holds a directory for each node */
    public IssuedCredentials(Authority authority, Path data) {
        this.authority = authority;
        this.data = data;
    }

    @Override
    public Connections connections(NodeName node) {
        return known.computeIfAbsent(
                node,
                _ -> Connections.as(
                        new LiveCredentials(authority.issue(new Principal(Role.NODE, node.value()), LIFE))));
    }

    @Override
    public Path keeper(NodeName node) throws IOException {
        Path file = data.resolve(node.value()).resolve("keeper.pem");
        authority.issue(new Principal(Role.KEEPER, node.value()), LIFE).write(file);
        return file;
    }
}
