package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.RdmaDevice;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RdmaSysfsTest {
    private static final String PORT = "sys/class/infiniband/rxe0/ports/1/";

    @TempDir
    private Path root;

    @Test
    void aSoftRoceDeviceIsReadWithItsGids() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);

        RdmaDevice device = new RdmaSysfs(root).device("rxe0");

        assertThat(device.netdev()).isEqualTo("eth1");
        assertThat(device.portState()).isEqualTo("ACTIVE");
        assertThat(device.mtu()).isEqualTo(4096);
        assertThat(device.gids())
                .containsExactly(
                        new GidEntry(0, "fe80:0000:0000:0000:5054:00ff:fe99:0101", "RoCE v2", "eth1"),
                        new GidEntry(1, "0000:0000:0000:0000:0000:ffff:0a46:0001", "RoCE v2", "eth1.70"),
                        new GidEntry(2, "fe80:0000:0000:0000:5054:00ff:fe99:0101", "RoCE v2", "eth1.70"));
    }

    @Test
    void theMtuIsTheLargestThatFitsIntoTheInterfaces() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);

        // As ibv_devinfo said on a node whose interface was set to each of these in turn.
        for (int[] pair :
                new int[][] {{1500, 1024}, {2127, 1024}, {2128, 2048}, {4175, 2048}, {4176, 4096}, {9000, 4096}}) {
            CapturedTree.write(root, "sys/class/net/eth1/mtu", Integer.toString(pair[0]));

            assertThat(new RdmaSysfs(root).device("rxe0").mtu())
                    .as("interface MTU %d", pair[0])
                    .isEqualTo(pair[1]);
        }
    }

    @Test
    void aGidIsFoundByAddressTypeAndInterfaceWhereverItIs() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);
        row(40, Gids.of(Ipv4.parse("10.71.0.9")), "IB/RoCE v1", "eth1.71");
        row(41, Gids.of(Ipv4.parse("10.71.0.9")), "RoCE v2", "eth1");
        row(42, Gids.of(Ipv4.parse("10.71.0.9")), "RoCE v2", "eth1.71");
        RdmaSysfs sysfs = new RdmaSysfs(root);

        assertThat(Gids.find(sysfs, "rxe0", Ipv4.parse("10.71.0.9"), "eth1.71"))
                .hasValueSatisfying(row -> assertThat(row.index()).isEqualTo(42));
        assertThat(Gids.find(sysfs, "rxe0", Ipv4.parse("10.71.0.8"), "eth1.71")).isEmpty();
        assertThat(Gids.find(sysfs, "rxe0", Ipv4.parse("10.70.0.1"), "eth1.71")).isEmpty();
    }

    @Test
    void aRowThatLosesItsAttributesWhileItIsReadIsLeftOut() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);
        Files.delete(root.resolve(PORT + "gid_attrs/ndevs/1"));

        assertThat(new RdmaSysfs(root).gids("rxe0")).extracting(GidEntry::index).containsExactly(0, 2);
    }

    @Test
    void countersOfSoftRoceAreRead() throws IOException {
        CapturedTree.layOut("rxe-node.tree", root);

        RdmaCounters before = RdmaCounters.read(new RdmaSysfs(root), "rxe0");
        CapturedTree.write(root, PORT + "hw_counters/sent_pkts", "53606");
        CapturedTree.write(root, PORT + "hw_counters/send_err", "2");
        RdmaCounters after = RdmaCounters.read(new RdmaSysfs(root), "rxe0");

        assertThat(before).isEqualTo(new RdmaCounters(53506, 64377, Map.of("completer_retry_err", 3L)));
        assertThat(after.since(before)).isEqualTo(new RdmaCounters(100, 0, Map.of("send_err", 2L)));
    }

    @Test
    void hardwareHasItsInterfaceAndCountersElsewhere() throws IOException {
        String port = "sys/class/infiniband/mlx5_0/ports/1/";
        CapturedTree.write(root, "sys/class/infiniband/mlx5_0/device/net/enp1s0f0np0/ifindex", "2");
        CapturedTree.write(root, "sys/class/net/enp1s0f0np0/mtu", "9000");
        CapturedTree.write(root, port + "state", "1: DOWN");
        CapturedTree.write(root, port + "counters/port_xmit_packets", "7");
        CapturedTree.write(root, port + "counters/port_rcv_packets", "8");
        CapturedTree.write(root, port + "hw_counters/packet_seq_err", "1");

        RdmaSysfs sysfs = new RdmaSysfs(root);

        assertThat(sysfs.device("mlx5_0")).isEqualTo(new RdmaDevice("mlx5_0", "enp1s0f0np0", "DOWN", 4096, List.of()));
        assertThat(RdmaCounters.read(sysfs, "mlx5_0")).isEqualTo(new RdmaCounters(7, 8, Map.of("packet_seq_err", 1L)));
    }

    @Test
    void whereThereIsNoRdmaThereAreNoDevices() throws IOException {
        RdmaSysfs sysfs = new RdmaSysfs(root);

        assertThat(sysfs.devices()).isEmpty();
        assertThatThrownBy(() -> sysfs.device("rxe0")).hasMessageContaining("there is no RDMA device rxe0");
        assertThatThrownBy(() -> RdmaCounters.read(sysfs, "rxe0")).hasMessageContaining("there is no RDMA device rxe0");
    }

    @Test
    void aDeviceThatDoesNotCountPacketsProvesNothing() throws IOException {
        CapturedTree.write(root, PORT + "state", "4: ACTIVE");

        assertThatThrownBy(() -> RdmaCounters.read(new RdmaSysfs(root), "rxe0"))
                .isInstanceOf(IOException.class)
                .hasMessage("RDMA device rxe0 has none of the counters sent_pkts, port_xmit_packets");
    }

    private void row(int index, String gid, String type, String netdev) throws IOException {
        for (int empty = 4; empty < index; empty++) {
            if (!Files.exists(root.resolve(PORT + "gids/" + empty))) {
                CapturedTree.write(root, PORT + "gids/" + empty, "0000:0000:0000:0000:0000:0000:0000:0000");
            }
        }
        CapturedTree.write(root, PORT + "gids/" + index, gid);
        CapturedTree.write(root, PORT + "gid_attrs/types/" + index, type);
        CapturedTree.write(root, PORT + "gid_attrs/ndevs/" + index, netdev);
    }

    @Test
    void aDeviceIsInTheNumaDomainOfItsFunctionOrOfTheInterfaceThatItIsOn() throws IOException {
        for (String device : new String[] {"mlx5_0", "mlx5_1", "rxe0", "rxe1"}) {
            CapturedTree.write(root, "sys/class/infiniband/" + device + "/ports/1/state", "4: ACTIVE");
        }
        CapturedTree.write(root, "sys/class/infiniband/mlx5_0/device/numa_node", "1");
        CapturedTree.write(root, "sys/class/infiniband/mlx5_1/device/numa_node", "-1");
        CapturedTree.write(root, "sys/class/infiniband/mlx5_1/ports/1/state", "1: DOWN");
        CapturedTree.write(root, "sys/class/infiniband/rxe0/parent", "eth1");
        CapturedTree.write(root, "sys/class/net/eth1/device/numa_node", "0");
        CapturedTree.write(root, "sys/class/infiniband/rxe1/parent", "eth9");

        RdmaSysfs sysfs = new RdmaSysfs(root);

        assertThat(sysfs.numa("mlx5_0")).contains(1);
        assertThat(sysfs.numa("mlx5_1")).isEmpty();
        assertThat(sysfs.numa("rxe0")).contains(0);
        assertThat(sysfs.usable("mlx5_0")).isTrue();
        assertThat(sysfs.usable("mlx5_1")).isFalse();
        assertThat(sysfs.usable("rxe0")).isTrue();
        assertThat(sysfs.usable("rxe1")).as("its interface is elsewhere").isFalse();
    }
}
