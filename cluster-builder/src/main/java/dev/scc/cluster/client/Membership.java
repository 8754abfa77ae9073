package dev.scc.cluster.client;

import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.AuthorityKeys;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.KeyProof;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a process comes into a pool and stays there: it makes keys, and has servers sign them. */
public final class Membership {
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private Membership() {}

    /**
     * Comes in.
     *
     * @param within how long to try: the server may be starting
     * @throws IOException if no server answers, or it answers nonsense
     * @throws UserMistake if the token is refused; the message says why
     */
    public static Credentials join(JoinToken token, Duration within) throws IOException, InterruptedException {
        KeyPair pair = Credentials.newKeys();
        TrustRpc.Join join =
                new TrustRpc.Join(token.principal(), token.secret(), key(pair), proof(pair, token.principal()));
        try (Servers servers = new Servers(ServerAddresses.parse(token.servers()), Connections.joining(token.root()))) {
            return Credentials.of(
                    pair, servers.ask(TrustRpc.JOIN, join, within, false).pem());
        } catch (NotEntitled e) {
            throw new UserMistake(String.valueOf(e.getMessage()));
        } catch (LineLost e) {
            throw new IOException("cannot join the pool: " + e.getMessage(), e);
        }
    }

    /**
     * Where ZooKeeper is, of servers as people write them: with the usual port of servers, and without one, its own usual port is
     * meant.
     *
     * @throws UserMistake if one is neither HOST nor HOST:PORT
     */
    public static String trees(String servers) {
        return ServerAddresses.trees(servers);
    }

    /**
     * Where a process of the pool finds servers: those that its token has named, which are where they say, and then those beside
     * its ZooKeeper, which are where servers usually are.
     *
     * @param named as people write them; empty if nobody has named any
     * @param zooKeeper where that is, {@code host:port} with commas between several
     */
    public static String servers(Optional<String> named, String zooKeeper) {
        return Stream.concat(named.map(ServerAddresses::parse).stream(), Stream.of(ServerAddresses.beside(zooKeeper)))
                .flatMap(List::stream)
                .distinct()
                .collect(Collectors.joining(","));
    }

    /**
     * A new key and certificate for whom the caller is, or for his keeper of jobs.
     *
     * @param servers as people write them
     * @throws IOException if no server answers, or it declines
     */
    public static Credentials renew(String servers, Connections connections, Principal principal)
            throws IOException, InterruptedException {
        KeyPair pair = Credentials.newKeys();
        TrustRpc.Renew renew = new TrustRpc.Renew(principal, key(pair), proof(pair, principal));
        try (Servers all = new Servers(ServerAddresses.parse(servers), connections)) {
            return Credentials.of(
                    pair, all.ask(TrustRpc.RENEW, renew, ANSWER, true).pem());
        } catch (LineLost | NotEntitled | UserMistake e) {
            throw new IOException("cannot renew the certificate of " + principal + ": " + e.getMessage(), e);
        }
    }

    /**
     * What a server, which has joined, needs of the authority in order to sign as the others do.
     *
     * @param servers as people write them
     * @param connections which show that the caller is a server
     * @throws IOException if no server answers, or it declines
     */
    public static AuthorityKeys authority(String servers, Connections connections)
            throws IOException, InterruptedException {
        try (Servers all = new Servers(ServerAddresses.parse(servers), connections)) {
            return all.ask(TrustRpc.SHARE, new ServerRpc.Nothing(), ANSWER, false);
        } catch (LineLost | NotEntitled | UserMistake e) {
            throw new IOException("cannot get the pool's authority: " + e.getMessage(), e);
        }
    }

    /**
     * How the ensemble is reached that holds the tree, if it is somebody else's.
     *
     * @param servers as people write them
     * @throws IOException if no server answers, or it declines
     */
    public static Optional<TrustRpc.ForeignEnsemble> ensemble(String servers, Connections connections)
            throws IOException, InterruptedException {
        try (Servers all = new Servers(ServerAddresses.parse(servers), connections)) {
            return all.ask(TrustRpc.ENSEMBLE, new ServerRpc.Nothing(), ANSWER, false)
                    .foreign();
        } catch (LineLost | NotEntitled | UserMistake e) {
            throw new IOException("cannot learn where ZooKeeper is: " + e.getMessage(), e);
        }
    }

    private static Bytes key(KeyPair pair) {
        return Bytes.of(pair.getPublic().getEncoded());
    }

    private static Bytes proof(KeyPair pair, Principal principal) {
        return Bytes.of(KeyProof.of(pair, principal));
    }
}
