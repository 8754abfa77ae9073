package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.Cgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CgroupIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int COMES_AND_GOES = 2000;

    private Path directory = Path.of("/");
    private Cgroup cgroup = Cgroup.at(directory);

    @BeforeEach
    void create() throws IOException {
        directory = Cgroup.root().resolve("scc-test-" + UUID.randomUUID());
        cgroup = Cgroup.create(directory);
    }

    @AfterEach
    void remove() throws Exception {
        assertThat(Cgroup.at(directory).remove(PATIENCE)).isEmpty();
    }

    private Process start(Cgroup where, String script) throws IOException {
        return new ProcessBuilder(
                        JobTools.installed().exec().toString(),
                        "-c",
                        where.directory().toString(),
                        "--",
                        "sh",
                        "-c",
                        script)
                .start();
    }

    @Test
    void everythingBelowIsKilledAndRemoved() throws Exception {
        Process first = start(cgroup, "setsid sleep 1000 & sleep 1000");
        Process second = start(cgroup.child("below"), "trap '' TERM INT HUP; sleep 1000; sleep 1000");
        await().until(() -> cgroup.processes().size() >= 4);

        assertThat(cgroup.remove(PATIENCE)).isEmpty();

        assertThat(first.waitFor()).isEqualTo(137);
        assertThat(second.waitFor()).isEqualTo(137);
        assertThat(Files.exists(directory)).isFalse();
    }

    @Test
    void removingWhatIsGoneSucceeds() throws Exception {
        assertThat(cgroup.remove(PATIENCE)).isEmpty();
        assertThat(cgroup.remove(PATIENCE)).isEmpty();
    }

    /** As keepers do that look for strays while other jobs end. */
    @Test
    void oneThatIsJustBeingRemovedHasNoProcesses() throws Exception {
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> comesAndGoes = beside.submit(() -> {
                for (int time = 0; time < COMES_AND_GOES; time++) {
                    cgroup.child("below").remove(PATIENCE);
                }
                return null;
            });
            while (!comesAndGoes.isDone()) {
                assertThat(Cgroup.at(directory.resolve("below")).processes()).isEmpty();
            }
            comesAndGoes.get();
        }
    }

    @Test
    void starterReportsAMissingCgroup() throws Exception {
        Process process = start(Cgroup.at(directory.resolve("missing")), "true");

        assertThat(process.waitFor()).isEqualTo(125);
    }
}
