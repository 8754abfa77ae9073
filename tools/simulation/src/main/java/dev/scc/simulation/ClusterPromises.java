package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterLife;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.OnFailure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Roster;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.VpcPath;
import dev.scc.fabric.verify.Pair;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What holds of each cluster, and of all of them together. */
final class ClusterPromises {
    private final Simulation sim;
    private final Mirror tree;
    private final Proofs fabric = new Proofs();
    private final Proofs rings = new Proofs();
    /** By request that is under way: how the cluster was before it, and who of its members were to stay. */
    private final Map<String, Scaled> scaled = new TreeMap<>();

    private final Map<Integer, Set<NodeName>> forgotten = new TreeMap<>();
    private final Map<Integer, Set<NodeName>> forgottenThen = new TreeMap<>();

    private record Scaled(ClusterRecord before, Set<NodeName> stay) {}

    ClusterPromises(Simulation sim, Mirror tree) {
        this.sim = sim;
        this.tree = tree;
    }

    /** A node that had to leave this network is not a node any more: its owner vouches that nothing is on it. */
    void forgotten(NodeName node, int network) {
        forgotten.computeIfAbsent(network, _ -> new HashSet<>()).add(node);
    }

    /** What passed is proven, and what did not is proven no longer. */
    void verified(Roster roster, VerificationResult.Judged result, long epoch) {
        Set<NodeName> members =
                new TreeSet<>(roster.members().stream().map(Member::node).toList());
        if (result.verdict().ok()) {
            fabric.verified(roster, members);
        } else {
            fabric.refuted(
                    roster,
                    result.verdict().failed().stream()
                            .map(pair -> new Pair(pair.a(), pair.b()))
                            .toList(),
                    epoch);
        }
        if (result.vpc().ok()) {
            rings.verified(roster, members);
        } else {
            rings.refuted(
                    roster, result.vpc().failed().stream().map(VpcPath::pair).toList(), epoch);
        }
    }

    private boolean forgotten(ClusterRecord cluster, NodeName member) {
        return forgotten.getOrDefault(cluster.network(), Set.of()).contains(member);
    }

    /** The tree is copied, and may come back. */
    void backedUp() {
        forgottenThen.clear();
        forgotten.forEach((network, nodes) -> forgottenThen.put(network, new HashSet<>(nodes)));
    }

    /** The tree is the one that was copied last. */
    void setBack() {
        scaled.clear();
        fabric.setBack();
        rings.setBack();
        forgotten.clear();
        forgottenThen.forEach((network, nodes) -> forgotten.put(network, new HashSet<>(nodes)));
    }

    void changed(ClusterName name, Optional<ClusterRecord> before, Optional<ClusterRecord> after, long epoch) {
        after.ifPresent(cluster -> {
            fabric.heed(cluster.network(), epoch);
            rings.heed(cluster.network(), epoch);
        });
        ClusterLife.objection(before, after).ifPresent(why -> {
            throw new BrokenPromise("P2", why);
        });
        if (after.isEmpty()) {
            sim.tally.phases.merge(before.orElseThrow().phase() + " -> gone", 1L, Long::sum);
            gone(before.get());
            return;
        }
        ClusterRecord cluster = after.get();
        if (before.isEmpty()) {
            sim.tally.phases.merge(cluster.phase().toString(), 1L, Long::sum);
            return;
        }
        ClusterPhase from = before.get().phase();
        require(
                cluster.owner().equals(before.get().owner())
                        && cluster.spec().users().equals(before.get().spec().users()),
                "entitled",
                () -> name + " was " + before.get().owner() + "'s, and is " + cluster.owner() + "'s");
        if (from != cluster.phase()) {
            sim.tally.phases.merge(from + " -> " + cluster.phase(), 1L, Long::sum);
            if (cluster.phase() == ClusterPhase.READY) {
                ready(cluster);
            }
        }
        cluster.request()
                .filter(_ -> cluster.phase() == ClusterPhase.SCALING && from != ClusterPhase.SCALING)
                .ifPresent(id -> scaled.computeIfAbsent(id, _ -> {
                    Set<NodeName> stay = new TreeSet<>(before.get().members());
                    stay.retainAll(cluster.members());
                    return new Scaled(before.get(), stay);
                }));
        require(cluster.phases().size() <= 32, "bounded sizes", () -> name + " has " + cluster.phases());
        require(
                cluster.leaving().size() <= sim.hardware.size(),
                "bounded sizes",
                () -> name + " is left by " + cluster.leaving());
    }

