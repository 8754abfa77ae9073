package dev.scc.cluster.agent;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Plugged;
import dev.scc.cluster.Roster;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.net.TunnelKey;
import dev.scc.host.net.TunnelKeys;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.SecurityGroup;
import dev.scc.vpc.VpcNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the tree says of a node's ENIs, and what its agent says of them there. */
final class EniEntry {
    private static final Logger log = LoggerFactory.getLogger(EniEntry.class);

    private final Tree tree;
    private final NodeName node;
    private final Enrolment enrolment;
    private final TunnelEntries tunnels;
    private final Runnable signal;
    /** By the names of VPCs. */
    private final Map<String, FollowedEntries<Holding>> directories = new HashMap<>();
    /** Empty until an ENI of the node is in one. */
    private Optional<FollowedEntries<GroupRecord>> groups = Optional.empty();

    /** @param tunnelKeys of the node; empty if it can have no tunnels */
    EniEntry(Tree tree, NodeName node, Enrolment enrolment, Optional<TunnelKeys> tunnelKeys, Runnable signal) {
        this.tree = tree;
        this.node = node;
        this.enrolment = enrolment;
        this.tunnels = new TunnelEntries(tree, node, enrolment, tunnelKeys, signal);
        this.signal = signal;
    }

    /**
     * What is wanted.
     *
     * @param version of the entry that says so; -1 if there is none
     */
    record Wanted(int version, Plugged plugged) {}

    /**
     * What is wanted of a node with this cluster; empty if what the entry says cannot be understood.
     *
     * @param entry empty if the node never had any ENI
     * @throws IOException if the key of the node's tunnels cannot be kept
     */
    Optional<Wanted> wanted(Optional<Entry> entry, Optional<Roster> serving)
            throws IOException, ConnectionLost, InterruptedException {
        List<Plug> plugs;
        try {
            plugs = entry.map(there -> there.read(NodePlugs.class))
                    .orElse(NodePlugs.NONE)
                    .wanted();
        } catch (IllegalArgumentException e) {
            log.atError()
                    .addKeyValue("node", node)
                    .addKeyValue("why", e.getMessage())
                    .log("ENIs of the node cannot be read");
            return Optional.empty();
        }
        Map<String, NavigableMap<String, Holding>> known = new TreeMap<>();
        for (Plug plug : plugs) {
            known.put(plug.vpc().name(), directory(plug.vpc().name()));
        }
        if (serving.filter(roster -> VpcRecord.standsAlone(roster.vpc())).isPresent()) {
            String vpc = serving.get().vpc().name();
            known.put(vpc, directory(vpc));
        }
        return Optional.of(new Wanted(
                entry.map(Entry::version).orElse(-1),
                new Plugged(plugs, known, groups(Plugged.groupsOf(plugs, known)), tunnels(plugs, serving, known))));
    }

    /** The keys of whom the node meets in encrypted VPCs, and its own; none if it is in none. */
    private Map<NodeName, TunnelKey> tunnels(
            List<Plug> plugs, Optional<Roster> serving, Map<String, NavigableMap<String, Holding>> known)
            throws IOException, ConnectionLost, InterruptedException {
        Set<VpcNetwork> encrypted = new HashSet<>();
        plugs.forEach(plug -> encrypted.add(plug.vpc()));
        serving.ifPresent(roster -> encrypted.add(roster.vpc()));
        encrypted.removeIf(vpc -> !vpc.encrypted());
        if (encrypted.isEmpty()) {
            tunnels.forget();
            return Map.of();
        }
        Set<NodeName> met = new TreeSet<>();
        encrypted.forEach(vpc -> known.getOrDefault(vpc.name(), Collections.emptyNavigableMap())
                .values()
                .forEach(holding -> holding.members().forEach(member -> met.add(member.node()))));
        return tunnels.of(met);
    }

    /** Everybody in that VPC, by the names of their entries; empty if it is not there. */
    private NavigableMap<String, Holding> directory(String vpc) throws ConnectionLost, InterruptedException {
        return directories
                .computeIfAbsent(vpc, _ -> new FollowedEntries<>(tree, TreeEntry.VPC.path(vpc), Holding.class, signal))
                .read();
    }

    private Map<GroupName, SecurityGroup> groups(Set<GroupName> names) throws ConnectionLost, InterruptedException {
        if (names.isEmpty()) {
            return Map.of();
        }
        if (groups.isEmpty()) {
            groups = Optional.of(new FollowedEntries<>(tree, Paths.GROUPS, GroupRecord.class, signal));
        }
        Map<GroupName, SecurityGroup> its = new TreeMap<>();
        for (GroupRecord group : groups.get().read().values()) {
            if (names.contains(group.name())) {
                its.put(group.name(), group.group());
            }
        }
        return its;
    }

    /** Says what came of it, unless that stands there. */
    void say(int version, EniConvergence.Reached reached) throws ConnectionLost, InterruptedException {
        if (version < 0) {
            return;
        }
        PlugStatus status = new PlugStatus(version, reached.failed(), reached.homeless());
        String path = Paths.plugged(node);
        Optional<Entry> there = tree.get(path);
        if (there.flatMap(EniEntry::understood).equals(Optional.of(status))) {
            return;
        }
        List<Op> ops = new ArrayList<>();
        ops.add(enrolment.unchanged());
        ops.add(new Op.Check(Paths.plugs(node), version));
        String text = Json.write(status);
        ops.add(there.<Op>map(entry -> new Op.Set(path, text, entry.version()))
                .orElseGet(() -> new Op.Create(path, text)));
        try {
            tree.commit(ops);
        } catch (Conflict e) {
            // It is another entry by now; the next pass reads it.
            log.atDebug().addKeyValue("why", e.getMessage()).log("looking again");
        }
    }

    private static Optional<PlugStatus> understood(Entry entry) {
        try {
            return Optional.of(entry.read(PlugStatus.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
