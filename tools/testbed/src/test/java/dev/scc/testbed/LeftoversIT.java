package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.ProcessId;
import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an up that was killed leaves, made by hand: real namespaces and processes, no guests. */
class LeftoversIT {
    private final Scratch scratch = new Scratch();
    private final TestbedName name = scratch.name();
    private final TestbedNetwork network = new TestbedNetwork(name, new LocalCommands());

    @TempDir
    private Path home;

    @BeforeEach
    void capabilities() {
        Capabilities.require();
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        if (network.exists()) {
            network.processes().forEach(ProcessId::kill);
            network.delete();
        }
    }

    private ProcessId inhabitant() throws Exception {
        ProcessId process = Detached.start(network.enter(), List.of("sleep", "1000"), home.resolve("log"))
                .orElseThrow();
        // It enters after it has begun.
        await().until(() -> network.processes().contains(process));
        return process;
    }

    private Path data(TestbedState state) throws Exception {
        Path data = Files.createDirectories(Leftovers.folder(home, name));
        new StateFile(data).write(state);
        return data;
    }

    private TestbedState begun() {
        return TestbedState.begun(
                name, 1, Instant.parse("2026-01-02T03:04:05Z"), Made.Guests.none(Accelerator.TCG, "6.1"));
    }

    @Test
    void upThatWasKilledIsFoundByItsDataAndRemovedWithItsProcesses() throws Exception {
        new LocalCommands().check(Command.of("ip", "netns", "add", name.namespace()));
        ProcessId server = inhabitant();
        Path data = data(begun().withServer(server));

        List<Leftovers.Leftover> found = Leftovers.find(home, List.of());

        assertThat(found)
                .containsExactly(new Leftovers.Leftover(
                        name, data, "an up that began at 2026-01-02T03:04:05Z was killed on its way"));
        assertThat(new Testbed(name, data).down().clean()).isTrue();
        assertThat(server.alive()).isFalse();
        assertThat(network.exists()).isFalse();
        assertThat(Leftovers.find(home, List.of(name))).isEmpty();
    }

    @Test
    void testbedThatRunsIsNoLeftoverUntilItsProcessesHaveEnded() throws Exception {
        new LocalCommands().check(Command.of("ip", "netns", "add", name.namespace()));
        ProcessId server = inhabitant();
        data(begun().withServer(server).whenReady());
        assertThat(Leftovers.find(home, List.of())).isEmpty();

        server.kill();
        server.awaitEnd(java.time.Duration.ofSeconds(10));

        assertThat(Leftovers.find(home, List.of()))
                .extracting(Leftovers.Leftover::why)
                .containsExactly("none of its processes runs any more");
    }

    @Test
    void namespaceAloneIsLeftOnlyWhileNobodyLivesInIt() throws Exception {
        new LocalCommands().check(Command.of("ip", "netns", "add", name.namespace()));
        ProcessId somebody = inhabitant();
        assertThat(Leftovers.find(home, List.of(name))).isEmpty();

        somebody.kill();
        somebody.awaitEnd(java.time.Duration.ofSeconds(10));

        assertThat(Leftovers.find(home, List.of(name)))
                .extracting(Leftovers.Leftover::name)
                .containsExactly(name);
        assertThat(Leftovers.find(home, List.of())).isEmpty();
    }
}
