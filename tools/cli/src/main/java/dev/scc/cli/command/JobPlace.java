package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.job.JobId;
import dev.scc.job.client.JobClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Where a job is kept: with the node that leads it, which the tree names as long as the job runs, and which else is the first
 * of its cluster.
 */
record JobPlace(JobId job, Member lead, Optional<String> permit) {
    /** So many of a cluster's first members know of jobs: the lead, and the one that tells of those that were lost with it. */
    static final int KNOWING = 2;

    /** How many of the others are asked at once, and how long each may take. */
    private static final int AT_ONCE = 16;

    private static final Duration HASTE = Duration.ofSeconds(5);

    private static final String NEXT = "scc job list shows which there are";

    /** @throws Failure if there is no such cluster or its lead has left it */
    static JobPlace find(Session session, String id) throws Exception {
        JobId job = UserMistake.reading(id, JobId::new);
        String what = "job " + job;
        try (ClusterClient pool = Pool.connect(session.options())) {
            Optional<JobEntry> running = pool.jobs().stream()
                    .filter(entry -> entry.job().equals(job.value()))
                    .findFirst();
            ClusterName cluster = running.map(JobEntry::cluster)
                    .or(() -> cluster(job))
                    .orElseThrow(() -> new Failure(ExitStatus.FAILED, Problem.of(what, "no job has such an id", NEXT)));
            Roster roster = pool.roster(cluster)
                    .orElseThrow(() -> new Failure(
                            ExitStatus.FAILED,
                            Problem.of(what, "there is no cluster " + cluster + ", and its jobs went with it", NEXT)));
            Optional<String> permit = pool.permit(cluster, false);
            JobClient client = new JobClient(session.options().connections());
            JobClient hasty = new JobClient(session.options().connections(), HASTE);
            NodeName lead = running.map(JobEntry::lead)
                    .or(() -> knowing(client, hasty, roster, permit, job))
                    .orElse(roster.members().getFirst().node());
            return new JobPlace(
                    job,
                    roster.members().stream()
                            .filter(member -> member.node().equals(lead))
                            .findFirst()
                            .orElseThrow(() -> new Failure(
                                    ExitStatus.FAILED,
                                    Problem.of(what, "node " + lead + ", which leads it, has left the cluster", NEXT))),
                    permit);
        }
    }

    /** Who of those that may know of it does. A job that had no rank on the first ones is told of by one where it had. */
    private static Optional<NodeName> knowing(
            JobClient client, JobClient hasty, Roster roster, Optional<String> permit, JobId job) {
        List<Member> members = roster.members();
        for (Member member : members.stream().limit(KNOWING).toList()) {
            if (knows(client, member, permit, job)) {
                return Optional.of(member.node());
            }
        }
        List<Callable<Optional<NodeName>>> questions = members.stream()
                .skip(KNOWING)
                .<Callable<Optional<NodeName>>>map(member ->
                        () -> knows(hasty, member, permit, job) ? Optional.of(member.node()) : Optional.empty())
                .toList();
        Optional<NodeName> found = Optional.empty();
        try (ExecutorService asking =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (Future<Optional<NodeName>> answer : asking.invokeAll(questions)) {
                found = found.or(answer::resultNow);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    private static boolean knows(JobClient client, Member member, Optional<String> permit, JobId job) {
        boolean knows = false;
        try {
            knows = client.job(member, permit, job).job().equals(job);
        } catch (RpcFailed e) {
            // Another may know, and the first says so again to whoever asks.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return knows;
    }

    /** The id of a job begins with the name of its cluster. */
    private static Optional<ClusterName> cluster(JobId job) {
        int end = job.value().lastIndexOf('-');
        return end < 1
                ? Optional.empty()
                : Optional.of(new ClusterName(job.value().substring(0, end)));
    }
}
