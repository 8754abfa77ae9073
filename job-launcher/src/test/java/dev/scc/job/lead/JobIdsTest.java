package dev.scc.job.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.job.JobId;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class JobIdsTest {
    private static final ClusterName DEMO = new ClusterName("demo");

    private final Set<JobId> known = new HashSet<>();
    private final JobIds ids = new JobIds(twiceEach(), known::contains);

    /** Draws each number twice. */
    private static RandomGenerator twiceEach() {
        return new RandomGenerator() {
            private long drawn;

            @Override
            public long nextLong() {
                return drawn++ / 2;
            }
        };
    }

    @Test
    void anIdIsNotGivenAgainBeforeItsJobIsKnown() {
        assertThat(ids.next(DEMO)).isNotEqualTo(ids.next(DEMO));
    }

    @Test
    void anIdThatAJobHasIsNotGivenAgain() {
        JobId first = ids.next(DEMO);
        known.add(first);
        ids.settle(first);

        assertThat(ids.next(DEMO)).isNotEqualTo(first);
    }

    @Test
    void anIdThatNoJobGotIsFree() {
        JobId first = ids.next(DEMO);
        ids.settle(first);

        assertThat(ids.next(DEMO)).isEqualTo(first);
    }
}
