package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Holding;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.host.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowedEntriesTest {
    private static final String PATH = "/scc/vpcs/blue";

    private final MemoryTree tree = new MemoryTree();
    private int signals;
    private final FollowedEntries<Holding> entries = new FollowedEntries<>(tree, PATH, Holding.class, () -> signals++);

    private static Holding holding(String who) {
        return new Holding(who, List.of(), List.of());
    }

    private void write(String entry, String who) {
        tree.put(PATH + "/" + entry, Json.write(holding(who)));
    }

    private List<String> reads() throws Exception {
        tree.taken();
        entries.read();
        return tree.taken();
    }

    @Test
    void whatIsThereIsReadOnceAndThenOnlyWhatIsNamed() throws Exception {
        write("a", "cluster a");
        write("b", "cluster b");
        assertThat(entries.read()).containsOnlyKeys("a", "b").containsEntry("b", holding("cluster b"));
        assertThat(tree.lists()).isEqualTo(1);

        assertThat(reads()).isEmpty();
        write("b", "another");
        assertThat(reads()).containsExactly(PATH + "/b");
        assertThat(entries.read()).containsEntry("a", holding("cluster a")).containsEntry("b", holding("another"));
        assertThat(reads()).isEmpty();
        assertThat(tree.lists()).isEqualTo(1);
    }

    @Test
    void whatIsGoneOrNobodyUnderstandsIsNotThere() throws Exception {
        write("a", "cluster a");
        write("b", "cluster b");
        write("c", "cluster c");
        assertThat(entries.read()).hasSize(3);

        tree.remove(PATH + "/a");
        tree.put(PATH + "/b", "nonsense");

        assertThat(entries.read()).containsOnlyKeys("c");
    }

    @Test
    void everythingIsReadAnewAfterADoubtAndOnce() throws Exception {
        write("a", "cluster a");
        write("b", "cluster b");
        entries.read();
        tree.doubt();

        assertThat(reads()).containsExactly(PATH + "/a", PATH + "/b");
        assertThat(reads()).isEmpty();
        assertThat(tree.lists()).isEqualTo(2);
    }

    /** A tree that never names anything may have changed without a word. */
    @Test
    void beforeAnythingIsNamedEverythingIsReadEachTime() throws Exception {
        MemoryTree mute = new MemoryTree();
        mute.put(PATH + "/a", Json.write(holding("cluster a")));
        FollowedEntries<Holding> unnamed = new FollowedEntries<>(mute, PATH, Holding.class, () -> {});

        unnamed.read();
        unnamed.read();

        assertThat(mute.lists()).isEqualTo(2);
        assertThat(mute.taken()).containsExactly(PATH + "/a", PATH + "/a");
    }

    @Test
    void theFolderItselfIsNoEntry() throws Exception {
        write("a", "cluster a");
        entries.read();
        tree.put(PATH, "the VPC");

        assertThat(reads()).isEmpty();
        assertThat(entries.read()).containsOnlyKeys("a");
    }

    @Test
    void eachChangeAndEachDoubtSignals() {
        write("a", "cluster a");
        assertThat(signals).isEqualTo(1);
        tree.doubt();
        assertThat(signals).isEqualTo(2);
    }

    @Test
    void whatHasGoneWhileNobodyKnewWhatChangesIsGone() throws Exception {
        write("a", "cluster a");
        write("b", "cluster b");
        entries.read();

        tree.remove(PATH + "/a");
        tree.doubt();

        assertThat(entries.read()).containsOnlyKeys("b");
    }
}
