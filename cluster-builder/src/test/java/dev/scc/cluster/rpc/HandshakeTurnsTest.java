package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HandshakeTurnsTest {
    private final HandshakeTurns turns = new HandshakeTurns(2);
    private final List<String> begun = new ArrayList<>();
    private final Map<String, HandshakeTurns.Turn> of = new HashMap<>();

    private void comes(String name, String from) {
        of.put(name, turns.await(from, () -> begun.add(name)));
    }

    private void ends(String name) {
        turns.giveBack(Objects.requireNonNull(of.get(name)));
    }

    @Test
    void soManyAtATimeAndTheOthersInTheirOrder() {
        for (String name : List.of("a", "b", "c", "d")) {
            comes(name, "10.0.0.1");
        }
        assertThat(begun).containsExactly("a", "b");
        assertThat(turns.counts()).containsExactly(2, 2);

        ends("b");
        assertThat(begun).containsExactly("a", "b", "c");
        ends("a");
        ends("c");
        ends("d");

        assertThat(begun).containsExactly("a", "b", "c", "d");
        assertThat(turns.counts()).containsExactly(0, 0);
    }

    /** Class of hole: a queue that everybody shares is filled by one. */
    @Test
    void whoComesFromAnotherAddressDoesNotWaitForAllOfThoseBefore() {
        for (int number = 0; number < 100; number++) {
            comes("flood" + number, "10.0.0.66");
        }
        comes("honest1", "10.0.0.1");
        comes("honest2", "10.0.0.2");
        comes("honest3", "10.0.0.1");

        ends("flood0");
        assertThat(begun).containsExactly("flood0", "flood1", "honest1");
        ends("flood1");
        assertThat(begun).last().isEqualTo("flood2");
        ends("flood2");
        assertThat(begun).last().isEqualTo("honest2");
        ends("honest1");
        assertThat(begun).last().isEqualTo("honest3");
        ends("honest2");
        assertThat(begun).last().isEqualTo("flood3");
    }

    @Test
    void whoHasGoneIsNotCalledAndGivesBackOnce() {
        comes("a", "10.0.0.1");
        comes("b", "10.0.0.1");
        comes("c", "10.0.0.1");
        comes("d", "10.0.0.1");

        ends("c");
        ends("a");
        ends("a");

        assertThat(begun).containsExactly("a", "b", "d");
        assertThat(turns.counts()).containsExactly(2, 0);
    }

    /** As one whose connection was closed before its turn came. */
    @Test
    void whoGivesBackAsSoonAsItIsCalledKeepsNobodyWaiting() {
        List<HandshakeTurns.Turn> gone = new ArrayList<>();
        comes("a", "10.0.0.1");
        comes("b", "10.0.0.1");
        for (int number = 0; number < 3; number++) {
            int its = number;
            gone.add(turns.await("10.0.0.1", () -> turns.giveBack(gone.get(its))));
        }
        comes("c", "10.0.0.1");

        ends("a");

        assertThat(begun).containsExactly("a", "b", "c");
        assertThat(turns.counts()).containsExactly(2, 0);
    }
}
