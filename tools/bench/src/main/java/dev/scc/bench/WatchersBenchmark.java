package dev.scc.bench;

import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What a thousand watchers of events cost a server, and those who ask it for something meanwhile. */
final class WatchersBenchmark implements Benchmark {
    private static final int NODES = 100;
    private static final int WATCHERS = Integer.getInteger("scc.bench.watchers", 1000);
    private static final int ROUNDS = 3;
    private static final int CREATES = 5;
    private static final int WARM_UPS = 10;
    private static final double MOST_RATIO = 1.5;
    private static final double MOST_HEAP = 512;

    private final Path home;
    private final Path data;

    WatchersBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    @Override
    public String description() {
        return "create of 100 simulated nodes while 1,000 callers follow the events, beside one without them";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int rounds = quick ? 1 : ROUNDS;
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        double heap = 0;
        double heapBefore;
        long told = 0;
        try (SimulatedPool pool = new SimulatedPool(home, data.resolve("pool"), NODES)) {
            for (int i = 0; i < WARM_UPS; i++) {
                pool.create();
                pool.delete();
            }
            heapBefore = pool.serverHeap();
            for (int round = 1; round <= rounds; round++) {
                createAndDelete(pool, without);
                try (Watchers watchers = new Watchers(pool)) {
                    watchers.awaitAll();
                    createAndDelete(pool, with);
                    heap = Math.max(heap, pool.serverHeap());
                    told += watchers.told();
                }
                System.err.printf("round %d of %d: without %s, with %s%n", round, rounds, without, with);
            }
        }
        Spread alone = Spread.of(without);
        Spread watched = Spread.of(with);
        double ratio = watched.median() / alone.median();
        List<Row> rows = List.of(
                new Row(
                        "create of " + NODES + " nodes with " + WATCHERS + " watchers, s (other: without)",
                        watched.median(),
                        alone.median(),
                        ratio,
                        "ratio at most " + MOST_RATIO,
                        ratio <= MOST_RATIO),
                new Row(
                        "server's heap after a collection, MiB (other: target)",
                        heap,
                        MOST_HEAP,
                        heap / MOST_HEAP,
                        "at most 512 MiB",
                        heap <= MOST_HEAP));
        List<String> notes = List.of(rounds + " rounds of " + CREATES + " creates without and with, in turn. With "
                + watched + ", without "
                + alone + ". The watchers share the machine's processors with the server; they were told " + told
                + " events. Heap without watchers " + Math.round(heapBefore) + " MiB.");
        return new Result("watchers", rows, notes);
    }

    private static void createAndDelete(SimulatedPool pool, List<Double> seconds) throws Exception {
        for (int i = 0; i < CREATES; i++) {
            seconds.add(pool.create());
            pool.delete();
        }
    }

    /** Callers with a connection each, that follow until they are closed. */
    private static final class Watchers implements AutoCloseable {
        private final List<ClusterClient> clients = new ArrayList<>();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final CountDownLatch begun = new CountDownLatch(WATCHERS);
        private final AtomicLong events = new AtomicLong();

        Watchers(SimulatedPool pool) {
            for (int i = 0; i < WATCHERS; i++) {
                ClusterClient client = pool.connect();
                clients.add(client);
                threads.execute(() -> follow(client));
            }
        }

        private void follow(ClusterClient client) {
            AtomicBoolean first = new AtomicBoolean(true);
            try {
                client.followEvents(_ -> {
                    events.incrementAndGet();
                    if (first.getAndSet(false)) {
                        begun.countDown();
                    }
                });
            } catch (ServerUnreachable e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Until each has been told something. */
        void awaitAll() throws InterruptedException {
            begun.await();
        }

        long told() {
            return events.get();
        }

        @Override
        public void close() {
            threads.shutdownNow();
            clients.forEach(ClusterClient::close);
            threads.close();
        }
    }
}
