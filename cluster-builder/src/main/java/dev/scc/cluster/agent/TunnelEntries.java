package dev.scc.cluster.agent;

import dev.scc.cluster.NodeTunnel;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKey;
import dev.scc.host.net.TunnelKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of tunnels in the tree: that of this node, which is there as long as the node is in an encrypted VPC, and those of others. Not
 * thread-safe.
 */
final class TunnelEntries {
    private static final Logger log = LoggerFactory.getLogger(TunnelEntries.class);

    private final Tree tree;
    private final NodeName node;
    private final Enrolment enrolment;
    private final Optional<TunnelKeys> own;
    private final Runnable signal;
    /** Empty until the node is in an encrypted VPC. */
    private Optional<FollowedEntries<NodeTunnel>> all = Optional.empty();

    /** @param own keys of the node; empty if it can have no tunnels */
    TunnelEntries(Tree tree, NodeName node, Enrolment enrolment, Optional<TunnelKeys> own, Runnable signal) {
        this.tree = tree;
        this.node = node;
        this.enrolment = enrolment;
        this.own = own;
        this.signal = signal;
    }

    /**
     * The keys of these nodes, as far as they have said some, and this node's own, which is in the tree afterwards.
     *
     * @throws IOException if the node's own key cannot be kept; nothing was said then
     */
    Map<NodeName, TunnelKey> of(Collection<NodeName> others) throws IOException, ConnectionLost, InterruptedException {
        if (all.isEmpty()) {
            all = Optional.of(new FollowedEntries<>(tree, Paths.TUNNELS, NodeTunnel.class, signal));
        }
        Map<String, NodeTunnel> said = all.get().read();
        Optional<TunnelKey> key = own.isPresent() ? Optional.of(own.get().current()) : Optional.empty();
        if (key.isPresent() && !new NodeTunnel(key.get()).equals(said.get(node.value()))) {
            say(key.get());
        }
        return NodeTunnel.keys(node, key, others, said);
    }

    private void say(TunnelKey key) throws ConnectionLost, InterruptedException {
        String path = Paths.tunnel(node);
        String text = Json.write(new NodeTunnel(key));
        Optional<Entry> there = tree.get(path);
        List<Op> ops = new ArrayList<>();
        ops.add(enrolment.unchanged());
        ops.add(there.<Op>map(entry -> new Op.Set(path, text, entry.version()))
                .orElseGet(() -> new Op.Create(path, text)));
        commit(ops);
    }

    /** The node is in no encrypted VPC, so nobody has to know a key of it. */
    void forget() throws IOException, ConnectionLost, InterruptedException {
        if (own.isEmpty() || !own.get().made()) {
            return;
        }
        String path = Paths.tunnel(node);
        Optional<Entry> there = tree.get(path);
        if (there.isEmpty() || commit(List.of(new Op.Delete(path, there.get().version())))) {
            own.get().forget();
        }
    }

    /** Returns false if it does not fit: the next pass will see. */
    private boolean commit(List<Op> ops) throws ConnectionLost, InterruptedException {
        try {
            tree.commit(ops);
            return true;
        } catch (Conflict e) {
            log.atDebug().addKeyValue("why", e.getMessage()).log("looking again");
            return false;
        }
    }
}
