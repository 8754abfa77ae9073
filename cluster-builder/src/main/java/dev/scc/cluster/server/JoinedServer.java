package dev.scc.cluster.server;

import dev.scc.cluster.client.Membership;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.AuthorityKeys;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.DirectoryLock;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** How a server comes into a pool that others have made. */
public final class JoinedServer {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private JoinedServer() {}

    /**
     * Spends the token for a certificate, shows that to the same server, and keeps what it gives of the pool's authority. Does
     * nothing if the data directory has an authority already: the server has joined before.
     *
     * @param name of the server that joins
     * @throws IOException if the server that has made the token does not answer, or another process uses the directory
     * @throws UserMistake if the token is refused; the message says why
     */
    public static void join(JoinToken token, String name, Path data) throws IOException, InterruptedException {
        try (DirectoryLock _ = DirectoryLock.acquire(data, "scc server")) {
            Path directory = data.resolve(Security.AUTHORITY);
            if (Authority.isIn(directory)) {
                return;
            }
            if (token.principal().role() != Role.SERVER
                    || !token.principal().name().equals(name)) {
                throw new UserMistake("the token is for " + token.principal() + ", not for server:" + name + ": "
                        + JoinToken.command(new Principal(Role.SERVER, name)) + " makes another");
            }
            Credentials joined = Membership.join(token, PATIENCE);
            AuthorityKeys keys = Membership.authority(token.servers(), Connections.as(new LiveCredentials(joined)));
            Authority.keep(directory, keys);
        }
    }
}
