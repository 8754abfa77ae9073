package dev.scc.cluster.controller;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Leader;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who leads. The leader's ephemeral entry and a new epoch are written in one transaction, so whoever sees its own entry also
 * knows its epoch. Nothing is kept in memory: a reply that was lost is found in the tree.
 */
final class Election {
    private static final Logger log = LoggerFactory.getLogger(Election.class);

    private final Tree tree;
    private final String server;

    /** @param server tells this server from all others, over its restarts */
    Election(Tree tree, String server) {
        this.tree = tree;
        this.server = server;
    }

    /** This controller's term; empty if another leads, or nobody does yet. */
    Optional<Term> term() throws ConnectionLost, InterruptedException {
        prepare();
        Optional<Entry> leader = tree.get(Paths.LEADER);
        Entry epoch = tree.get(Paths.EPOCH)
                .orElseThrow(() -> new IllegalStateException(Paths.EPOCH + " has gone: has someone emptied the tree?"));
        long last = epoch.read(Long.class);
        if (last < 0 || last >= Assignment.LAST_EPOCH) {
            throw new IllegalStateException(Paths.EPOCH + " is " + last + ", which no controller has ever written");
        }
        List<Op> ops = new ArrayList<>();
        if (leader.isPresent()) {
            Leader who;
            try {
                who = leader.get().read(Leader.class);
            } catch (IllegalArgumentException e) {
                // Whoever it is, it leads until its session ends.
                return Optional.empty();
            }
            if (!who.server().equals(server)) {
                return Optional.empty();
            }
            if (leader.get().owner() == tree.session() && who.epoch() == last) {
                return Optional.of(new Term(last, epoch.version()));
            }
            // Ours, of a session before a restart: no need to wait until it expires.
            ops.add(new Op.Delete(Paths.LEADER, leader.get().version()));
        }
        ops.add(new Op.CreateEphemeral(Paths.LEADER, Json.write(new Leader(server, last + 1))));
        ops.add(new Op.Set(Paths.EPOCH, Long.toString(last + 1), epoch.version()));
        try {
            tree.commit(ops);
        } catch (Conflict e) {
            return Optional.empty();
        }
        log.atInfo().addKeyValue("epoch", last + 1).log("leading");
        return Optional.of(new Term(last + 1, epoch.version() + 1));
    }

    private void prepare() throws ConnectionLost, InterruptedException {
        if (tree.get(List.of(Paths.POOLS, Paths.EVENTS, Paths.VPCS, Paths.PLUGGED, Paths.GROUPS, Paths.TUNNELS))
                        .size()
                == 6) {
            return;
        }
        for (String folder : Paths.FOLDERS) {
            create(folder, "");
        }
        create(Paths.EPOCH, "0");
        create(Paths.POOLS, Json.write(dev.scc.cluster.Pools.empty()));
    }

    private void create(String path, String text) throws ConnectionLost, InterruptedException {
        try {
            tree.commit(List.of(new Op.Create(path, text)));
        } catch (Conflict e) {
            if (e.why() != Conflict.Why.ALREADY_THERE) {
                throw new IllegalStateException("cannot make " + path, e);
            }
        }
    }
}
