package dev.scc.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsIT {
    @Test
    void tenThousandSeedsKeepAllPromisesAndExerciseEverything() throws InterruptedException {
        Tally tally = SeedsTest.assertKept(1, 10_000, Seed::clusters);

        assertThat(tally.faults.keySet())
                .containsAll(Arrays.stream(Faults.Kind.values()).map(Enum::name).toList())
                .contains(
                        "answer to a transaction lost",
                        "check of a device hung",
                        "device harmed: CANNOT_BE_TRIED",
                        "device harmed: COUNTS_ERRORS",
                        "device harmed: FAILS",
                        "disk was full",
                        "job did not end",
                        "user put out",
                        "machine could not be looked at",
                        "request executed after its loss was told",
                        "request executed after its process died",
                        "server behind the session",
                        "session given up by its client",
                        "step failed",
                        "stopped with a transaction in hand",
                        "transaction lost");
        assertThat(tally.requests.keySet())
                .containsAll(List.of(
                        "Create Done",
                        "Create Failed",
                        "Create Refused",
                        "Scale Done",
                        "Scale Failed",
                        "Delete Done",
                        "Cordon Done",
                        "Uncordon Done",
                        "Label Done"));
        assertThat(tally.refusals.keySet())
                .contains(
                        "Create NOT_ENTITLED",
                        "Create OVER_QUOTA",
                        "Scale NOT_ENTITLED",
                        "Scale OVER_QUOTA",
                        "Delete NOT_ENTITLED",
                        "Cordon NOT_ENTITLED");
        assertThat(tally.phases.keySet())
                .containsAll(List.of(
                        "Creating -> RollingBack",
                        "Creating -> Failed",
                        "Verifying -> Creating",
                        "Ready -> Degraded",
                        "Degraded -> Repairing",
                        "Degraded -> Scaling",
                        "Degraded -> Verifying",
                        "Repairing -> Verifying",
                        "Verifying -> Scaling",
                        "Scaling -> Degraded",
                        "RollingBack -> gone",
                        "Deleting -> gone"));
    }

    @Test
    void threeThousandSeedsWithJobsKeepAllPromisesAndExerciseEverything() throws InterruptedException {
        Tally tally = SeedsTest.assertKept(1, 3_000, Seed::jobs);

        assertThat(tally.faults.keySet())
                .containsAll(Arrays.stream(JobFaults.Kind.values())
                        .map(kind -> "job scene: " + kind)
                        .toList());
        assertThat(tally.ends.keySet())
                .contains(
                        "job Done",
                        "job Failed",
                        "job NodeLost",
                        "job Cancelled",
                        "job TimedOut",
                        "job Refused",
                        "job started again",
                        "job lost with its lead was told of",
                        "jobs that nobody kept were ended",
                        "cancel answered Running",
                        "cancel REFUSED");
    }

    @Test
    void aSelectionOfTheCrashPointsEndsWell() throws InterruptedException {
        CrashPoints.Summary summary = CrashPoints.all(2, 2500, System.err::println);

        assertThat(summary.broken())
                .as("cases that break a promise; each is replayed by tools/simulation/run --crash-point CASE")
                .isEmpty();
        assertThat(summary.runs()).isEqualTo(2500);
    }
}
