package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.host.ProcessId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
    private static final Made.Guests NO_GUESTS = Made.Guests.none(Accelerator.TCG, "6.1.0-9-amd64");
    private static final TestbedState BEGUN = begun(NO_GUESTS);

    @TempDir
    private Path directory;

    private static TestbedState begun(Made made) {
        return TestbedState.begun(new TestbedName("pool"), 2, Instant.parse("2026-01-02T03:04:05Z"), made);
    }

    @Test
    void everyKindIsReadAsItWasWritten() {
        for (Made made : List.of(
                NO_GUESTS,
                new Made.Namespaces(Optional.empty()),
                new Made.Namespaces(Optional.of(new ProcessId(10, 1000))),
                new Made.Simulated(Optional.of(new ProcessId(10, 1000))))) {
            TestbedState state = begun(made);

            assertThat(StateFile.decode(StateFile.encode(state).getBytes(StandardCharsets.UTF_8)))
                    .contains(state);
        }
    }

    @Test
    void whatWasWrittenIsRead() throws Exception {
        StateFile file = new StateFile(directory);
        TestbedState state = BEGUN.withServer(new ProcessId(10, 1000))
                .with(NO_GUESTS
                        .with(new NodeName("n1"), new ProcessId(11, 1001))
                        .with(new NodeName("n2"), new ProcessId(12, 1002)))
                .whenReady();

        file.write(state);

        assertThat(new StateFile(directory).read()).contains(state);
        assertThat(state.processes()).hasSize(3);
    }

    @Test
    void theFormIsThis() {
        String text = StateFile.encode(BEGUN.with(NO_GUESTS.with(new NodeName("n1"), new ProcessId(11, 1001))));

        assertThat(text.replaceAll("\\s", ""))
                .isEqualTo("{\"name\":\"pool\",\"nodes\":2,\"since\":\"2026-01-02T03:04:05Z\",\"ready\":false,"
                        + "\"servers\":[],\"made\":{\"is\":\"vm\",\"accelerator\":\"tcg\",\"kernel\":\"6.1.0-9-amd64\","
                        + "\"guests\":{\"n1\":{\"pid\":11,\"startTicks\":1001}}}}");
        assertThat(StateFile.decode(text.getBytes(StandardCharsets.UTF_8))).isPresent();
    }

    @Test
    void aChangeIsWrittenBeforeItIsReturned() throws Exception {
        StateFile file = new StateFile(directory);
        file.write(BEGUN);

        TestbedState changed = file.change(TestbedState::whenReady);

        assertThat(changed.ready()).isTrue();
        assertThat(new StateFile(directory).read()).contains(changed);
    }

    @Test
    void aDamagedStateIsThereButSaysNothing() throws Exception {
        Files.writeString(directory.resolve(StateFile.NAME), "{\"name\":\"po");
        StateFile file = new StateFile(directory);

        assertThat(file.exists()).isTrue();
        assertThat(file.read()).isEmpty();
    }
}
