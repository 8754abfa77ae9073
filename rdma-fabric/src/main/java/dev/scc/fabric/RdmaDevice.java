package dev.scc.fabric;

import dev.scc.host.Bounds;
import java.util.List;

/**
 * An RDMA device as its node reports it (port 1).
 *
 * @param name the kernel's, such as {@code rxe0} or {@code mlx5_0}
 * @param netdev the Ethernet interface under it
 * @param portState such as {@code ACTIVE} or {@code DOWN}
 * @param mtu active path MTU in bytes: 256 to 4096
 * @param gids the non-zero rows of its GID table
 */
public record RdmaDevice(String name, String netdev, String portState, int mtu, List<GidEntry> gids) {
    private static final int LONGEST = 64;
    private static final int LARGEST_MTU = 1 << 16;

    public RdmaDevice {
        Bounds.atMost("name", name, LONGEST);
        Bounds.atMost("netdev", netdev, LONGEST);
        Bounds.atMost("portState", portState, LONGEST);
        Bounds.within("mtu", mtu, 0, LARGEST_MTU);
        gids = List.copyOf(gids);
    }

    /** Whether its port carries traffic: the one of the kernel's states (ib_port_state) in which it does. */
    public boolean active() {
        return portState.equals("ACTIVE");
    }
}
