package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Event;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Paths;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.JournalChange;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final Instant NOW = Instant.ofEpochMilli(7);
    private static final Happening BACK = new Happening.NodeBack(new NodeName("n1"));

    private final MemoryTree tree = new MemoryTree();
    private final Journal journal = new Journal();

    private List<Change> tell(long epoch, int events) {
        return journal.entries(new Term(epoch, 0), NOW, Collections.nCopies(events, BACK));
    }

    private static Change told(long epoch, int number) {
        return new JournalChange.Tell(number, new Event(NOW.toEpochMilli(), epoch, BACK));
    }

    private void stand(int events) {
        for (int number = 0; number < events; number++) {
            tree.put("%s/%05d".formatted(Paths.EVENTS, number), "");
        }
    }

    @Test
    void eventsOfATermAreNumberedFromNoughtWithoutAnyTwice() {
        assertThat(tell(3, 2)).containsExactly(told(3, 0), told(3, 1));
        assertThat(tell(3, 0)).isEmpty();
        assertThat(tell(3, 1)).containsExactly(told(3, 2));
        assertThat(tell(4, 1)).containsExactly(told(4, 0));
    }

    @Test
    void theOldestGoWhenThereAreMoreThan512() throws Exception {
        stand(514);

        assertThat(journal.tooMany(tree))
                .containsExactly(new JournalChange.Forget("00000"), new JournalChange.Forget("00001"));
    }

    @Test
    void whileThereAreFewNoneGoes() throws Exception {
        stand(512);

        assertThat(journal.tooMany(tree)).isEmpty();
    }

    @Test
    void itIsLookedOnceAtFirstAndThenAfterEach64Events() throws Exception {
        stand(513);
        assertThat(journal.tooMany(tree)).hasSize(1);
        assertThat(journal.tooMany(tree)).isEmpty();

        tell(1, 63);
        assertThat(journal.tooMany(tree)).isEmpty();
        assertThat(tree.lists()).isEqualTo(1);

        tell(1, 1);
        assertThat(journal.tooMany(tree)).hasSize(1);
        assertThat(tree.lists()).isEqualTo(2);
    }
}
