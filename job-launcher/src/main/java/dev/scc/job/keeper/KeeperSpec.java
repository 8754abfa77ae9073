package dev.scc.job.keeper;

import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.host.AtomicFile;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.Later;
import dev.scc.host.Location;
import dev.scc.host.NodeName;
import dev.scc.job.node.JobPolicy;
import dev.scc.job.node.NodeSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an agent wants of a keeper, as the file {@code spec.json} in the keeper's directory says.
 *
 * @param version of the agent that wrote it
 * @param clientSilence for how many seconds the caller of a job may be silent while its machine answers, as one that somebody
 *     has stopped, before it is asked for a sign of life; gRPC takes less than 10 for 10
 * @param nodes whose jobs it keeps; more than one where nodes are namespaces of one machine
 */
public record KeeperSpec(String version, long clientSilence, List<Node> nodes) {
    /** Unless somebody wants something else. */
    public static final Duration CLIENT_SILENCE = Duration.ofMinutes(10);

    private static final String FILE = "spec.json";

    public KeeperSpec {
        if (clientSilence < 1) {
            throw new IllegalArgumentException("clientSilence " + clientSilence + " is not at least a second");
        }
        nodes = List.copyOf(nodes);
    }

    /** @throws IOException if there is none, as where no agent has been */
    static KeeperSpec read(Path directory) throws IOException {
        return new AtomicFile(directory.resolve(FILE))
                .read()
                .map(text -> Json.read(text, KeeperSpec.class))
                .orElseThrow(() ->
                        new IOException("agents start keepers, and none has left its " + FILE + " in " + directory));
    }

    /** Puts it there for the keeper that will be started. */
    public void write(Path directory) throws IOException {
        new AtomicFile(directory.resolve(FILE)).write(Json.write(this));
    }

    /**
     * One node.
     *
     * @param address where the keeper listens
     * @param port where it listens; 0 takes a free one
     * @param agent host and port of the node's agent
     * @param cgroups below which each job gets one
     * @param directory where each job gets a directory and a socket
     * @param stages where each job that brings files along gets a folder for them; a keeper of an earlier version has none
     * @param namespace that the node is; empty if it is this machine
     * @param policy what jobs are granted
     * @param credentials file of what the keeper shows
     */
    public record Node(
            NodeName node,
            Ipv4 address,
            int port,
            String agent,
            String cgroups,
            String directory,
            @Later Optional<String> stages,
            Optional<String> namespace,
            JobPolicy policy,
            String credentials) {

        /**
         * A node as its agent knows it.
         *
         * @param agent where the agent listens
         * @param jobs where the node's jobs are
         * @param credentials file of what the keeper shows
         */
        public static Node of(NodeName node, InetSocketAddress agent, int port, NodeSettings jobs, Path credentials) {
            Ipv4 address = Ipv4.parse(agent.getAddress().getHostAddress());
            Optional<String> namespace =
                    jobs.location() instanceof Location.Namespace in ? Optional.of(in.name()) : Optional.empty();
            return new Node(
                    node,
                    address,
                    port,
                    address + ":" + agent.getPort(),
                    jobs.cgroups().toString(),
                    jobs.directory().toString(),
                    Optional.of(jobs.stages().toString()),
                    namespace,
                    jobs.policy(),
                    credentials.toAbsolutePath().toString());
        }

        /** @throws IOException if its credentials cannot be read */
        LiveCredentials read() throws IOException {
            return new LiveCredentials(Credentials.read(Path.of(credentials)));
        }

        /** The agent renews them in their file. */
        void takeUp(LiveCredentials live) throws IOException {
            Credentials next = Credentials.read(Path.of(credentials));
            if (!next.certificate().equals(live.current().certificate())) {
                live.renew(next);
            }
        }

        NodeSettings settings() {
            Location location = namespace
                    .<Location>map(name -> new Location.Namespace(name, node))
                    .orElseGet(Location.Machine::new);
            return NodeSettings.at(
                    Path.of(cgroups),
                    Path.of(directory),
                    Path.of(stages.orElse(directory + "-stages")),
                    location,
                    policy);
        }
    }
}
