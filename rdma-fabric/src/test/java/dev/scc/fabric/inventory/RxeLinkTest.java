package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.command.CommandFailed;
import org.junit.jupiter.api.Test;

class RxeLinkTest {
    private static final String SHOW = "rdma -j link show";
    private static final String ONE = """
            [{"ifindex":0,"ifname":"rxe0","port":1,"state":"ACTIVE","physical_state":"LINK_UP","netdev":"eth1","netdev_index":3}]
            """;

    @Test
    void theDeviceThatIsThereIsUsed() throws CommandFailed {
        RecordedCommands commands = new RecordedCommands().answer(SHOW, 0, ONE, "");

        assertThat(RxeLink.ensure(commands, "eth1")).isEqualTo("rxe0");
        assertThat(commands.asked()).containsExactly(SHOW);
    }

    @Test
    void aBareInterfaceGetsTheFirstFreeName() throws CommandFailed {
        String add = "rdma link add rxe1 type rxe netdev eth2";
        RecordedCommands commands =
                new RecordedCommands().answer(SHOW, 0, ONE, "").answer(add, 0, "", "");

        assertThat(RxeLink.ensure(commands, "eth2")).isEqualTo("rxe1");
        assertThat(commands.asked()).containsExactly(SHOW, add);
    }

    @Test
    void noDeviceAtAllIsAnEmptyAnswer() throws CommandFailed {
        RecordedCommands commands = new RecordedCommands()
                .answer(SHOW, 0, "", "")
                .answer("rdma link add rxe0 type rxe netdev eth1", 0, "", "");

        assertThat(RxeLink.ensure(commands, "eth1")).isEqualTo("rxe0");
    }

    @Test
    void aKernelWithoutSoftRoceIsReportedInItsOwnWords() {
        RecordedCommands commands = new RecordedCommands()
                .answer(SHOW, 0, "[]", "")
                .answer("rdma link add rxe0 type rxe netdev eth1", 1, "", "error: No such file or directory\n");

        assertThatThrownBy(() -> RxeLink.ensure(commands, "eth1"))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("rdma link add rxe0")
                .hasMessageContaining("No such file or directory");
    }
}
