package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.EntryFacts;
import dev.scc.cluster.tree.EntryFacts.Access;
import dev.scc.cluster.tree.EntryFacts.Life;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.InspectedTree;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.view.TreeReport;
import dev.scc.cluster.view.TreeReport.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is found in a tree, and how much of it is looked at, however many entries there are and however large they are. */
class TreeAuditLimitsTest {
    private static final int MEGABYTE = 1 << 20;

    private final Listed tree = new Listed();

    /** A tree that says of its entries what the test wants, and remembers what it was asked. */
    private static final class Listed extends ForwardingTree implements InspectedTree {
        private final NavigableMap<String, EntryFacts> facts = new TreeMap<>();
        private final Map<String, Entry> texts = new HashMap<>();
        private final Map<String, Integer> crowds = new HashMap<>();
        private final List<Integer> lookedAt = new ArrayList<>();
        private final List<List<String>> read = new ArrayList<>();
        private boolean guarded = true;

        Listed() {
            super(new MemoryTree());
        }

        @Override
        public boolean guarded() {
            return guarded;
        }

        private List<String> below(String path) {
            String prefix = path.equals("/") ? path : path + "/";
            return facts.keySet().stream()
                    .filter(each -> each.startsWith(prefix)
                            && each.length() > prefix.length()
                            && each.indexOf('/', prefix.length()) < 0)
                    .map(each -> each.substring(prefix.length()))
                    .toList();
        }

        @Override
        public Map<String, EntryFacts> facts(Collection<String> paths) {
            lookedAt.add(paths.size());
            Map<String, EntryFacts> there = new TreeMap<>();
            for (String path : paths) {
                EntryFacts known = Objects.requireNonNull(facts.get(path), path);
                int children = crowds.getOrDefault(path, below(path).size());
                there.put(
                        path,
                        new EntryFacts(known.bytes(), children, known.life(), known.access(), known.accessList()));
            }
            return there;
        }

        @Override
        public Map<String, List<String>> children(Collection<String> paths) {
            Map<String, List<String>> names = new TreeMap<>();
            for (String path : paths) {
                names.put(path, below(path));
                assertThat(names.get(path))
                        .as("only who has something below him is asked")
                        .isNotEmpty();
            }
            return names;
        }

