package dev.scc.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.audit.AuditEntry.Ending;
import dev.scc.cluster.audit.AuditEntry.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditPagesTest {
    private static final AuditLog.Size SMALL = new AuditLog.Size(2_000, 3);

    @TempDir
    Path directory;

    private Path home() {
        return directory.resolve("audit");
    }

    private void write(int from, int to) throws IOException {
        try (AuditLog log = AuditLog.open(home(), SMALL, InstantSource.system())) {
            for (int number = from; number <= to; number++) {
                Ending ending = number % 2 == 0 ? Ending.NOT_ENTITLED : Ending.DONE;
                log.add(new Fact("user:ada", "10.0.0.1:1", "scc.Server/Ask", "create c" + number, ending, "", 0));
            }
        }
    }

    private List<String> written() throws IOException {
        List<String> all = new ArrayList<>();
        for (Path file : new AuditFiles(home()).all()) {
            all.addAll(Files.readAllLines(file));
        }
        return all;
    }

    /** The lines as pages of that size have them, the oldest first. */
    private List<String> read(int most) throws IOException {
        List<String> all = new ArrayList<>();
        Optional<AuditPage.Place> before = Optional.empty();
        do {
            AuditPage page = AuditPages.before(home(), before, most);
            all.addAll(0, page.lines());
            if (before.isPresent() && page.begin().isPresent()) {
                assertThat(page.begin().get().isBefore(before.get())).isTrue();
            }
            before = page.begin();
        } while (before.isPresent());
        return all;
    }

    private static AuditBackwards checked(List<String> lines) {
        AuditBackwards chain = new AuditBackwards();
        lines.reversed().forEach(chain::take);
        chain.end();
        return chain;
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 701, 1_999, 2_000, 1_000_000})
    void pagesOfAnySizeHaveEveryLineOfAllFilesOnce(int most) throws Exception {
        write(1, 30);

        assertThat(read(most)).isEqualTo(written());
        assertThat(checked(read(most)))
                .satisfies(chain -> assertThat(chain.broken()).isEmpty())
                .satisfies(chain -> assertThat(chain.refused()).isEqualTo((chain.entries() + 1) / 2));
    }

    @Test
    void whatIsAddedMeanwhileAndTheFilesThatGoDoNotDisturbAReader() throws Exception {
        write(1, 12);
        AuditPage latest = AuditPages.before(home(), Optional.empty(), 700);

        write(13, 40);
        AuditPage next = AuditPages.before(home(), latest.begin(), 700);

        assertThat(new AuditFiles(home()).all()).hasSize(3);
        // Its file is gone, and all before it.
        assertThat(next).isEqualTo(new AuditPage(Optional.empty(), List.of()));
    }

    @Test
    void aLineThatIsNotWrittenToItsEndIsNone() throws Exception {
        write(1, 3);
        List<String> whole = written();
        Files.writeString(new AuditFiles(home()).beginningWith(1), "{\"number\":4,", StandardOpenOption.APPEND);

        assertThat(read(1_000)).isEqualTo(whole);
    }

    @Test
    void aLineThatIsLongerThanAPageIsNoEntryAndTheOthersAreReadAllTheSame() throws Exception {
        write(1, 2);
        Files.writeString(new AuditFiles(home()).beginningWith(1), "x".repeat(3_000) + "\n", StandardOpenOption.APPEND);

        List<String> lines = read(1_000);

        assertThat(lines).startsWith(written().subList(0, 2).toArray(String[]::new));
        assertThat(checked(lines).broken().getFirst()).isEqualTo("what is at the end is no entry");
    }

    @Test
    void whereThereIsNoLogThatIsSaid() {
        assertThatThrownBy(() -> AuditPages.before(home(), Optional.empty(), 1_000))
                .isInstanceOf(NoSuchFileException.class);
    }

    /** Class of hole: traces that are wiped out. */
    @Test
    void whoeverChangesTakesOutOrAddsAnEntryIsFoundOut() throws Exception {
        write(1, 5);
        List<String> lines = written();

        List<String> changed = new ArrayList<>(lines);
        changed.set(2, changed.get(2).replace("user:ada", "user:eve"));
        assertThat(checked(changed).broken())
                .containsExactly("entry 3 is not the one that was there when the entry after it was written");

        List<String> without = new ArrayList<>(lines);
        without.remove(2);
        assertThat(checked(without).broken()).containsExactly("entry 2 is before entry 4");

        List<String> twice = new ArrayList<>(lines);
        twice.add(2, lines.get(2));
        assertThat(checked(twice).broken()).containsExactly("entry 3 is before entry 3");

        List<String> nonsense = new ArrayList<>(lines);
        nonsense.set(2, "{");
        assertThat(checked(nonsense).broken()).containsExactly("what is before entry 4 is no entry");

        assertThat(checked(lines).broken()).isEmpty();
    }
}
