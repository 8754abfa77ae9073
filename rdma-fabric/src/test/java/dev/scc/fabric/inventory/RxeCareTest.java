package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree in which the commands make what the kernel would. */
class RxeCareTest {
    @TempDir
    Path root;

    private final List<String> run = new ArrayList<>();

    private RxeCare care() {
        Commands kernel = command -> {
            run.add(String.join(" ", command.argv()));
            if (command.argv().contains("add")) {
                device("rxe0", "eth1");
            }
            return new CommandResult(0, "[]", "");
        };
        return new RxeCare(kernel, new RdmaSysfs(root), "eth1");
    }

    private void device(String name, String parent) {
        try {
            Path device = Files.createDirectories(root.resolve("sys/class/infiniband/" + name));
            Files.writeString(device.resolve("parent"), parent + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void netdev() throws IOException {
        Files.createDirectories(root.resolve("sys/class/net/eth1"));
    }

    @Test
    void aLinkThatIsThereIsLeftAloneWithoutAnyProcess() throws Exception {
        netdev();
        device("rxe0", "eth1");

        assertThat(care().mend()).isEmpty();
        assertThat(run).isEmpty();
    }

    @Test
    void aLinkThatIsGoneComesBackOnce() throws Exception {
        netdev();
        device("rxe7", "eth2");

        assertThat(care().mend()).containsExactly("rdma:rxe0");
        assertThat(care().mend()).isEmpty();
        assertThat(run).contains("rdma link add rxe0 type rxe netdev eth1");
    }

    @Test
    void withoutItsInterfaceItIsNotTried() throws CommandFailed {
        assertThat(care().mend()).isEmpty();
        assertThat(run).isEmpty();
    }

    @Test
    void thePortOfADeviceThatIsNotThereHasNoState() {
        assertThatThrownBy(() -> PortState.awaitActive(new RdmaSysfs(root), "rxe0", Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rxe0");
    }

    @Test
    void aPortThatStaysDownIsSaidToBe() throws Exception {
        Path port = Files.createDirectories(root.resolve("sys/class/infiniband/rxe0/ports/1"));
        Files.writeString(port.resolve("state"), "1: DOWN\n");
        assertThat(PortState.awaitActive(new RdmaSysfs(root), "rxe0", Duration.ZERO))
                .contains("DOWN");

        Files.writeString(port.resolve("state"), "4: ACTIVE\n");
        assertThat(PortState.awaitActive(new RdmaSysfs(root), "rxe0", Duration.ZERO))
                .isEmpty();
    }
}
