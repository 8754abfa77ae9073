package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.job.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobReportTest {
    @Test
    void aRefusedJobIsToldWhatWouldLetItRun() {
        assertThat(JobReport.next(new Refusal.NoRdma("why"))).startsWith("--allow-tcp lets it run");
        assertThat(JobReport.next(new Refusal.NoDirectory("/home/me", List.of(new NodeName("n1")))))
                .startsWith("start it from a directory");
    }

    @Test
    void aNodeThatCannotTakePartIsNoMatterOfOptions() {
        assertThat(JobReport.next(new Refusal.NodeUnable(new NodeName("n1"), "no answer")))
                .isEmpty();
    }
}
