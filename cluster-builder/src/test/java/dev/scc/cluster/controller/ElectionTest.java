package dev.scc.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Leader;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.host.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class ElectionTest {
    private static final Optional<Term> FIRST = Optional.of(new Term(1, 1));

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private ZooKeeperTree otherSession;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        otherSession = zooKeeper.another();
    }

    @AfterEach
    void stop() {
        otherSession.close();
        zooKeeper.close();
    }

    private Leader leader() throws Exception {
        return Json.read(tree.get(Paths.LEADER).map(Entry::text).orElseThrow(), Leader.class);
    }

    @Test
    void theFirstBeginsTheFirstEpochAndMakesWhatThePoolNeeds() throws Exception {
        Election election = new Election(tree, "s1");

        assertThat(election.term()).isEqualTo(FIRST);
        assertThat(leader()).isEqualTo(new Leader("s1", 1));
        assertThat(tree.get(Paths.EPOCH).orElseThrow().text()).isEqualTo("1");
        assertThat(tree.get(Paths.POOLS).orElseThrow().text()).isEqualTo(Json.write(Pools.empty()));
        assertThat(election.term()).as("it leads on").isEqualTo(FIRST);
    }

    @Test
    void whileOneLeadsNobodyElseDoes() throws Exception {
        assertThat(new Election(tree, "s1").term()).isEqualTo(FIRST);

        assertThat(new Election(otherSession, "s2").term()).isEmpty();
        assertThat(leader()).isEqualTo(new Leader("s1", 1));
    }

    @Test
    void aServerThatIsStartedAnewDoesNotWaitForTheEndOfItsSession() throws Exception {
        assertThat(new Election(tree, "s1").term()).isEqualTo(FIRST);

        assertThat(new Election(otherSession, "s1").term()).contains(new Term(2, 2));
        assertThat(leader()).isEqualTo(new Leader("s1", 2));
    }

    @Test
    void whoFindsItsOwnEntryOfAnEarlierEpochBeginsAnother() throws Exception {
        Election election = new Election(tree, "s1");
        assertThat(election.term()).isEqualTo(FIRST);
        tree.commit(List.of(new Op.Set(Paths.EPOCH, "7", 1)));

        assertThat(election.term()).contains(new Term(8, 3));
    }

    @Test
    void anEpochThatHasGoneIsNotBegunAnew() throws Exception {
        Election election = new Election(tree, "s1");
        assertThat(election.term()).isEqualTo(FIRST);
        tree.commit(List.of(new Op.Delete(Paths.EPOCH, 1)));

        assertThatThrownBy(election::term)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/scc/epoch has gone");
    }

    @Test
    void whoeverLeadsThoughNobodyUnderstandsItsEntryLeadsUntilItsSessionEnds() throws Exception {
        MemoryTree memory = new MemoryTree();
        Election election = new Election(memory, "s1");
        assertThat(election.term()).isEqualTo(FIRST);
        memory.put(Paths.LEADER, "nonsense");

        assertThat(election.term()).isEmpty();

        memory.remove(Paths.LEADER);
        assertThat(election.term()).contains(new Term(2, 2));
    }

    @Test
    void anEpochThatNoControllerHasWrittenIsNotGoneOnFrom() throws Exception {
        MemoryTree memory = new MemoryTree();
        Election election = new Election(memory, "s1");
        assertThat(election.term()).isEqualTo(FIRST);
        for (long epoch : List.of(-1L, Assignment.LAST_EPOCH)) {
            memory.put(Paths.EPOCH, Long.toString(epoch));
            assertThatThrownBy(election::term).hasMessageContaining("which no controller has ever written");
        }
        for (long epoch : List.of(0L, Assignment.LAST_EPOCH - 1)) {
            memory.put(Paths.EPOCH, Long.toString(epoch));
            assertThat(election.term()).map(Term::epoch).contains(epoch + 1);
        }
    }

    /** Another server may write at the same moment. */
    @Test
    void whoIsNotTheFirstToBeginAnEpochDoesNotLead() throws Exception {
        MemoryTree memory = new MemoryTree();
        assertThat(new Election(memory, "s1").term()).isEqualTo(FIRST);
        memory.remove(Paths.LEADER);
        Tree late = new ForwardingTree(memory) {
            @Override
            public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
                memory.put(Paths.EPOCH, "2");
                super.commit(ops);
            }
        };

        assertThat(new Election(late, "s2").term()).isEmpty();
        assertThat(memory.get(Paths.LEADER)).isEmpty();
    }

    @Test
    void aFolderThatCannotBeMadeIsToldAndNobodyLeads() {
        Tree forbidden = new ForwardingTree(new MemoryTree()) {
            @Override
            public void commit(List<Op> ops) throws Conflict {
                throw new Conflict(0, ops.getFirst(), Conflict.Why.NOT_THERE);
            }
        };

        assertThatThrownBy(() -> new Election(forbidden, "s1").term())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot make /scc");
    }
}
