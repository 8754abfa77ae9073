package dev.scc.bench;

import dev.scc.cluster.tree.Op;
import dev.scc.cluster.zk.TreeSessions;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.FileTree;
import dev.scc.host.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The floor: {@link BareServer}, {@link BareAgents}, and a client that writes a request and waits for its outcome. */
final class BarePool implements Pool {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Path directory;
    private final ChildJvm server;
    private final ChildJvm agents;
    private final ZooKeeperTree client;
    private final Sizes sizes;
    private final Semaphore signals = new Semaphore(0);
    private int clusters;

    BarePool(Path directory, int nodes, Sizes sizes) throws Exception {
        this.directory = Directories.fresh(directory);
        this.sizes = sizes;
        int port = Directories.freePort();
        String hosts = "127.0.0.1:" + port;
        server = ChildJvm.start(
                directory.resolve("server.log"),
                SimulatedPool.serverOptions(),
                BareServer.class,
                List.of(
                        directory.resolve("data").toString(),
                        Integer.toString(port),
                        Integer.toString(nodes),
                        Json.write(sizes)));
        agents = ChildJvm.start(
                directory.resolve("agents.log"),
                SimulatedPool.AGENTS_OPTIONS,
                BareAgents.class,
                List.of(hosts, Integer.toString(nodes), Integer.toString(sizes.status())));
        client = TreeSessions.openLean(hosts, HostedAgents.IN_PLAIN_TEXT, HostedAgents.SESSION);
        client.awaitConnected(LONGEST);
        client.watch(BareServer.REQUESTS, signals::release);
        // The first statuses are written when all bare agents are there.
        for (int number = 1; number <= nodes; number++) {
            String path = BareServer.STATUS + "/n" + number;
            while (client.get(path).filter(status -> !status.text().isEmpty()).isEmpty()) {
                signals.tryAcquire(20, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public double create() throws Exception {
        clusters++;
        return ask("create-" + clusters);
    }

    @Override
    public double delete() throws Exception {
        double seconds = ask("delete-" + clusters);
        awaitIdle();
        return seconds;
    }

    private double ask(String request) throws Exception {
        String path = BareServer.REQUESTS + "/" + request;
        long start = System.nanoTime();
        client.commit(List.of(new Op.Create(path, Sizes.text(request, sizes.request()))));
        while (client.get(path + "/outcome").isEmpty()) {
            signals.drainPermits();
            if (client.get(path + "/outcome").isEmpty()) {
                signals.acquire();
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public void collectAgents() throws IOException, InterruptedException {
        LiveHeap.collect(agents.pid());
    }

    @Override
    public double processorSeconds() {
        return server.processorSeconds() + agents.processorSeconds();
    }

    @Override
    public void close() throws IOException {
        client.close();
        agents.close();
        server.close();
        FileTree.remove(directory);
    }
}
