package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.RdmaDevice;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryReaderTest {
    @TempDir
    private Path root;

    @Test
    void aCapturedNodeIsReadWithoutTheInterfacesThatSccMade() throws IOException, CommandFailed {
        CapturedTree.layOut("rxe-node.tree", root);
        RecordedCommands commands =
                new RecordedCommands().answer("ip -j -d addr", 0, CapturedTree.text("rxe-node.ip-addr.json"), "");

        NodeInventory inventory = new InventoryReader(commands, root).read();

        assertThat(inventory.kernel()).isEqualTo("6.1.0-56-amd64");
        assertThat(inventory.cores()).isEqualTo(1);
        assertThat(inventory.memoryBytes()).isEqualTo(983744L * 1024);
        assertThat(inventory.nics())
                .containsExactly(
                        new Nic("eth0", "52:54:00:99:00:01", 1500, "UP", List.of("10.99.0.11/24")),
                        new Nic("eth1", "52:54:00:99:01:01", 4200, "UP", List.of()));
        assertThat(inventory.rdmaDevices()).extracting(RdmaDevice::name).containsExactly("rxe0");
    }

    @Test
    void coresAreCountedFromAListOfRanges() throws IOException, CommandFailed {
        CapturedTree.layOut("rxe-node.tree", root);
        CapturedTree.write(root, "sys/devices/system/cpu/online", "0-3,6,8-11");
        RecordedCommands commands = new RecordedCommands().answer("ip -j -d addr", 0, "[]", "");

        assertThat(new InventoryReader(commands, root).read().cores()).isEqualTo(9);
    }

    @Test
    void thisMachineIsReadToo() throws IOException, CommandFailed {
        NodeInventory inventory = new InventoryReader(new LocalCommands()).read();

        assertThat(inventory.kernel()).isEqualTo(System.getProperty("os.version"));
        assertThat(inventory.cores()).isPositive();
        assertThat(inventory.memoryBytes()).isGreaterThan(1L << 28);
    }

    @Test
    void anAnswerThatIsNotJsonIsAnError() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);
        RecordedCommands commands = new RecordedCommands().answer("ip -j -d addr", 0, "1: lo: <LOOPBACK>", "");

        assertThatThrownBy(() -> new InventoryReader(commands, root).read())
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("did not answer in JSON");
    }
}
