package dev.scc.cli.train;

import dev.scc.cli.daemon.NodeCredentials;
import dev.scc.host.NodeName;
import dev.scc.job.keeper.KeeperHost;
import dev.scc.job.keeper.KeeperProcess;
import dev.scc.job.keeper.KeeperSpec;
import dev.scc.job.node.NodeSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A keeper of jobs in its agent's own process, so that the classes of both are recorded together. */
final class RehearsalKeeper implements KeeperHost, AutoCloseable {
    private final NodeName node;
    private final NodeSettings jobs;
    private final NodeCredentials credentials;
    private final Path directory;
    private Optional<InetSocketAddress> agent = Optional.empty();
    private Optional<KeeperProcess> process = Optional.empty();

    RehearsalKeeper(NodeName node, NodeSettings jobs, NodeCredentials credentials, Path directory) {
        this.credentials = credentials;
        this.node = node;
        this.jobs = jobs;
        this.directory = directory;
    }

    synchronized void agentListensAt(InetSocketAddress address) {
        agent = Optional.of(address);
    }

    @Override
    public synchronized String address(NodeName any) throws IOException {
        KeeperSpec.Node kept = kept();
        if (process.isEmpty()) {
            Files.createDirectories(directory);
            new KeeperSpec("training", KeeperSpec.CLIENT_SILENCE.toSeconds(), List.of(kept)).write(directory);
            process = Optional.of(KeeperProcess.start(directory));
        }
        return kept.address() + ":" + kept.port();
    }

    private KeeperSpec.Node kept() throws IOException {
        InetSocketAddress at = agent.orElseThrow();
        return KeeperSpec.Node.of(node, at, at.getPort() + 1, jobs, credentials.keeper(node));
    }

    @Override
    public synchronized Optional<String> running(NodeName any) throws IOException {
        return process.isPresent() ? Optional.of(address(any)) : Optional.empty();
    }

    @Override
    public void retire() {
        close();
    }

    @Override
    public void forget(NodeName node) {
        // It goes with its directory.
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void take(Charge charge) {
        // It needs no look at what is left over: it cannot die alone.
    }

    @Override
    public synchronized void close() {
        process.ifPresent(KeeperProcess::close);
        process = Optional.empty();
    }
}
