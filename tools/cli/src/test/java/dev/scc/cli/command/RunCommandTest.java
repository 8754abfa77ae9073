package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.MpiFamily;
import dev.scc.job.Receipt;
import dev.scc.job.Transport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunCommandTest {
    private static JobOutcome outcome(Optional<Receipt> receipt) {
        return new JobOutcome(JobOutcome.REFUSED, Optional.of("why"), List.of(), List.of(), receipt);
    }

    @Test
    void aRefusedJobIsToldWhatWouldLetItRun() {
        assertThat(RunCommand.next(outcome(Optional.empty()))).startsWith("--allow-tcp lets it run");
    }

    @Test
    void aJobThatEndedWithTheStatusOfARefusalIsNoRefusedOne() {
        Receipt ran = new Receipt(
                new JobId("demo-1"),
                new ClusterName("demo"),
                MpiFamily.NONE,
                1,
                JobOutcome.REFUSED,
                Transport.NONE,
                List.of(),
                List.of());

        assertThat(RunCommand.next(outcome(Optional.of(ran)))).isEmpty();
    }
}
