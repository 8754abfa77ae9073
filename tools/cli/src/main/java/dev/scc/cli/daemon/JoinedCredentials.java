package dev.scc.cli.daemon;

import dev.scc.cluster.client.Membership;
import dev.scc.cluster.client.Renewal;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.AtomicFile;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Those of a node that is a machine: got by a token at the first start, kept in the agent's data directory, and renewed for as
 * long as the agent runs.
 */
public final class JoinedCredentials implements NodeCredentials, AutoCloseable {
    /** Files in the agent's data directory. */
    public static final String OWN = "credentials.pem";

    public static final String KEEPER = "keeper.pem";

    /** Where the servers are that the last token has named. */
    private static final String SERVERS = "servers";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path data;
    private final String servers;
    private final Connections connections;
    private final List<Renewal> renewals;
    private final boolean fresh;

    private JoinedCredentials(
            Path data, String servers, Connections connections, List<Renewal> renewals, boolean fresh) {
        this.fresh = fresh;
        this.servers = servers;
        this.data = data;
        this.connections = connections;
        this.renewals = renewals;
    }

    private static JoinedCredentials of(Path data, String servers, Credentials own, boolean fresh)
            throws IOException, InterruptedException {
        LiveCredentials credentials = new LiveCredentials(own);
        Connections connections = Connections.as(credentials);
        Path file = data.resolve(KEEPER);
        Principal keeper = new Principal(Role.KEEPER, own.principal().name());
        if (!valid(file)) {
            Membership.renew(servers, connections, keeper).write(file);
        }
        LiveCredentials keepers = new LiveCredentials(Credentials.read(file));
        Renewal ofKeeper = Renewal.start(keepers, connections, servers, file);
        // What changes besides the time, as the roots, is heard of by the agent alone.
        credentials.onWanted(ofKeeper::soon);
        return new JoinedCredentials(
                data,
                servers,
                connections,
                List.of(Renewal.start(credentials, connections, servers, data.resolve(OWN)), ofKeeper),
                fresh);
    }

    private static boolean valid(Path file) throws IOException {
        return Files.exists(file) && Credentials.read(file).ends().isAfter(Instant.now());
    }

    /**
     * Those in the agent's data directory, or else what the token gives.
     *
     * @param zooKeeper where that is: servers are beside it, or where the token says, for renewals
     * @throws IOException if there are none, or the server cannot be reached
     * @throws UserMistake if the token or the credentials are not for this node, or do not count any more
     */
    public static JoinedCredentials of(NodeName node, Path data, String zooKeeper, Optional<JoinToken> token)
            throws IOException, InterruptedException {
        Path file = data.resolve(OWN);
        Principal self = new Principal(Role.NODE, node.value());
        if (valid(file)) {
            Credentials kept = Credentials.read(file);
            if (!kept.principal().equals(self)) {
                throw new UserMistake(file + " is that of " + kept.principal() + ", not of " + self);
            }
            remember(data, token.filter(way -> way.principal().equals(self)));
            return of(data, Membership.servers(named(data), zooKeeper), kept, false);
        }
        if (token.isEmpty()) {
            String why = Files.exists(file)
                    ? "the certificate in " + file + " has expired at "
                            + Credentials.read(file).ends()
                    : "node " + node + " has not joined";
            throw new UserMistake(why + ": " + JoinToken.command(self) + " makes a token for it, and"
                    + " scc agent --token TOKEN comes in by that");
        }
        JoinToken way = token.get();
        if (!way.principal().equals(self)) {
            throw new UserMistake("the token is for " + way.principal() + ", not for " + self);
        }
        Credentials joined = Membership.join(way, PATIENCE);
        joined.write(file);
        remember(data, token);
        return of(data, Membership.servers(named(data), zooKeeper), joined, true);
    }

    private static void remember(Path data, Optional<JoinToken> token) throws IOException {
        if (token.isPresent()) {
            new AtomicFile(data.resolve(SERVERS)).write(token.get().servers());
        }
    }

    /** The servers that the latest token of an agent with that directory has named; empty if it has had none. */
    public static Optional<String> named(Path data) throws IOException {
        return new AtomicFile(data.resolve(SERVERS)).read().map(text -> new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public Connections connections(NodeName any) {
        return connections;
    }

    /** Where the servers' API is, {@code host:port} with commas between several. */
    String servers() {
        return servers;
    }

    /** Whether a token was spent for them now, so that a server answers. */
    boolean fresh() {
        return fresh;
    }

    @Override
    public Path keeper(NodeName any) {
        return data.resolve(KEEPER);
    }

    @Override
    public void close() {
        renewals.forEach(Renewal::close);
    }
}
