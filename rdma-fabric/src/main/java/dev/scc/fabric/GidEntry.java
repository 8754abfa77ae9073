package dev.scc.fabric;

import dev.scc.host.Bounds;

/**
 * One row of an RDMA port's GID table as sysfs shows it.
 *
 * @param index position in the table; moves when addresses come and go, and differs between nodes
 * @param gid the 128 bits as eight groups of four hexadecimal digits, as in sysfs
 * @param type {@code RoCE v2} or {@code IB/RoCE v1}
 * @param netdev the interface whose address made this GID, such as {@code eth1.70}
 */
public record GidEntry(int index, String gid, String type, String netdev) {
    private static final int LONGEST = 64;

    public GidEntry {
        Bounds.within("index", index, 0, Integer.MAX_VALUE);
        Bounds.atMost("gid", gid, LONGEST);
        Bounds.atMost("type", type, LONGEST);
        Bounds.atMost("netdev", netdev, LONGEST);
    }
}
