package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Written after the kernel's sysfs; not captured on hardware. */
class InfinibandTest {
    @TempDir
    Path root;

    private void set(String file, String content) throws IOException {
        CapturedTree.write(root, file, content);
    }

    @Test
    void theInterfaceOfAnInfinibandPortIsRefusedWithWhatMakesItEthernet() throws IOException {
        set("sys/class/infiniband/mlx5_0/ports/1/link_layer", "InfiniBand");
        set("sys/class/infiniband/mlx5_0/device/net/ib0/mtu", "4092");

        assertThat(Infiniband.objection(root, "ib0"))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("ib0 is InfiniBand", "port 1 of mlx5_0", "mlxconfig -d mlx5_0 set LINK_TYPE_P1=2"));
        assertThat(Infiniband.objection(root, "eth1")).isEmpty();
    }

    @Test
    void anInterfaceForIpOverInfinibandIsRefusedWhateverItsDevice() throws IOException {
        set("sys/class/net/ib0/type", "32");

        assertThat(Infiniband.objection(root, "ib0"))
                .hasValueSatisfying(why -> assertThat(why).contains("IP over InfiniBand"));
    }

    @Test
    void roceAndPlainEthernetAreNot() throws IOException {
        set("sys/class/infiniband/mlx5_0/ports/1/link_layer", "Ethernet");
        set("sys/class/infiniband/mlx5_0/device/net/ens1f0np0/mtu", "4200");
        set("sys/class/net/ens1f0np0/type", "1");
        set("sys/class/net/eth1/type", "1");

        assertThat(Infiniband.objection(root, "ens1f0np0")).isEmpty();
        assertThat(Infiniband.objection(root, "eth1")).isEmpty();
        assertThat(Infiniband.objection(root, "none")).isEmpty();
    }
}