    private void ready(ClusterRecord cluster) {
        ClusterName name = cluster.name();
        require(
                cluster.members().size() == cluster.spec().nodes(),
                "P3",
                () -> name + " is Ready with " + cluster.members() + ", but "
                        + cluster.spec().nodes() + " are wanted");
        Roster roster = tree.roster(name, cluster.revision())
                .orElseThrow(() -> new BrokenPromise("P3", name + " is Ready without a roster"));
        require(
                cluster.spec().verify() == Pattern.OFF || fabric.cover(cluster.network(), cluster.members()),
                "P3",
                () -> name + " is Ready, and " + cluster.members() + " have never been verified together");
        require(
                cluster.members().size() < 2 || rings.cover(cluster.network(), cluster.members()),
                "P3",
                () -> name + " is Ready, and no probes of its VPC have passed for " + cluster.members());
        for (NodeName member : cluster.members()) {
            Mirror.Held<Assignment> assignment = tree.assignments.get(member);
            NodeStatus status = tree.statuses.get(member);
            require(
                    status != null && assignment != null && status.assignment() == assignment.version(),
                    "P3",
                    () -> name + " is Ready, and " + member + " has not answered " + assignment);
            Hardware hardware = sim.machine(member);
            require(
                    hardware.rebooted || hardware.ahead || NodePromises.bears(hardware, roster),
                    "P3",
                    () -> name + " is Ready, and " + hardware + " bears only "
                            + hardware.objects().keySet());
        }
    }

    /**
     * Of those who joined for a request that has failed none is left, unless nobody else would be. Whoever was to stay has
     * stayed, unless the owner wants those in trouble replaced.
     */
    void notScaled(String id, ClusterName name) {
        Scaled scale = scaled.remove(id);
        ClusterRecord cluster = tree.clusters.get(name);
        if (scale == null || cluster == null || cluster.phase() == ClusterPhase.DELETING) {
            return;
        }
        Set<NodeName> members = new TreeSet<>(cluster.members());
        boolean replaces = cluster.spec().onFailure() == OnFailure.REPLACE;
        boolean nobodyElse = members.stream().noneMatch(scale.stay()::contains)
                && (replaces || scale.stay().isEmpty());
        require(
                nobodyElse || (replaces ? scale.stay().containsAll(members) : members.equals(scale.stay())),
                "P3",
                () -> id + " has failed, and " + name + " has " + members + "; " + scale.stay() + " were to stay of "
                        + scale.before().members());
    }

    private void gone(ClusterRecord cluster) {
        require(
                tree.rosters.keySet().stream().noneMatch(path -> path.startsWith(Paths.rosters(cluster.name()) + "/")),
                "P5",
                () -> cluster.name() + " is gone, but a roster is there");
        boolean without = cluster.request()
                .map(tree.outcomes::get)
                .filter(outcome ->
                        outcome instanceof Outcome.Done done && done.left().isEmpty())
                .isPresent();
        tree.assignments.forEach((node, held) -> {
            boolean former = held.value() instanceof Assignment.Leave leave && leave.network() == cluster.network();
            require(
                    !without || !former || sim.machine(node).bare() || sim.machine(node).ahead,
                    "P5",
                    () -> cluster.name() + " is said to be gone without a trace, but machine " + sim.machine(node)
                            + " bears " + sim.machine(node).objects().keySet());
        });
        fabric.forget(cluster.network());
        rings.forget(cluster.network());
    }

