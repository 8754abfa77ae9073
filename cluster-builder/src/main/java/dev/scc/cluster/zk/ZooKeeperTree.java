package dev.scc.cluster.zk;

import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.EntryFacts;
import dev.scc.cluster.tree.Tree;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The tree in ZooKeeper, through a session that is opened anew when it has expired. */
public sealed interface ZooKeeperTree extends Tree, AutoCloseable permits CuratorTree, PlainTree {

    /** Waits for the connection. Returns false if it does not stand within {@code atMost}. */
    boolean awaitConnected(Duration atMost) throws InterruptedException;

    /** Whether the connection stands now, as far as this side knows. */
    boolean connected();

    /** Whether its entries are guarded: the ensemble is scc's own, and access lists mean something. */
    boolean guarded();

    /** What is known of those of the paths where something stands, without their texts. For servers. */
    Map<String, EntryFacts> facts(Collection<String> paths) throws ConnectionLost, InterruptedException;

    /** Names right below each of those of the paths where something stands, sorted. */
    Map<String, List<String>> children(Collection<String> paths) throws ConnectionLost, InterruptedException;

    /** Leaves what is above scc's entries to servers alone. For servers, on a guarded tree. */
    void closeRoot() throws ConnectionLost, InterruptedException;

    /** Ends the session; its ephemeral entries go at once. */
    @Override
    void close();
}
