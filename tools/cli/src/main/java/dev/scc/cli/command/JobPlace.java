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
import java.util.Map;
import java.util.Optional;

/**
 * Where a job is kept: with the node that leads it, which the tree names as long as the job runs, and which else is the first
 * of its cluster.
 */
record JobPlace(JobId job, Member lead, Optional<String> permit) {
    /** So many of a cluster's first members most likely know: the lead, and the one that tells of what was lost with it. */
    private static final int KNOWING = 2;

    /** How long all others may take together. */
    private static final Duration HASTE = Duration.ofSeconds(20);

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
            Optional<NodeName> leads = running.map(JobEntry::lead);
            if (leads.isEmpty()) {
                leads = knowing(client, roster, permit, job);
            }
            NodeName lead = leads.orElse(roster.members().getFirst().node());
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
    private static Optional<NodeName> knowing(JobClient client, Roster roster, Optional<String> permit, JobId job)
            throws InterruptedException {
        List<Member> members = roster.members();
        for (Member member : members.stream().limit(KNOWING).toList()) {
            if (knows(client, member, permit, job)) {
                return Optional.of(member.node());
            }
        }
        List<Member> others = members.stream().skip(KNOWING).toList();
        return MemberAnswers.of(others, HASTE, member -> client.job(member, permit, job)).answers().entrySet().stream()
                .filter(told -> told.getValue().job().equals(job))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean knows(JobClient client, Member member, Optional<String> permit, JobId job)
            throws InterruptedException {
        boolean knows = false;
        try {
            knows = client.job(member, permit, job).job().equals(job);
        } catch (RpcFailed e) {
            // Another may know, and the first says so again to whoever asks.
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
