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
import java.util.Optional;

/**
 * Where a job is kept: with the node that leads it, which the tree names as long as the job runs, and which else is the first
 * of its cluster.
 */
record JobPlace(JobId job, Member lead, Optional<String> permit) {
    /** So many of a cluster's first members know of jobs: the lead, and the one that tells of those that were lost with it. */
    static final int KNOWING = 2;

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
            NodeName lead = running.map(JobEntry::lead)
                    .or(() -> knowing(client, roster, permit, job))
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

    /** Who of those that may know of it does. */
    private static Optional<NodeName> knowing(JobClient client, Roster roster, Optional<String> permit, JobId job) {
        for (Member member : roster.members().stream().limit(KNOWING).toList()) {
            try {
                return Optional.of(client.job(member, permit, job).job()).map(_ -> member.node());
            } catch (RpcFailed e) {
                // The next may know, and the first says so again to whoever asks.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return Optional.empty();
    }

    /** The id of a job begins with the name of its cluster. */
    private static Optional<ClusterName> cluster(JobId job) {
        int end = job.value().lastIndexOf('-');
        return end < 1
                ? Optional.empty()
                : Optional.of(new ClusterName(job.value().substring(0, end)));
    }
}
