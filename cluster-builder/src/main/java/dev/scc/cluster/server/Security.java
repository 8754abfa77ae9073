package dev.scc.cluster.server;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.SignerProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Whether those who talk to a server have to prove who they are. */
public enum Security {
    /** They do. */
    GUARDED,
    /** They do not: for tests of other things, and to measure what proofs cost. */
    OPEN;

    /** In a server's data directory. */
    public static final String AUTHORITY = "authority";

    /** Longer than any server runs without being started again. */
    private static final Duration LIFE_OF_SERVERS = Duration.ofDays(365);

    /**
     * That in the data directory. Of an ensemble only the first server makes one; the others join.
     *
     * @param signer has the keys of its roots; empty if they are in that directory
     * @throws IOException if there is none and this server may not make one
     */
    Optional<Authority> authority(TreeHome home, Path data, Optional<SignerProgram> signer) throws IOException {
        if (this == OPEN) {
            return Optional.empty();
        }
        Path directory = data.resolve(AUTHORITY);
        if (home instanceof TreeHome.Member(var ensemble, var name)
                && !ensemble.first().equals(name)
                && !Authority.isIn(directory)) {
            throw new IOException("server " + name + " has not joined: server " + ensemble.first() + " makes the pool's"
                    + " authority at its first start; scc token create --server " + name + " there makes a token, and"
                    + " scc server --token TOKEN comes in by that");
        }
        return Optional.of(Authority.open(directory, signer, InstantSource.system()));
    }

    /** Has a server show and trust what its authority says now. */
    static void reissue(Authority authority, LiveCredentials credentials) {
        credentials.renew(authority.issue(credentials.current().principal(), LIFE_OF_SERVERS));
    }

    Connections connections(TreeHome home, Optional<Authority> authority) {
        String name = home instanceof TreeHome.Member(var _, var member) ? member : "server";
        return authority
                .map(own -> Connections.as(
                        new LiveCredentials(own.issue(new Principal(Role.SERVER, name), LIFE_OF_SERVERS))))
                .orElseGet(Connections::plain);
    }
}
