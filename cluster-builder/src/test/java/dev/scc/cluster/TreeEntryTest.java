package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.NodeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeEntryTest {
    private static final Path ARCHITECTURE = Path.of("..", "docs", "architecture.md");

    @Test
    void theDocumentationHasTheTable() throws Exception {
        assertThat(Files.readString(ARCHITECTURE)).contains(TreeEntry.table());
    }

    @Test
    void everyPathIsOfOneKindAndNamesItsOwner() {
        NodeName node = new NodeName("n1");
        ClusterName cluster = new ClusterName("demo");

        assertThat(Paths.assign(node)).isEqualTo("/scc/assign/n1");
        assertThat(Paths.event(3, 12)).isEqualTo("/scc/events/000000000003-000000012");
        assertThat(TreeEntry.at(Paths.alive(node))).contains(TreeEntry.ALIVE);
        assertThat(TreeEntry.at(Paths.node(node))).contains(TreeEntry.NODE);
        assertThat(TreeEntry.at(Paths.roster(cluster, 2))).contains(TreeEntry.ROSTER);
        assertThat(TreeEntry.at(Paths.outcome("r1"))).contains(TreeEntry.OUTCOME);
        assertThat(TreeEntry.at(Paths.ROOT)).contains(TreeEntry.ROOT);
        assertThat(TreeEntry.ALIVE.named(Paths.alive(node))).isEqualTo("n1");
        assertThat(TreeEntry.ROSTER.named(Paths.roster(cluster, 2))).isEqualTo("demo");
    }

    @Test
    void whatIsNotInTheTableIsOfNoKind() {
        for (String path :
                List.of("/zookeeper", "/sccx", "/scc/nodes/n1/other", "/scc/other", "/scc/requests/r1/x/y")) {
            assertThat(TreeEntry.at(path)).as(path).isEmpty();
        }
        assertThatThrownBy(() -> TreeEntry.NODE.path()).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> TreeEntry.NODE.path("n1", "n2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAnAgentLeavesIsRemovedByTheControllerButNotWritten() {
        assertThat(TreeEntry.STATUS_NODE.removedBy(TreeRole.CONTROLLER)).isTrue();
        assertThat(TreeEntry.STATUS_NODE.writtenBy(TreeRole.CONTROLLER)).isFalse();
        assertThat(TreeEntry.ASSIGN_NODE.removedBy(TreeRole.AGENT)).isFalse();
    }

    @Test
    void foldersStandAfterWhatTheyAreIn() {
        List<String> folders = Paths.FOLDERS;

        assertThat(folders.getFirst()).isEqualTo("/scc");
        assertThat(folders.subList(1, folders.size())).allMatch(folder -> folder.lastIndexOf('/') == 4);
    }
}
