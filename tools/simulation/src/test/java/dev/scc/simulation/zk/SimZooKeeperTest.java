package dev.scc.simulation.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a single real server cannot show: replicas that are behind, answers that are lost, sessions that end unheard. */
class SimZooKeeperTest {
    private static final int ALL = Integer.MAX_VALUE;

    private final SimZooKeeper zooKeeper = new SimZooKeeper(2);
    private final long here = zooKeeper.openSession(0);
    private final long there = zooKeeper.openSession(1);
    private final List<String> signals = new ArrayList<>();

    @Test
    void aReplicaThatIsBehindShowsWhatWas() throws Exception {
        zooKeeper.commit(here, List.of(new Op.Create("/a", "one")));
        zooKeeper.commit(here, List.of(new Op.Set("/a", "two", 0)));

        assertThat(zooKeeper.get(here, "/a")).contains(new Entry("two", 1, 0));
        assertThat(zooKeeper.behind(1)).isEqualTo(2);
        assertThat(zooKeeper.get(there, "/a")).isEmpty();
        zooKeeper.catchUp(1, 1);
        assertThat(zooKeeper.get(there, "/a")).contains(new Entry("one", 0, 0));
        assertThat(zooKeeper.children(there, "/")).containsExactly("a");
    }

    @Test
    void whatIsWrittenIsJudgedByTheNewestAndShowsItAfterwards() throws Exception {
        zooKeeper.commit(here, List.of(new Op.Create("/a", "one")));

        assertThatThrownBy(() -> zooKeeper.commit(there, List.of(new Op.Create("/a", "two"))))
                .isInstanceOf(Conflict.class);

        assertThat(zooKeeper.get(there, "/a")).contains(new Entry("one", 0, 0));
    }

    @Test
    void aNewSessionSeesAllThatWasWrittenBefore() throws Exception {
        zooKeeper.commit(here, List.of(new Op.Create("/a", "")));

        assertThat(zooKeeper.get(zooKeeper.openSession(1), "/a")).isPresent();
    }

    @Test
    void aSessionIsNotServedByAReplicaThatIsBehindWhatItHasSeen() throws Exception {
        zooKeeper.commit(here, List.of(new Op.Create("/a", "")));
        zooKeeper.disconnect(here);

        assertThat(zooKeeper.reconnect(here, 1)).isFalse();
        assertThat(zooKeeper.replica(here)).isEmpty();
        zooKeeper.catchUp(1, ALL);
        assertThat(zooKeeper.reconnect(here, 1)).isTrue();
    }

    @Test
    void whatAnotherReplicaShowedCountsAsSeen() throws Exception {
        zooKeeper.commit(here, List.of(new Op.Create("/a", "")));
        long other = zooKeeper.openSession(0);
        zooKeeper.commit(here, List.of(new Op.Set("/a", "x", 0)));
        zooKeeper.disconnect(other);
        zooKeeper.catchUp(1, ALL);
        zooKeeper.commit(here, List.of(new Op.Set("/a", "y", 1)));

        assertThat(zooKeeper.reconnect(other, 0)).isTrue();
        zooKeeper.get(other, "/a");
        assertThat(zooKeeper.reconnect(other, 1)).isFalse();
    }

    @Test
    void aWriteWhoseAnswerIsLostIsThereAndItsSessionHasNotSeenIt() throws Exception {
        zooKeeper.commitUnanswered(there, List.of(new Op.Create("/a", "")));
        zooKeeper.commitUnanswered(there, List.of(new Op.Create("/a", "")));

        assertThat(zooKeeper.newest()).containsOnlyKeys("/a");
        assertThat(zooKeeper.get(there, "/a")).isEmpty();
        assertThat(zooKeeper.reconnect(there, 0)).isTrue();
    }

    @Test
    void aWatchNamesTheChangesOfATransactionWhenItsReplicaAppliesIt() throws Exception {
        zooKeeper.watch(there, "/a", changed -> signals.add("a: " + changed));
        zooKeeper.watch(there, "/ab", changed -> signals.add("ab: " + changed));
        zooKeeper.commit(here, List.of(new Op.Create("/a", ""), new Op.Create("/a/b", ""), new Op.Create("/b", "")));
        zooKeeper.commit(here, List.of(new Op.Check("/a", 0)));
        assertThat(signals).isEmpty();

        zooKeeper.catchUp(1, ALL);

        assertThat(signals).containsExactly("a: [/a, /a/b]");
    }

    @Test
    void whatAWatchMissesWhileItIsDisconnectedItIsNeverTold() throws Exception {
        zooKeeper.watch(there, "/a", changed -> signals.add("a: " + changed));
        zooKeeper.disconnect(there);
        zooKeeper.commit(here, List.of(new Op.Create("/a", "")));
        zooKeeper.catchUp(1, ALL);

        zooKeeper.reconnect(there, 1);
        assertThat(signals).isEmpty();

        zooKeeper.commit(here, List.of(new Op.Delete("/a", 0)));
        zooKeeper.catchUp(1, ALL);
        assertThat(signals).containsExactly("a: [/a]");
    }

    @Test
    void theEndOfASessionTakesWhatItOwnsAndIsKnownLateOnAReplicaThatIsBehind() throws Exception {
        zooKeeper.commit(there, List.of(new Op.CreateEphemeral("/e", ""), new Op.Create("/p", "")));
        zooKeeper.end(there);

        assertThat(zooKeeper.over(there)).isTrue();
        assertThat(zooKeeper.newest()).containsOnlyKeys("/p");
        assertThat(zooKeeper.get(there, "/e")).isPresent();
        assertThatThrownBy(() -> zooKeeper.commit(there, List.of(new Op.Delete("/p", Op.ANY))))
                .isInstanceOf(SessionGone.class);
        zooKeeper.commitUnanswered(there, List.of(new Op.Delete("/p", Op.ANY)));
        assertThat(zooKeeper.newest()).containsOnlyKeys("/p");
        zooKeeper.catchUp(1, ALL);
        assertThatThrownBy(() -> zooKeeper.get(there, "/e")).isInstanceOf(SessionGone.class);
        assertThatThrownBy(() -> zooKeeper.reconnect(there, 0)).isInstanceOf(SessionGone.class);
    }

    @Test
    void observersSeeEachTransactionAsItIsCommitted() throws Exception {
        List<Transaction> seen = new ArrayList<>();
        zooKeeper.observe(seen::add);
        zooKeeper.commit(here, List.of(new Op.Create("/a", "1"), new Op.CreateEphemeral("/e", "")));
        assertThatThrownBy(() -> zooKeeper.commit(here, List.of(new Op.Create("/b", ""), new Op.Create("/a", ""))))
                .isInstanceOf(Conflict.class);
        zooKeeper.end(here);

        assertThat(seen).extracting(Transaction::zxid).containsExactly(1L, 2L);
        assertThat(seen.getFirst().changes()).extracting(Change::path).containsExactly("/a", "/e");
        assertThat(seen.getLast().changes().getFirst().after()).isEmpty();
        assertThat(zooKeeper.zxid()).isEqualTo(2);
    }
}
