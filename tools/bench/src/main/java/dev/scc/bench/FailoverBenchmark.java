package dev.scc.bench;

import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * How long after the end of the lost leader's session its successor has taken its first decision: a request that a client has
 * sent meanwhile is answered. Beside it, in the same failover, a bare client that writes one entry as soon as it sees the same.
 */
final class FailoverBenchmark implements Benchmark {
    private static final int RUNS = 10;
    private static final int QUICK_RUNS = 3;
    private static final double TARGET = 1.0;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Path home;
    private final Path data;

    FailoverBenchmark(Path home, Path data) {
        this.home = home;
        this.data = data;
    }

    /** What befalls the leader. */
    private enum Loss {
        KILLED("kill -9"),
        STOPPED("SIGSTOP");

        private final String title;

        Loss(String title) {
            this.title = title;
        }
    }

    /**
     * In seconds.
     *
     * @param afterSession from when the leader's entry was seen to go until the request's outcome was seen
     * @param bare until the bare client's write was acknowledged
     * @param beyond from the loss until the outcome, less the session timeout
     */
    private record Failover(double afterSession, double bare, double beyond) {}

    @Override
    public String description() {
        return "three servers on loopback, their leader lost: from the end of its session to its successor's first decision";
    }

    @Override
    public Result run(boolean quick) throws Exception {
        int runs = quick ? QUICK_RUNS : RUNS;
        List<Row> rows = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        notes.add(
                "Seconds; " + runs + " failovers each, interleaved, session timeout " + ServerGroup.SESSION.toSeconds()
                        + " s. \"other\" is a bare client that watches the leader's entry and writes one entry when it goes.");
        Map<Loss, List<Failover>> all = new EnumMap<>(Loss.class);
        try (ServerGroup servers = new ServerGroup(home, data);
                LeaderWatch watch = new LeaderWatch(servers.hosts(), servers.server());
                ClusterClient client = ClusterClient.to(servers.addresses(), servers.connections(), LONGEST)) {
            for (int i = 1; i <= runs; i++) {
                for (Loss loss : Loss.values()) {
                    Failover failover = failover(servers, watch, client, loss);
                    System.err.println(loss.title + " " + i + " of " + runs + ": " + failover);
                    all.computeIfAbsent(loss, any -> new ArrayList<>()).add(failover);
                }
            }
        }
        all.forEach((loss, failovers) -> {
            Spread after =
                    Spread.of(failovers.stream().map(Failover::afterSession).toList());
            Spread bare = Spread.of(failovers.stream().map(Failover::bare).toList());
            Spread beyond = Spread.of(failovers.stream().map(Failover::beyond).toList());
            rows.add(row(
                    loss.title + ", first decision after the end of the session, median",
                    after.median(),
                    bare.median()));
            rows.add(row(loss.title + ", the same, slowest", after.highest(), bare.highest()));
            notes.add(loss.title + ": first decision after the end of the session " + after + "; bare client " + bare
                    + "; from the loss, beyond the session timeout " + beyond + ".");
        });
        notes.add(
                "From the loss it takes longer where ZooKeeper's own leader was lost with the server: sessions begin anew"
                        + " when the members have elected another, and a stopped one is given up only after 3 s.");
        return new Result("failover", rows, notes);
    }

    private static Row row(String what, double ours, double bare) {
        return new Row(
                what, ours, bare, ours / bare, String.format(Locale.ROOT, "at most %.1f s", TARGET), ours <= TARGET);
    }

    private static Failover failover(ServerGroup servers, LeaderWatch watch, ClusterClient client, Loss loss)
            throws Exception {
        String leader = servers.awaitLeader(watch);
        watch.arm();
        long lost = System.nanoTime();
        switch (loss) {
            case KILLED -> servers.kill(leader);
            case STOPPED -> servers.pause(leader);
        }
        CompletableFuture<Long> decided = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                // Refused, as there is no such node: a decision that changes nothing.
                client.cordon(new NodeName("nobody"), "not there", ClusterClient.newRequestId(), LONGEST);
                decided.complete(System.nanoTime());
            } catch (Exception e) {
                decided.completeExceptionally(e);
            }
        });
        LeaderWatch.Gone gone = watch.awaitGone(LONGEST);
        long outcome = decided.get();
        switch (loss) {
            case KILLED -> servers.start(leader);
            case STOPPED -> servers.resume(leader);
        }
        servers.awaitWriting(leader);
        return new Failover(
                seconds(outcome - gone.seen()),
                seconds(gone.written() - gone.seen()),
                seconds(outcome - lost) - seconds(ServerGroup.SESSION.toNanos()));
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
