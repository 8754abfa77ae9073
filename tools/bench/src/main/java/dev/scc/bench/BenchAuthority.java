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

/** The authority of servers that a benchmark starts, made before them, and connections that it has signed for. */
record BenchAuthority(Authority authority) {

    /** Puts one into the servers' data directories. */
    static BenchAuthority prepare(List<Path> data) throws IOException {
        Path first = data.getFirst().resolve(Security.AUTHORITY);
        BenchAuthority made = in(first);
        for (Path other : data.subList(1, data.size())) {
            Authority.copy(first, other.resolve(Security.AUTHORITY));
        }
        return made;
    }

    /** The one in that directory. */
    static BenchAuthority in(Path directory) throws IOException {
        return new BenchAuthority(Authority.open(directory, InstantSource.system()));
    }

    Connections as(Role role, String name) {
        return Connections.as(new LiveCredentials(authority.issue(new Principal(role, name), Duration.ofDays(1))));
    }

    /** Those of an administrator. */
    Connections administrator() {
        return as(Role.ADMIN, "bench");
    }

    /** Those of a server, which sees the whole tree. */
    Connections server() {
        return as(Role.SERVER, "bench");
    }
}
