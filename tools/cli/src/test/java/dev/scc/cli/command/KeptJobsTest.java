package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptJobsTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N7 = new NodeName("n7");

    private static JobRecord job(String id, NodeName lead) {
        return JobRecord.pending(
                new JobId(id), new ClusterName("demo"), "user:ada", lead, JobSpec.of(List.of("app")), Instant.EPOCH);
    }

    private static JobRecord lost(String id, NodeName lead) {
        return job(id, lead).moved(new JobState.Lost("its lead is gone"), Instant.EPOCH);
    }

    private static Map<NodeName, List<JobRecord>> told(Object... pairs) {
        Map<NodeName, List<JobRecord>> told = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            told.put((NodeName) pairs[i], List.of((JobRecord) pairs[i + 1]));
        }
        return told;
    }

    private static void assertOne(Map<String, KeptJobs.Told> jobs, Class<? extends JobState> state) {
        assertThat(jobs).containsOnlyKeys("demo-1");
        assertThat(jobs.values()).singleElement().satisfies(told -> {
            assertThat(told.job().state()).isInstanceOf(state);
            assertThat(told.counts()).isTrue();
        });
    }

    @Test
    void whatTheLeadSaysComesBeforeWhatAWitnessDoesWhereverTheyAre() {
        assertOne(KeptJobs.of(told(N1, lost("demo-1", N2), N2, job("demo-1", N2))), JobState.Pending.class);
    }

    @Test
    void anyMemberIsAWitnessWhereTheLeadIsSilentOrNoMember() {
        assertOne(KeptJobs.of(told(N7, lost("demo-1", N1))), JobState.Lost.class);
    }

    /** The lead may have forgotten it, or begin to lead it just now. */
    @Test
    void aWitnessDoesNotContradictTheTreeWhereTheLeadHasAnswered() {
        Map<String, KeptJobs.Told> jobs = KeptJobs.of(told(N1, job("demo-2", N1), N7, lost("demo-1", N1)));

        assertThat(jobs)
                .containsEntry("demo-1", new KeptJobs.Told(lost("demo-1", N1), false))
                .containsEntry("demo-2", new KeptJobs.Told(job("demo-2", N1), true));
    }
}
