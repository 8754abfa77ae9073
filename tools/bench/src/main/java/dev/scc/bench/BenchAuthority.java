package dev.scc.bench;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The authority of servers that a benchmark starts, made before them. */
final class BenchAuthority {
    private BenchAuthority() {}

    /**
     * Puts it into the servers' data directories.
     *
     * @return the connections of an administrator
     */
    static Connections prepare(List<Path> data) throws IOException {
        Path first = data.getFirst().resolve(Security.AUTHORITY);
        Authority authority = Authority.open(first, InstantSource.system());
        for (Path other : data.subList(1, data.size())) {
            Authority.copy(first, other.resolve(Security.AUTHORITY));
        }
        return Connections.as(
                new LiveCredentials(authority.issue(new Principal(Role.ADMIN, "bench"), Duration.ofDays(1))));
    }
}
