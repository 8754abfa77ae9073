package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.ServerUnreachable;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.view.ClusterView;
import dev.scc.job.JobEnd;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.Refusal;
import dev.scc.job.client.ForwardingSink;
import dev.scc.job.client.OutputSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a job, and again when it has lost a node, on the cluster as it is after its repair. A program that fails by itself is
 * not started again.
 *
 * @param most how often it is started again
 * @param patience how long the cluster's repair may take, each time
 */
record Restarts(Session session, ClusterName cluster, boolean asRoot, int most, Duration patience) {
    Restarts {
        if (most < 0) {
            throw new IllegalArgumentException("--restarts " + most + " is not at least 0");
        }
    }

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** By then a server has noticed that a node is gone; a cluster that is still ready then has it back, or never lost it. */
    private static final Duration NOTICED = Duration.ofSeconds(30);

    /** On what to run. */
    record Place(Roster roster, Optional<String> permit) {}

    /** One time. */
    @FunctionalInterface
    interface Attempt {
        /**
         * Runs it.
         *
         * @param started hears which job it is, when it has started
         * @throws RpcFailed if the job's lead is lost
         */
        JobOutcome run(Place place, JobSpec spec, Consumer<JobId> started) throws Exception;
    }

    /** Notes which job it is. */
    static OutputSink noting(Consumer<JobId> started, OutputSink next) {
        return new ForwardingSink(next) {
            @Override
            public void started(JobEvent.Started event) {
                started.accept(event.job());
                super.started(event);
            }
        };
    }

    JobOutcome run(Place first, JobSpec spec, Attempt attempt) throws Exception {
        Place place = first;
        List<JobId> earlier = new ArrayList<>();
        for (int number = 1; ; number++) {
            String lost;
            try {
                JobOutcome outcome = attempt.run(place, spec.again(number, earlier), earlier::add);
                Optional<String> why = lostNode(outcome, number);
                if (why.isEmpty() || number > most) {
                    return outcome;
                }
                lost = why.get();
            } catch (RpcFailed e) {
                if (number > most) {
                    throw e;
                }
                lost = String.valueOf(e.getMessage());
            }
            session.printer()
                    .remark("%s; restart %d of %d when cluster %s is repaired".formatted(lost, number, most, cluster));
            place = awaitRepair(place.roster().revision(), lost);
        }
    }

    /** Why the job lost a node, if it did. A cluster that has just been repaired may lose another one before it starts. */
    private static Optional<String> lostNode(JobOutcome outcome, int number) {
        return switch (outcome) {
            case JobOutcome.Ended ended ->
                ended.end() instanceof JobEnd.NodeLost lost ? Optional.of(lost.why()) : Optional.empty();
            case JobOutcome.Refused refused ->
                number > 1 && refused.refusal() instanceof Refusal.NodeUnable unable
                        ? Optional.of(unable.why())
                        : Optional.empty();
        };
    }

    private Place awaitRepair(int before, String lost) throws Exception {
        long begin = System.nanoTime();
        String seen = "no server answers";
        while (System.nanoTime() - begin < patience.toNanos()) {
            try (ClusterClient pool = Pool.connect(session.options())) {
                Optional<ClusterView> now = pool.cluster(cluster);
                if (now.isEmpty()) {
                    throw Pool.noSuchCluster("restart on " + cluster, cluster);
                }
                seen = "it is " + now.get().phase() + " in revision "
                        + now.get().revision()
                        + (now.get().reason().isEmpty()
                                ? ""
                                : ", because " + now.get().reason());
                boolean noticed = now.get().revision() > before || System.nanoTime() - begin > NOTICED.toNanos();
                Optional<Roster> roster = pool.roster(cluster);
                if (noticed && now.get().phase() == ClusterPhase.READY && roster.isPresent()) {
                    return new Place(roster.get(), pool.permit(cluster, asRoot));
                }
            } catch (ServerUnreachable e) {
                seen = String.valueOf(e.getMessage());
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        throw new Failure(
                ExitStatus.SOME_NODES_FAILED,
                new Problem(
                        "restart on " + cluster,
                        "",
                        "",
                        lost + "; the cluster was not repaired within " + patience.toSeconds() + " s: " + seen,
                        "the job is over",
                        "scc show " + cluster + " says what it needs; --restart-wait gives it more time"));
    }
}
