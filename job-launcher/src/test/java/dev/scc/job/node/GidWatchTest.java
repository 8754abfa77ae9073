package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GidWatchTest {
    private final AtomicReference<Optional<Integer>> index = new AtomicReference<>(Optional.of(3));
    private final GidWatch watch = new GidWatch(index::get);

    @Test
    void aGidThatStaysIsNotSpokenOf() {
        assertThat(watch.look()).isEmpty();
    }

    @Test
    void aGidThatMovesIsToldOnceWithBothOfItsIndexes() {
        index.set(Optional.of(5));

        assertThat(watch.look()).hasValueSatisfying(said -> assertThat(said).contains("index 5", "not 3"));
        assertThat(watch.look()).isEmpty();
    }

    @Test
    void aGidThatIsGoneAndComesBackIsToldTwice() {
        index.set(Optional.empty());
        assertThat(watch.look()).hasValueSatisfying(said -> assertThat(said).contains("gone", "index 3"));

        index.set(Optional.of(3));
        assertThat(watch.look()).hasValueSatisfying(said -> assertThat(said).contains("index 3 now"));
    }

    @Test
    void aNodeWithoutRdmaHasNothingToTell() {
        assertThat(new GidWatch(Optional::empty).look()).isEmpty();
    }
}
