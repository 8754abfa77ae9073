package dev.scc.fabric.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.GidEntry;
import dev.scc.host.Ipv4;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GidsTest {
    private static final String PORT = "sys/class/infiniband/mlx5_0/ports/1/";
    private static final String LINK_LOCAL = "fe80:0000:0000:0000:5054:00ff:fe00:0002";
    private static final Ipv4 OWN = Ipv4.parse("10.50.0.1");

    @TempDir
    Path root;

    @BeforeEach
    void device() throws IOException {
        gid(0, LINK_LOCAL, "IB/RoCE v1", "eth1");
        gid(1, LINK_LOCAL, "RoCE v2", "eth1");
        gid(2, Gids.of(OWN), "RoCE v2", "eth1.70");
    }

    private void gid(int index, String gid, String type, String netdev) throws IOException {
        CapturedTree.write(root, PORT + "gids/" + index, gid);
        CapturedTree.write(root, PORT + "gid_attrs/types/" + index, type);
        CapturedTree.write(root, PORT + "gid_attrs/ndevs/" + index, netdev);
    }

    private Optional<Integer> index(Ipv4... addresses) throws IOException {
        return Gids.ofInterface(new RdmaSysfs(root), "mlx5_0", "eth1", List.of(addresses))
                .map(GidEntry::index);
    }

    private void ipv6(String lines) throws IOException {
        CapturedTree.write(root, "proc/net/if_inet6", lines);
    }

    @Test
    void theLinkLocalAddressWillDoWhereItIsTheOnlyOne() throws IOException {
        ipv6("""
                fe80000000000000505400fffe000001 02 40 20 80     eth0
                fe80000000000000505400fffe000002 03 40 20 80     eth1
                """);

        assertThat(index()).contains(1);
    }

    @Test
    void anIpv4AddressComesFirst() throws IOException {
        ipv6("fe80000000000000505400fffe000002 03 40 20 80     eth1\n");
        assertThat(index(OWN)).as("that of a VLAN is not the interface's").contains(1);

        gid(3, Gids.of(OWN), "RoCE v2", "eth1");
        assertThat(index(OWN)).contains(3);
    }

    @Test
    void aGidOfAnAddressThatTheInterfaceHasNotIsNone() throws IOException {
        assertThat(index()).as("IPv6 is switched off").isEmpty();

        ipv6("fe80000000000000505400fffe000002 03 40 20 80    eth10\n");
        assertThat(index()).isEmpty();
    }
}
