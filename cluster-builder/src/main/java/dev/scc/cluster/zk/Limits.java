package dev.scc.cluster.zk;

/** ZooKeeper limits that server and clients must agree on. */
final class Limits {
    /**
     * Bytes of the largest request or reply, 16 MiB: the transaction that builds a cluster carries its roster (up to 350 bytes a
     * node), its record (70) and an assignment for each node (200). ZooKeeper's own default is 1 MiB.
     */
    private static final int LARGEST_PACKET = 16 << 20;

    /** How many entries one request reads: even if each were 128 KiB, far more than any has, the reply could be received. */
    static final int READ_AT_ONCE = 32;

    private Limits() {}

    /** ZooKeeper reads these as system properties, when its classes are loaded. */
    static void apply() {
        System.setProperty("jute.maxbuffer", Integer.toString(LARGEST_PACKET));
        System.setProperty("zookeeper.admin.enableServer", "false");
    }
}
