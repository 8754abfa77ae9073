package dev.scc.cli.daemon;

import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.host.AtomicFile;
import dev.scc.host.Json;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an agent finds ZooKeeper when its servers use one of somebody else's: they say so when the node joins, and the agent keeps
 * that beside its credentials, so that nobody has to set it up on each node.
 */
final class ToldEnsemble {
    private static final Logger log = LoggerFactory.getLogger(ToldEnsemble.class);

    /** Files in the agent's data directory. */
    private static final String FILE = "zookeeper.json";

    private static final String TRUST = "zookeeper-trust.pem";

    private ToldEnsemble() {}

    /**
     * The settings with what servers have said, unless they say themselves how ZooKeeper is reached.
     *
     * @throws UserMistake if it is reached in plain text, which nobody has accepted here
     */
    static AgentSettings at(AgentSettings settings, JoinedCredentials credentials)
            throws IOException, InterruptedException {
        if (!(settings.door() instanceof EnsembleDoor.Own)) {
            return settings;
        }
        Path data = settings.data();
        Connections connections = credentials.connections(settings.node());
        if (credentials.fresh()) {
            keep(data, Membership.ensemble(credentials.servers(), connections));
        } else if (kept(data).isPresent()) {
            // What has changed counts from the next start on: servers need not be there for this one.
            Thread.ofVirtual().name("ensemble").start(() -> ask(data, credentials.servers(), connections));
        }
        return kept(data).map(told -> placed(settings, told)).orElse(settings);
    }

    private static AgentSettings placed(AgentSettings settings, TrustRpc.ForeignEnsemble told) {
        if (told.trust().isEmpty()) {
            throw new UserMistake("the servers use the ZooKeeper of somebody else at " + told.hosts()
                    + " in plain text, so whoever reaches it owns this node: accept it with --insecure-zookeeper and --server "
                    + told.hosts() + ", or have the servers use its TLS (scc server --zookeeper-trust)");
        }
        log.atInfo().addKeyValue("zookeeper", told.hosts()).log("ZooKeeper is somebody else's, as servers have said");
        return settings.with(
                told.hosts(),
                new EnsembleDoor.Tls(settings.data().toAbsolutePath().resolve(TRUST), Optional.empty()));
    }

    private static void ask(Path data, String servers, Connections connections) {
        try {
            Optional<TrustRpc.ForeignEnsemble> before = kept(data);
            Optional<TrustRpc.ForeignEnsemble> told = Membership.ensemble(servers, connections);
            if (!told.equals(before)) {
                keep(data, told);
                log.atWarn()
                        .addKeyValue("before", hosts(before))
                        .addKeyValue("now", hosts(told))
                        .log(
                                "the servers use another ZooKeeper, or other certificates of it: this agent does after its next start");
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("whether ZooKeeper is where it was is not known now");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String hosts(Optional<TrustRpc.ForeignEnsemble> told) {
        return told.map(TrustRpc.ForeignEnsemble::hosts).orElse("the servers' own");
    }

    private static Optional<TrustRpc.ForeignEnsemble> kept(Path data) throws IOException {
        return new AtomicFile(data.resolve(FILE))
                .read()
                .map(text -> Json.read(new String(text, StandardCharsets.UTF_8), TrustRpc.ForeignEnsemble.class));
    }

    static void keep(Path data, Optional<TrustRpc.ForeignEnsemble> told) throws IOException {
        AtomicFile file = new AtomicFile(data.resolve(FILE));
        if (told.isEmpty()) {
            file.delete();
            return;
        }
        if (told.get().trust().isPresent()) {
            new AtomicFile(data.resolve(TRUST)).write(told.get().trust().get());
        }
        file.write(Json.write(told.get()));
    }
}
