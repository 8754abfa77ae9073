package dev.scc.cluster.zk;

import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.InspectedTree;
import java.time.Duration;

/** The tree in ZooKeeper, through a session that is opened anew when it has expired. */
public sealed interface ZooKeeperTree extends InspectedTree, AutoCloseable permits CuratorTree, PlainTree {

    /** Waits for the connection. Returns false if it does not stand within {@code atMost}. */
    boolean awaitConnected(Duration atMost) throws InterruptedException;

    /** Whether the connection stands now, as far as this side knows. */
    boolean connected();

    /** Leaves what is above scc's entries to servers alone. For servers, on a guarded tree. */
    void closeRoot() throws ConnectionLost, InterruptedException;

    /** Ends the session; its ephemeral entries go at once. */
    @Override
    void close();
}
