package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.Entry;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EntryFormTest {
    /** Those that stand for something whose name is read, with a path that names something, and one that does not. */
    private static final Map<TreeEntry, List<String>> NAMED = Map.ofEntries(
            Map.entry(TreeEntry.ENROL_NODE, List.of("/scc/enrol/n1", "/scc/enrol/N 1")),
            Map.entry(TreeEntry.NODE, List.of("/scc/nodes/n1", "/scc/nodes/-")),
            Map.entry(TreeEntry.INVENTORY, List.of("/scc/nodes/n1/inventory", "/scc/nodes/-/inventory")),
            Map.entry(TreeEntry.ALIVE, List.of("/scc/nodes/n1/alive", "/scc/nodes/-/alive")),
            Map.entry(TreeEntry.ASSIGN_NODE, List.of("/scc/assign/n1", "/scc/assign/-")),
            Map.entry(TreeEntry.STATUS_NODE, List.of("/scc/status/n1", "/scc/status/-")),
            Map.entry(TreeEntry.PLUGS_NODE, List.of("/scc/plugs/n1", "/scc/plugs/-")),
            Map.entry(TreeEntry.PLUGGED_NODE, List.of("/scc/plugged/n1", "/scc/plugged/-")),
            Map.entry(TreeEntry.TUNNEL, List.of("/scc/tunnels/n1", "/scc/tunnels/-")),
            Map.entry(TreeEntry.CLUSTER, List.of("/scc/clusters/demo", "/scc/clusters/-")),
            Map.entry(TreeEntry.ROSTERS_OF, List.of("/scc/rosters/demo", "/scc/rosters/-")),
            Map.entry(TreeEntry.ROSTER, List.of("/scc/rosters/demo/1", "/scc/rosters/demo/one")),
            Map.entry(TreeEntry.VPC, List.of("/scc/vpcs/lab", "/scc/vpcs/-")),
            Map.entry(TreeEntry.HOLDING, List.of("/scc/vpcs/lab/n1", "/scc/vpcs/-/n1")),
            Map.entry(TreeEntry.GROUP, List.of("/scc/groups/web", "/scc/groups/-")),
            Map.entry(TreeEntry.JOB, List.of("/scc/jobs/n1:j1", "/scc/jobs/j1")),
            Map.entry(TreeEntry.REVOKED_ONE, List.of("/scc/revoked/node:n1", "/scc/revoked/n1")),
            Map.entry(TreeEntry.REISSUED_ONE, List.of("/scc/reissued/node:n1", "/scc/reissued/n1")));

    @Test
    void anEntryIsNamedAsItsReadersRequireIt() {
        NAMED.forEach((kind, paths) -> {
            assertThat(EntryForm.objectionToName(kind, paths.getFirst()))
                    .as("%s", kind)
                    .isEmpty();
            assertThat(EntryForm.objectionToName(kind, paths.getLast()))
                    .as("%s", kind)
                    .isPresent();
        });
    }

    @Test
    void whatIsReadFromTheNameOfNoOtherKindIsAnything() {
        Arrays.stream(TreeEntry.values())
                .filter(kind -> !NAMED.containsKey(kind))
                .forEach(kind -> assertThat(EntryForm.objectionToName(kind, "/scc/whatever/-"))
                        .as("%s", kind)
                        .isEmpty());
    }

    @Test
    void anEntryOfARosterNamesItsClusterToo() {
        assertThat(EntryForm.objectionToName(TreeEntry.ROSTER, "/scc/rosters/-/1"))
                .isPresent();
    }

    @Test
    void theTextOfAnEntryIsOneThatItsReadersUnderstand() {
        String alive = Json.write(new Alive("m1", Ipv4.parse("10.0.0.1"), Optional.empty()));

        assertThat(objection(TreeEntry.ALIVE, alive)).isEmpty();
        assertThat(objection(TreeEntry.ENROL_NODE, alive)).isEmpty();
        assertThat(objection(TreeEntry.EPOCH, "3")).isEmpty();
        assertThat(objection(TreeEntry.REISSUED_ONE, "3")).isEmpty();
        assertThat(objection(TreeEntry.EPOCH, "three")).isPresent();
    }

    /** What a folder has of its own nobody reads: it is somebody's hiding place. */
    @Test
    void aFolderHasNoTextAndEverythingElseHasOneOfItsKind() {
        for (TreeEntry kind : TreeEntry.values()) {
            boolean folder = objection(kind, "").isEmpty();

            assertThat(objection(kind, "[[]]")).as("%s", kind).isPresent();
            if (folder) {
                assertThat(objection(kind, "{}").orElseThrow()).contains("hold others");
            }
            assertThat(folder)
                    .as("%s", kind)
                    .isEqualTo(kind.lifetime() == TreeEntry.Lifetime.FOLDER || kind == TreeEntry.ROSTERS_OF);
        }
        assertThat(Paths.CLUSTERS).isEqualTo(TreeEntry.CLUSTERS.path());
    }

    private static Optional<String> objection(TreeEntry kind, String text) {
        return EntryForm.objectionToText(kind, new Entry(text, 0, 0));
    }
}
