package dev.scc.simulation.bugs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few of the planted bugs, such as are found soon. */
@Timeout(300)
class HuntTest {
    private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String CLASSPATH = System.getProperty("java.class.path");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clean-before-undone",
                "number-given-twice",
                "rollback-without-leave",
                "ledger-after-the-change",
                "request-forgotten-while-under-way",
                "deleted-before-it-is-clean",
                "cancel-only-noted",
                "one-attempt-too-many"
            })
    void theSimulationFindsIt(String name) throws Exception {
        List<Bug> bugs = BugList.read(REPOSITORY);
        Bug bug =
                bugs.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        try (Workshop workshop = new Workshop(REPOSITORY, CLASSPATH)) {
            workshop.make(bug, directory);
        }

        Hunt.Catch caught = new Hunt(CLASSPATH, 100, 2).find(directory);

        assertThat(caught.seed()).as(caught.says()).isPresent();
    }
}
