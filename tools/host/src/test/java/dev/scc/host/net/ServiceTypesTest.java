package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.FileTree;
import dev.scc.host.net.NetObject.DefaultTos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTypesTest {
    private static final DefaultTos WANTED = new DefaultTos("rxe0", 104);

    @TempDir
    Path root;

    private Path configfs;
    private ServiceTypes types;
    private String fresh = "0";

    @BeforeEach
    void kernel() throws IOException {
        configfs = Files.createDirectory(root.resolve("rdma_cm"));
        types = new ServiceTypes(configfs, root.resolve("run/tos"), new ServiceTypes.Directories() {
            @Override
            public void make(Path path) throws IOException {
                Files.createDirectories(path.resolve("ports/1"));
                Files.writeString(path.resolve("ports/1/default_roce_tos"), fresh);
            }

            @Override
            public void remove(Path path) throws IOException {
                fresh = Files.readString(path.resolve("ports/1/default_roce_tos"));
                FileTree.remove(path);
            }
        });
    }

    private void run(Step step) throws StepFailed {
        List<Step> steps = List.of(step);
        ServiceTypes.apply(Optional.of(types), steps, Batch.split(steps).getFirst());
    }

    private String value() throws IOException {
        return Files.readString(configfs.resolve("rxe0/ports/1/default_roce_tos"))
                .strip();
    }

    private void operatorHas(String tos) throws IOException {
        Files.createDirectories(configfs.resolve("rxe0/ports/1"));
        Files.writeString(configfs.resolve("rxe0/ports/1/default_roce_tos"), tos);
    }

    @Test
    void isSetAndSetBackToWhatItWas() throws Exception {
        operatorHas("32");

        run(new Step.Add(WANTED));
        assertThat(value()).isEqualTo("104");
        assertThat(types.observe()).containsExactly(WANTED);

        run(new Step.Remove(WANTED));
        assertThat(value()).isEqualTo("32");
        assertThat(types.observe()).isEmpty();
    }

    @Test
    void theDirectoryThatItMadeGoesToo() throws Exception {
        run(new Step.Add(WANTED));
        assertThat(value()).isEqualTo("104");

        run(new Step.Remove(WANTED));
        assertThat(configfs).isEmptyDirectory();
        assertThat(fresh.strip()).isEqualTo("0");
    }

    @Test
    void whatSomebodyElseHasSetIsNoneOfOurs() throws Exception {
        operatorHas("32");

        assertThat(types.observe()).isEmpty();
        run(new Step.Remove(WANTED));
        assertThat(value()).isEqualTo("32");
    }

    @Test
    void whatSomebodySetsMeanwhileShowsAndTheFirstValueIsTheOneThatComesBack() throws Exception {
        operatorHas("32");
        run(new Step.Add(WANTED));
        operatorHas("8");

        assertThat(types.observe()).containsExactly(new DefaultTos("rxe0", 8));
        run(new Step.Add(WANTED));
        run(new Step.Remove(WANTED));
        assertThat(value()).isEqualTo("32");
    }

    /** Its directory stays, and its value begins anew with the device. */
    @Test
    void aDeviceThatIsGoneKeepsNobodyFromGoing() throws Exception {
        run(new Step.Add(WANTED));
        Files.delete(configfs.resolve("rxe0/ports/1/default_roce_tos"));

        assertThat(types.observe()).containsExactly(new DefaultTos("rxe0", 0));
        fresh = "0";
        Files.writeString(configfs.resolve("rxe0/ports/1/default_roce_tos"), "0");
        run(new Step.Remove(WANTED));
        assertThat(types.observe()).isEmpty();
    }

    /** The note comes first, so that another agent finds what this one has begun. */
    @Test
    void whoIsKilledAfterTheNoteLeavesNothing() throws Exception {
        Files.createDirectories(root.resolve("run/tos"));
        Files.writeString(root.resolve("run/tos/rxe0"), "? made\n");

        assertThat(types.observe()).hasSize(1);
        run(new Step.Remove(WANTED));
        assertThat(types.observe()).isEmpty();
        assertThat(configfs).isEmptyDirectory();
    }

    @Test
    void withoutConfigfsTheStepFailsAndSaysWhatIsMissing() throws Exception {
        Files.delete(configfs);

        assertThat(types.objection()).isPresent();
        assertThatThrownBy(() -> run(new Step.Add(WANTED)))
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("modprobe rdma_cm");
        assertThat(types.observe()).isEmpty();
    }

    @Test
    void theNameOfADeviceIsNoPath() {
        for (String name : List.of("..", "a/b", "", ".rxe0", "a b")) {
            assertThatThrownBy(() -> new DefaultTos(name, 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void itComesBeforeAllElseAndGoesAfter() {
        NetState state = NetState.of(List.of(
                WANTED, new NetObject.Link("eth1.70", "demo", new LinkKind.Vlan("eth1", 70), 1500, Optional.empty())));

        assertThat(NetPlanner.plan(NetState.empty(), state).getFirst()).isEqualTo(new Step.Add(WANTED));
        assertThat(NetPlanner.plan(state, NetState.empty()).getLast()).isEqualTo(new Step.Remove(WANTED));
        assertThat(NetPlanner.plan(state, state)).isEmpty();
    }
}
