package dev.scc.cluster.zk;

import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;

/** ZooKeeper limits that server and clients must agree on. */
final class Limits {
    /**
     * Bytes of the largest request, 16 MiB: the transaction that builds a cluster carries its roster (up to 350 bytes a node),
     * its record (70) and an assignment for each node (200). ZooKeeper's own default is 1 MiB.
     */
    static final int LARGEST_PACKET = 16 << 20;

    /** How many entries one request reads: each has 64 KiB at most, unless somebody means harm. */
    static final int READ_AT_ONCE = 32;

    /** How many of those that grow with the number of nodes: each has 8 MiB at most. */
    static final int LARGE_AT_ONCE = 2;

    /** How many bytes one request reads of those whose lengths are known. */
    static final int BYTES_AT_ONCE = 2 << 20;

    /** Bytes of the largest reply that is received: beside an entry that is as large as the server takes, all others of a request. */
    static final int LARGEST_REPLY = LARGEST_PACKET + 2 * BYTES_AT_ONCE;

    private Limits() {}

    /** ZooKeeper reads these as system properties, when its classes are loaded. */
    static void apply() {
        System.setProperty("jute.maxbuffer", Integer.toString(LARGEST_PACKET));
        System.setProperty("zookeeper.admin.enableServer", "false");
    }

    /** What a client receives at most, whatever its process sends. */
    static void apply(ZKClientConfig client) {
        client.setProperty(ZKConfig.JUTE_MAXBUFFER, Integer.toString(LARGEST_REPLY));
    }
}