    /** What holds of all entries at once, after each transaction. */
    void consistent() {
        Set<NodeName> taken = new HashSet<>();
        for (ClusterRecord cluster : tree.clusters.values()) {
            consistent(cluster);
            for (NodeName member : cluster.members()) {
                require(
                        (leaves(cluster) && forgotten(cluster, member)) || taken.add(member),
                        "P1",
                        () -> member + " is a member of two clusters");
            }
            Pools.Taken number = tree.pools.networks().get(cluster.network());
            require(
                    number != null && number.cluster().equals(cluster.name()),
                    "P1",
                    () -> "the number of " + cluster.name() + ", " + cluster.network() + ", is " + number);
        }
        tree.assignments.forEach((node, held) -> {
            require(tree.nodes.containsKey(node), "P1", () -> node + " is not enrolled, and is to " + held.value());
            switch (held.value()) {
                case Assignment.Free _ -> {}
                case Assignment.Serve serve ->
                    require(taken.contains(node), "P3", () -> node + " serves " + serve + ", which it is no member of");
                case Assignment.Leave leave ->
                    require(
                            tree.pools.networks().containsKey(leave.network()),
                            "P5",
                            () -> node + " may carry " + leave.network() + ", which is free");
            }
        });
    }

    private static boolean leaves(ClusterRecord cluster) {
        return cluster.phase() == ClusterPhase.DELETING || cluster.phase() == ClusterPhase.ROLLING_BACK;
    }

    private void consistent(ClusterRecord cluster) {
        boolean leaves = leaves(cluster);
        for (NodeName member : cluster.members()) {
            Mirror.Held<Assignment> held = tree.assignments.get(member);
            if (leaves && forgotten(cluster, member)) {
                continue;
            }
            boolean fits = held != null
                    && switch (held.value()) {
                        case Assignment.Free _ -> false;
                        case Assignment.Serve serve ->
                            !leaves
                                    && serve.cluster().equals(cluster.name())
                                    && serve.revision() == cluster.revision()
                                    && serve.network() == cluster.network();
                        case Assignment.Leave leave ->
                            leaves && leave.cluster().equals(cluster.name()) && leave.network() == cluster.network();
                    };
            require(fits, "P3", () -> member + " of " + cluster.name() + ", " + cluster.phase() + ", has " + held);
        }
        Roster roster = tree.roster(cluster.name(), cluster.revision())
                .orElseThrow(() -> new BrokenPromise("P3", cluster.name() + " has no roster"));
        require(
                roster.members().stream().map(Member::node).toList().equals(cluster.members()),
                "P3",
                () -> cluster.name() + " has members " + cluster.members() + " and roster " + roster.members());
        long rosters = tree.rosters.keySet().stream()
                .filter(path -> path.startsWith(Paths.rosters(cluster.name()) + "/"))
                .count();
        require(rosters <= 2, "bounded sizes", () -> cluster.name() + " has " + rosters + " rosters");
    }

    private boolean shared(Pools.Taken taken) {
        return tree.vpcs.containsKey(new VpcName(taken.vpc()));
    }

    void pools(Pools before, Pools after) {
        List<Pools.Taken> all = List.copyOf(after.networks().values());
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                Pools.Taken one = all.get(i);
                Pools.Taken other = all.get(j);
                // VPCs that live by themselves may overlap each other, and many may be in one.
                boolean overlap = (one.vpcCidr().overlaps(other.vpcCidr()) && !(shared(one) && shared(other)))
                        || (!shared(one) && one.vpcCidr().overlaps(other.rdmaCidr()))
                        || (!shared(other) && one.rdmaCidr().overlaps(other.vpcCidr()))
                        || one.rdmaCidr().overlaps(other.rdmaCidr());
                require(!overlap, "P1", () -> one + " and " + other + " overlap");
            }
        }
        before.networks().forEach((number, taken) -> {
            Pools.Taken now = after.networks().get(number);
            require(now == null || now.equals(taken), "P1", () -> number + " goes from " + taken + " to " + now);
            if (now == null) {
                forgotten.remove(number);
                sim.promises.nodes.released(number);
            }
        });
    }
}
