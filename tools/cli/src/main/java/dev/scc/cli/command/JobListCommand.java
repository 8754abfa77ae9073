package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.view.JobListView;
import dev.scc.cli.view.JobView;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.NotEntitled;
import dev.scc.cluster.view.ClusterList;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.job.JobRecord;
import dev.scc.job.client.JobClient;
import java.time.Duration;
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
            "Those that run are known to the server; those that are over to nodes of their cluster, which are all asked."
        },
        footer = {"", "Examples:", "  scc job list", "  scc job list demo -o json", "  scc job list --running -o name"})
final class JobListCommand implements Callable<Integer> {
    /** As long as an agent or a keeper that hangs may keep the answers of the others back. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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

    /** Returns whether every member has answered. */
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

    /** All are asked: whoever led a job before a repair, or tells of one that was lost with its lead, may be any of them. */
    private boolean addKept(
            JobClient client, ClusterName name, Roster roster, Optional<String> permit, Map<String, JobView> jobs)
            throws InterruptedException {
        MemberAnswers<List<JobRecord>> kept =
                MemberAnswers.of(roster.members(), PATIENCE, member -> client.jobs(member, permit));
        KeptJobs.of(kept.answers()).forEach((job, record) -> {
            if (record.counts()) {
                jobs.put(job, JobView.of(record.job()));
            } else {
                jobs.putIfAbsent(job, JobView.of(record.job()));
            }
        });
        if (kept.silent().isEmpty()) {
            return true;
        }
        tell(name, kept);
        return false;
    }

    /** The list is an array in JSON, and stays one: who is silent is in a field of what goes beside it. */
    private void tell(ClusterName name, MemberAnswers<?> kept) {
        String what = "jobs of " + name + " that are over are not all known";
        switch (session.printer().format()) {
            case json, yaml ->
                session.printer()
                        .problem(new Problem(
                                what,
                                String.join(
                                        ",",
                                        kept.silent().keySet().stream()
                                                .map(NodeName::value)
                                                .toList()),
                                "",
                                kept.reasons(),
                                "the others have answered",
                                "scc node list shows who is lost"));
            case table, name -> session.printer().remark(what + ": no answer from " + kept.reasons());
        }
    }

    private static List<ClusterName> names(ClusterClient pool) throws Exception {
        return pool.clusters().clusters().stream().map(ClusterList.Row::cluster).toList();
    }
}
