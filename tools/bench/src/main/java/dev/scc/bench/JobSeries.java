package dev.scc.bench;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.job.ExitCodes;
import dev.scc.job.JobEvent;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs of one rank, one after the other, by one client in a process of its own; prints how many seconds they took.
 * Arguments: server, credentials file, cluster, how many jobs.
 */
public final class JobSeries {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int WARM_UP = 20;

    private JobSeries() {}

    public static void main(String[] args) throws Exception {
        Connections connections = Connections.as(new LiveCredentials(Credentials.read(Path.of(args[1]))));
        ClusterName name = new ClusterName(args[2]);
        int jobs = Integer.parseInt(args[3]);
        Roster roster;
        Optional<String> permit;
        try (ClusterClient pool = ClusterClient.to(args[0], connections, PATIENCE)) {
            roster = pool.roster(name).orElseThrow();
            permit = pool.permit(name, false);
        }
        JobSpec spec = new JobSpec(
                List.of("/bin/true"), Optional.of(1), Optional.empty(), MpiChoice.NONE, true, Map.of(), "/", false);
        JobClient client = new JobClient(connections);
        run(client, roster, spec, permit, WARM_UP);
        long start = System.nanoTime();
        run(client, roster, spec, permit, jobs);
        System.out.println((System.nanoTime() - start) / 1e9);
        System.exit(0);
    }

    private static void run(JobClient client, Roster roster, JobSpec spec, Optional<String> permit, int jobs)
            throws Exception {
        for (int i = 0; i < jobs; i++) {
            JobOutcome outcome = client.run(roster, spec, permit, new Nothing());
            if (ExitCodes.of(outcome) != 0) {
                throw new IllegalStateException("job " + i + ": " + outcome);
            }
        }
    }

    /** What the jobs tell is not wanted. */
    private static final class Nothing implements OutputSink {
        @Override
        public void started(JobEvent.Started started) {}

        @Override
        public void output(boolean errors, byte[] bytes) {}
    }
}