        @Override
        public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
            read.add(List.copyOf(paths));
            Map<String, Entry> there = new TreeMap<>();
            paths.forEach(path -> there.put(path, texts.getOrDefault(path, new Entry("", 0, 0))));
            return there;
        }
    }

    private void stands(String path, int bytes, Life life, Access access) {
        tree.facts.put(path, new EntryFacts(bytes, 0, life, access, "world:anyone:r"));
    }

    private void stands(String path, int bytes, String text) {
        stands(path, bytes, Life.PERSISTENT, Access.TABLE);
        tree.texts.put(path, new Entry(text, 0, 0));
    }

    private void stands(String... paths) {
        for (String path : paths) {
            stands(path, 0, Life.PERSISTENT, Access.TABLE);
        }
    }

    private TreeReport report() throws Exception {
        return TreeAudit.of(tree);
    }

    private static TreeReport.Row row(String path, Kind kind, String why) {
        return new TreeReport.Row(path, kind, why);
    }

    private static TreeReport.Row unknown(String path) {
        return row(path, Kind.UNKNOWN, "no entry of scc's stands there");
    }

    @Test
    void allEntriesOfALevelAreLookedAtAThousandAtATime() throws Exception {
        stands("/", "/scc", "/scc/reissued");
        for (int number = 1; number <= 2_048; number++) {
            stands("/scc/reissued/node:n" + number, 1, "1");
        }

        assertThat(report()).isEqualTo(new TreeReport(2_051, true, List.of(), 0));
        assertThat(tree.lookedAt).containsExactly(1, 1, 1, 1_024, 1_024);
    }

    @Test
    void whatIsBelowAnEntryWithMoreThanZooKeeperMayListIsNotLookedAt() throws Exception {
        stands("/", "/scc", "/scc/events", "/scc/events/there", "/scc/requests", "/scc/requests/there");
        tree.crowds.put("/scc/events", 200_001);
        tree.crowds.put("/scc/requests", 200_000);

        TreeReport report = report();

        assertThat(report.entries()).isEqualTo(5);
        assertThat(report.findings())
                .filteredOn(finding -> finding.kind() == Kind.CROWD)
                .containsExactly(
                        row("/scc/events", Kind.CROWD, "200001 entries are below it, which were not looked at"));
    }

    @Test
    void noMoreThanFourMegabytesAreReadAtATimeUnlessOneEntryHasMore() throws Exception {
        stands("/", "/scc", "/scc/clusters");
        stands("/scc/clusters/a", 5 * MEGABYTE, "what?");
        stands("/scc/clusters/b", 2 * MEGABYTE, "");
        stands("/scc/clusters/c", 2 * MEGABYTE, "");
        stands("/scc/clusters/d", 1, "what?");
        // They have grown since they were measured.
        tree.texts.put("/scc/clusters/b", Entry.tooLarge(9 * MEGABYTE, 1, 0));
        tree.texts.put("/scc/clusters/c", Entry.tooLarge(9 * MEGABYTE, 1, 0));

        TreeReport report = report();

        assertThat(tree.read)
                .containsExactly(
                        List.of(),
                        List.of("/scc"),
                        List.of("/scc/clusters"),
                        List.of("/scc/clusters/a"),
                        List.of("/scc/clusters/b", "/scc/clusters/c"),
                        List.of("/scc/clusters/d"));
        assertThat(report.findings())
                .extracting(TreeReport.Row::path)
                .containsExactly("/scc/clusters/a", "/scc/clusters/d");
    }

    @Test
    void anEntryThatIsLargerThanItsKindMayBeIsNotRead() throws Exception {
        stands("/", "/scc", "/scc/status");
        stands("/scc/status/n1", 16_384, "what?");
        stands("/scc/status/n2", 16_385, "what?");

        assertThat(report().findings())
                .extracting(TreeReport.Row::path, TreeReport.Row::kind)
                .containsExactly(tuple("/scc/status/n1", Kind.TEXT), tuple("/scc/status/n2", Kind.SIZE));
        assertThat(tree.read).last().isEqualTo(List.of("/scc/status/n1"));
    }

    @Test
    void findingsAreToldInTheOrderOfTheirPathsAndKinds() throws Exception {
        stands("/", "/zebra", "/scc", "/zookeeper", "/zookeeper/config", "/zookeeper/quota", "/zookeeper/more");
        stands("/scc/notes", 0, Life.PERSISTENT, Access.OTHER);
        stands("/scc/users", 0, Life.PERSISTENT, Access.OPEN);

        assertThat(report().findings())
                .containsExactly(
                        unknown("/scc/notes"),
                        row("/scc/notes", Kind.ACCESS, "it is not the table's: world:anyone:r"),
                        row("/scc/users", Kind.ACCESS, "it is open to everybody: world:anyone:r"),
                        unknown("/zebra"),
                        unknown("/zookeeper/more"));
    }

    @Test
    void whatGoesThoughItHasToStayAndWhatStaysThoughItHasToGoIsFound() throws Exception {
        stands("/", "/scc", "/scc/jobs", "/scc/users");
        stands("/scc/jobs/n9:j1", 20_000, Life.PERSISTENT, Access.TABLE);
        stands("/scc/jobs/n9:j2", 20_000, Life.SESSION, Access.TABLE);
        stands("/scc/jobs/n9", 20_000, Life.SESSION, Access.TABLE);
        stands("/scc/users/ada", 20_000, Life.PERSISTENT, Access.TABLE);
        stands("/scc/users/eve", 20_000, Life.SESSION, Access.TABLE);
        stands("/scc/users/zoe", 20_000, Life.OTHER, Access.TABLE);

        assertThat(report().findings())
                .filteredOn(finding -> finding.kind() != Kind.SIZE)
                .containsExactly(
                        row("/scc/jobs/n9", Kind.UNKNOWN, "it names no node that leads the job"),
                        row(
                                "/scc/jobs/n9:j1",
                                Kind.LIFETIME,
                                "it stays when the session has ended that has made it, and has to go then"),
                        row(
                                "/scc/users/eve",
                                Kind.LIFETIME,
                                "it goes with the session that has made it, and has to stay"),
                        row("/scc/users/zoe", Kind.LIFETIME, "ZooKeeper removes it by itself, and it has to stay"));
    }

    @Test
    void ofATreeOfSomebodyElsesOnlyWhatIsOfSccsIsLookedAtAndNobodyIsSaidToReachIt() throws Exception {
        tree.guarded = false;
        stands("/", "/kafka");
        stands(TreeEntry.TOP, 0, Life.PERSISTENT, Access.OPEN);
        stands("/scc/notes", 0, Life.PERSISTENT, Access.OPEN);

        assertThat(report()).isEqualTo(new TreeReport(2, false, List.of(unknown("/scc/notes")), 0));
    }

    @Test
    void ofMoreThanAThousandFindingsTheOthersAreCounted() throws Exception {
        stands("/");
        for (int number = 1; number <= 1_003; number++) {
            stands("/foreign" + number);
        }

        TreeReport report = report();

        assertThat(report.findings()).hasSize(1_000);
        assertThat(report.more()).isEqualTo(3);
    }
}
