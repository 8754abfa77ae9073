package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.RdmaDevice;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.Surroundings;
import dev.scc.host.net.Surroundings.Interface;
import dev.scc.host.net.Surroundings.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryReaderTest {
    private static final Surroundings AROUND = new Surroundings(
            List.of(
                    new Interface(
                            "lo", true, "00:00:00:00:00:00", 65536, "UNKNOWN", List.of("127.0.0.1/8", "10.7.7.7/32")),
                    new Interface("eth0", false, "52:54:00:99:00:01", 1500, "UP", List.of("10.99.0.11/24")),
                    new Interface("eth1", false, "52:54:00:99:01:01", 4200, "UP", List.of())),
            List.of(new Route(Cidr.parse("172.16.0.0/12"), "10.99.0.1", "eth0")));

    @TempDir
    private Path root;

    @BeforeEach
    void layOut() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);
    }

    private NodeInventory read() throws IOException, CommandFailed {
        return new InventoryReader(() -> AROUND, root).read();
    }

    @Test
    void aCapturedNodeIsRead() throws IOException, CommandFailed {
        NodeInventory inventory = read();

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
    void whatANodeHasToGoOnReachingIsAmongWhatItReports() throws IOException, CommandFailed {
        CapturedTree.write(
                root, "etc/resolv.conf", "# none\nsearch example\nnameserver 127.0.0.53\nnameserver 172.30.0.2\n");
        CapturedTree.write(
                root,
                "run/systemd/resolve/resolv.conf",
                "nameserver\t172.30.0.3\nnameserver fe80::1\nnameserver ::1\nnameserver fd00:30::3\n");

        assertThat(read().allNeeds())
                .extracting(Need::words)
                .containsExactly(
                        "172.16.0.0/12 (its route via 10.99.0.1 on eth0)",
                        "10.7.7.7/32 (its address on the loopback interface)",
                        "172.30.0.2/32 (its name server)",
                        "172.30.0.3/32 (its name server)",
                        "fd00:30::3/128 (its name server)");
    }

    @Test
    void aMachineWithoutNameServersNeedsNone() throws IOException {
        assertThat(new NameServers(root).addresses()).isEmpty();
    }

    @Test
    void aNameServerThatIsNoAddressIsAnError() throws IOException {
        CapturedTree.write(root, "etc/resolv.conf", "nameserver 1.2.3\n");

        assertThatThrownBy(() -> new NameServers(root).addresses())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("etc/resolv.conf")
                .hasMessageContaining("1.2.3");
    }

    @Test
    void coresAreCountedFromAListOfRanges() throws IOException, CommandFailed {
        CapturedTree.write(root, "sys/devices/system/cpu/online", "0-3,6,8-11");

        assertThat(read().cores()).isEqualTo(9);
    }

    @Test
    void thisMachineIsReadToo() throws IOException, CommandFailed {
        NodeInventory inventory = new InventoryReader(NetworkNamespace.own()).read();

        assertThat(inventory.kernel()).isEqualTo(System.getProperty("os.version"));
        assertThat(inventory.cores()).isPositive();
        assertThat(inventory.memoryBytes()).isGreaterThan(1L << 28);
    }

    @Test
    void inventoriesWithoutNeedsAreReadStill() {
        String before = "{\"kernel\":\"6.1\",\"cores\":1,\"memoryBytes\":2,\"nics\":[],\"rdmaDevices\":[]}";

        assertThat(dev.scc.host.Json.read(before, NodeInventory.class))
                .isEqualTo(NodeInventory.of("6.1", 1, 2, List.of(), List.of()));
        assertThat(Need.of(Ipv4.parse("10.0.0.5"), Need.Kind.SERVER, "s1").words())
                .isEqualTo("10.0.0.5/32 (its server s1)");
    }
}
