package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.view.JobListView;
import dev.scc.cli.view.JobView;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.view.ClusterList;
import dev.scc.host.UserMistake;
import dev.scc.job.JobRecord;
import dev.scc.job.client.JobClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc job list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Jobs that run and jobs that are over, the latest first.",
            "Those that run are known to the server; those that are over to the nodes that led them, which are asked."
        },
        footer = {"", "Examples:", "  scc job list", "  scc job list demo -o json", "  scc job list --running -o name"})
final class JobListCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", arity = "0..1", paramLabel = "CLUSTER", description = "Only the jobs of this cluster.")
    @Nullable
    String cluster;

    @Option(names = "--running", description = "Only those that are not over; no node is asked.")
    boolean running;

    JobListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        Optional<ClusterName> only =
                Optional.ofNullable(cluster).map(name -> UserMistake.reading(name, ClusterName::new));
        Map<String, JobView> jobs = new LinkedHashMap<>();
        boolean all = true;
        try (ClusterClient pool = Pool.connect(session.options())) {
            for (JobEntry entry : pool.jobs()) {
                if (only.isEmpty() || only.get().equals(entry.cluster())) {
                    jobs.put(entry.job(), JobView.of(entry));
                }
            }
            if (!running) {
                all = addKept(pool, only, jobs);
            }
        }
        List<JobView> latestFirst = new ArrayList<>(jobs.values());
        latestFirst.sort(Comparator.comparing(JobView::submitted).reversed());
        session.printer().answer(new JobListView(latestFirst));
        return all ? ExitStatus.DONE.code() : ExitStatus.SOME_NODES_FAILED.code();
    }

    /** Returns whether every lead has answered. */
    private boolean addKept(ClusterClient pool, Optional<ClusterName> only, Map<String, JobView> jobs)
            throws Exception {
        JobClient client = new JobClient(session.options().connections());
        boolean all = true;
        for (ClusterName name : only.isPresent() ? List.of(only.get()) : names(pool)) {
            Optional<Roster> roster = pool.roster(name);
            if (roster.isEmpty()) {
                if (only.isPresent()) {
                    throw Pool.noSuchCluster("job list", name);
                }
                continue;
            }
            try {
                all &= addKept(client, name, roster.get(), pool.permit(name, false), jobs);
            } catch (NotEntitled e) {
                // A viewer asks no node, and has seen what runs.
                session.printer().remark("jobs of " + name + " that are over are not told: " + e.getMessage());
            }
        }
        return all;
    }

    /** The first member leads, and what it says counts; the next one tells of jobs that were lost with their lead. */
    private boolean addKept(
            JobClient client, ClusterName name, Roster roster, Optional<String> permit, Map<String, JobView> jobs)
            throws InterruptedException {
        boolean all = true;
        for (Member member : roster.members().stream().limit(JobPlace.KNOWING).toList()) {
            boolean second = all && !member.equals(roster.members().getFirst());
            try {
                for (JobRecord job : client.jobs(member, permit)) {
                    if (second) {
                        jobs.putIfAbsent(job.job().value(), JobView.of(job));
                    } else {
                        jobs.put(job.job().value(), JobView.of(job));
                    }
                }
            } catch (RpcFailed e) {
                all = false;
                session.printer().remark("jobs of " + name + " that are over are not all known: " + e.getMessage());
            }
        }
        return all;
    }

    private static List<ClusterName> names(ClusterClient pool) throws Exception {
        return pool.clusters().clusters().stream().map(ClusterList.Row::cluster).toList();
    }
}
