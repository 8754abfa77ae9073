package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClusterLifeTest {
    private static final Path ARCHITECTURE = Path.of("..", "docs", "architecture.md");

    @Test
    void theDocumentationHasTheTable() throws Exception {
        assertThat(Files.readString(ARCHITECTURE)).contains(ClusterLife.table());
    }

    @Test
    void everyPhaseIsInTheTable() {
        assertThat(ClusterLife.TABLE).extracting(ClusterLife.Row::phase).contains(ClusterPhase.values());
    }

    /** What the types allow is what the table says, no less and no more. */
    @Test
    void statesHaveExactlyTheTransitionsOfTheTable() {
        Map<String, Set<ClusterPhase>> types = new TreeMap<>();
        states(ClusterRecord.class)
                .forEach(state -> types.merge(
                        key(phase(state), ClusterRecord.Changing.class.isAssignableFrom(state)),
                        transitions(state),
                        (some, more) ->
                                Stream.concat(some.stream(), more.stream()).collect(Collectors.toSet())));

        Map<String, Set<ClusterPhase>> table = new TreeMap<>();
        ClusterLife.TABLE.forEach(row -> table.put(key(row.phase(), row.changing()), row.next()));
        assertThat(types).isEqualTo(table);
    }

    private static String key(ClusterPhase phase, boolean changing) {
        return phase + (changing ? ", changing" : "");
    }

    private static Stream<Class<?>> states(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(ClusterLifeTest::states)
                        .distinct()
                : Stream.of(type);
    }

    /** A verdict that is known is no transition: it is written with the one that follows from it. */
    private static Set<ClusterPhase> transitions(Class<?> state) {
        return Arrays.stream(state.getMethods())
                .filter(method -> !method.isBridge() && ClusterRecord.class.isAssignableFrom(method.getReturnType()))
                .filter(method -> !method.getName().equals("judged"))
                .flatMap(method -> states(method.getReturnType()))
                .map(ClusterLifeTest::phase)
                .collect(Collectors.toSet());
    }

    private static ClusterPhase phase(Class<?> state) {
        return state == ClusterRecord.Reverifying.class
                ? ClusterPhase.VERIFYING
                : Stream.of(ClusterPhase.values())
                        .filter(phase -> phase.toString().equals(state.getSimpleName()))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void everyStateIsReadAsItWasWritten() {
        ClusterRecord.Creating creating =
                ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(new dev.scc.host.NodeName("n1")), 5, "r1");
        Failure failure = Failure.of("create demo", "no room");
        NextMembers next = new NextMembers(creating.members(), Set.of(), List.of());
        ClusterRecord.Ready ready = creating.ready(6, List.of());
        ClusterRecord.Degraded degraded = ready.degrade(7, failure);
        ClusterRecord.Scaling scaling = ready.scale(7, "r2", 1, next, true);

        List<ClusterRecord> all = List.of(
                creating,
                creating.built(6),
                creating.keep(6, failure),
                creating.rollBack(6, failure),
                creating.delete(6, "r3"),
                ready,
                degraded,
                degraded.repair(8, next, Set.of()),
                degraded.whole(8),
                scaling,
                scaling.built(9));

        assertThat(all.stream().map(Object::getClass))
                .containsAll(states(ClusterRecord.class).toList());
        assertThat(all)
                .allSatisfy(record -> assertThat(Json.read(Json.write(record), ClusterRecord.class))
                        .isEqualTo(record));
    }

    @Test
    void clusterBeginsAsCreatingAndDoesNotGoBeforeItsMembersHaveLeft() {
        ClusterRecord first = ClusterRecord.begun(ClusterSpec.of("demo", 1), 70, List.of(), 5, "r1");

        assertThat(ClusterLife.objection(Optional.empty(), Optional.of(first))).isEmpty();
        assertThat(ClusterLife.objection(Optional.of(first), Optional.empty()))
                .contains("cluster demo was Creating and is gone");
    }
}
