package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusEntryTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final String STATUS = Paths.status(N1);
    private static final Alive MACHINE = Alive.at("instance", Ipv4.parse("10.99.0.1"));
    private static final NodeStatus.State CLEAN = new NodeStatus.Clean();
    private static final NodeStatus.StepFailed FAILED = new NodeStatus.StepFailed("step", "why", List.of());

    private final MemoryTree tree = new MemoryTree();
    private final Enrolment enrolment =
            new Enrolment(tree, new Identity(N1, MACHINE.instance(), MACHINE.underlay(), "", "eth1", "test"));
    private final StatusEntry status = new StatusEntry(tree, N1, TreeTexts.ofOneAgent(), enrolment);

    @BeforeEach
    void enrol() throws Exception {
        tree.put(Paths.node(N1), Json.write(NodeRecord.enrolled(N1, MACHINE)));
        assign(new Assignment.Leave(1, new ClusterName("demo"), 7));
        assertThat(enrolment.ensure()).isTrue();
        tree.taken();
    }

    private void assign(Assignment assignment) {
        tree.put(Paths.assign(N1), Json.write(assignment));
    }

    private Entry assignment() {
        Entry entry = tree.get(Paths.assign(N1)).orElseThrow();
        tree.taken();
        return entry;
    }

    private StatusEntry.Said about() throws Exception {
        return status.about(assignment());
    }

    private boolean say(NodeStatus.State state) throws Exception {
        Entry to = assignment();
        return status.say(status.about(to), new NodeStatus(to.version(), state, List.of()));
    }

    @Test
    void whatItHasWrittenIsNotReadAgainUntilThereIsADoubt() throws Exception {
        assertThat(about().answer()).isEmpty();
        assertThat(tree.taken()).containsExactly(STATUS);
        assertThat(say(CLEAN)).isTrue();
        tree.taken();

        assertThat(about().answer()).contains(CLEAN);
        assertThat(tree.taken()).isEmpty();
        status.doubt();
        assertThat(about().answer()).contains(CLEAN);
        assertThat(tree.taken()).containsExactly(STATUS);
    }

    @Test
    void eachThatItSaysTakesThePlaceOfTheOneBefore() throws Exception {
        assertThat(say(CLEAN)).isTrue();
        assertThat(say(FAILED)).isTrue();
        assertThat(say(CLEAN)).isTrue();

        assertThat(tree.get(STATUS).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void whatDoesNotFitIsNotBelievedAndReadAgain() throws Exception {
        StatusEntry.Said before = about();
        Entry old = assignment();
        assign(new Assignment.Leave(2, new ClusterName("demo"), 7));

        assertThat(status.say(before, new NodeStatus(old.version(), CLEAN, List.of())))
                .isFalse();
        assertThat(tree.get(STATUS)).isEmpty();
        about();
        assertThat(tree.taken()).containsExactly(STATUS);
        assertThat(say(CLEAN)).isTrue();
    }

    @Test
    void aRefusalIsWrittenOnce() throws Exception {
        status.refuse(about(), assignment(), FAILED);
        status.refuse(about(), assignment(), FAILED);
        assertThat(tree.get(STATUS).orElseThrow().version()).isZero();

        status.refuse(about(), assignment(), new NodeStatus.StepFailed("step", "another", List.of()));
        assertThat(tree.get(STATUS).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void anOlderAnswerThatShowsThatItIsCleanWillDoForWhoIsFree() throws Exception {
        assertThat(say(CLEAN)).isTrue();
        int proof = assignment().version();
        assign(new Assignment.Free(1, proof));
        assertThat(about().answer()).contains(CLEAN);

        assign(new Assignment.Free(1, proof + 1));
        assertThat(about().answer()).isEmpty();
        assign(new Assignment.Leave(1, new ClusterName("demo"), 7));
        assertThat(about().answer()).isEmpty();
    }

    @Test
    void whatNobodyUnderstandsIsReplaced() throws Exception {
        tree.put(STATUS, "nonsense");

        assertThat(about().answer()).isEmpty();
        assertThat(say(CLEAN)).isTrue();
        assertThat(tree.get(STATUS).orElseThrow().version()).isEqualTo(1);
    }
}
