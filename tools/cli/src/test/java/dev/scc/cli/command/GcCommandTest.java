package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.view.GcView;
import java.util.List;
import org.junit.jupiter.api.Test;

class GcCommandTest {
    private static final GcView.Item REMOVED = GcCommand.item("tree", "rosters of old", "no cluster", "", false);
    private static final GcView.Item LEFT = GcCommand.item("n1", "link:x", "half made", "Device busy", false);
    private static final GcView.Item FOUND = GcCommand.item("n1", "link:x", "half made", "", true);
    private static final GcView.Unasked SILENT = new GcView.Unasked("n2", "its agent is gone");

    private static Failure failure(List<GcView.Item> items, List<GcView.Unasked> unasked) {
        return catchThrowableOfType(Failure.class, () -> GcCommand.judge(items, unasked));
    }

    @Test
    void whatWasRemovedOrOnlyFoundIsNoFailure() {
        assertThat(List.of(REMOVED.state(), LEFT.state(), FOUND.state()))
                .containsExactly(GcView.State.REMOVED, GcView.State.LEFT, GcView.State.FOUND);
        assertThatCode(() -> GcCommand.judge(List.of(REMOVED, FOUND), List.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void whatCouldNotBeRemovedIsNamedEvenIfNodesCouldNotBeAskedEither() {
        Failure failure = failure(List.of(REMOVED, LEFT), List.of(SILENT));

        assertThat(failure.status()).isEqualTo(ExitStatus.LEFT_BEHIND);
        assertThat(failure.problem().why())
                .isEqualTo("could not be removed: n1: link:x: Device busy; could not be asked: n2");
    }

    @Test
    void nodesThatCouldNotBeAskedAreNamed() {
        Failure failure = failure(List.of(REMOVED), List.of(SILENT));

        assertThat(failure.status()).isEqualTo(ExitStatus.SOME_NODES_FAILED);
        assertThat(failure.problem().node()).isEqualTo("n2");
    }
}
