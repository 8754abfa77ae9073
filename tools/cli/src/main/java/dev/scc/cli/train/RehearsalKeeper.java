package dev.scc.cli.train;

import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.Served;
import dev.scc.host.Ipv4;
import dev.scc.host.Location;
import dev.scc.host.NodeName;
import dev.scc.job.JobAgent;
import dev.scc.job.KeeperHost;
import dev.scc.job.keeper.KeeperProcess;
import dev.scc.job.keeper.KeeperSpec;
import dev.scc.job.node.NodeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keeper of the rehearsal's node, in the same process. Its cgroups are plain directories, so every process of a job fails
 * to start, after everything that comes before that.
 */
final class RehearsalKeeper implements KeeperHost, AutoCloseable {
    static final NodeName NODE = new NodeName("n1");

    private final Path directory;
    private final NodeSettings jobs;
    private Optional<KeeperProcess> process = Optional.empty();

    /** @param work where all its files are */
    RehearsalKeeper(Path work) {
        directory = work.resolve("keeper");
        jobs = NodeSettings.at(work.resolve("cgroups"), work.resolve("jobs"), new Location.Machine());
    }

    AgentProcess.Guest guest(Supplier<Optional<Served>> served, InetSocketAddress agent) {
        Ipv4 address = Ipv4.parse(agent.getAddress().getHostAddress());
        KeeperSpec.Node node = KeeperSpec.Node.of(NODE, address, address + ":" + agent.getPort(), jobs);
        try {
            new KeeperSpec("training", List.of(node)).write(directory);
            process = Optional.of(KeeperProcess.start(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return JobAgent.guest(NODE, jobs, this).make(served, agent);
    }

    @Override
    public String address(NodeName node) {
        return process.flatMap(started -> started.address(node)).orElseThrow();
    }

    @Override
    public Optional<String> running(NodeName node) {
        return process.flatMap(started -> started.address(node));
    }

    @Override
    public void retire() {
        // It stays.
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void sweeping(Runnable sweep) {
        // It stays.
    }

    @Override
    public void close() {
        process.ifPresent(KeeperProcess::close);
    }
}
