package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Request;
import dev.scc.host.NodeName;
import dev.scc.simulation.zk.Transaction;
import dev.scc.vpc.EniId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What holds of each request: it is taken up once, its outcome once final never changes, and it is true. */
final class RequestPromises {
    private final Simulation sim;
    private final Mirror tree;
    private final ClusterPromises clusters;
    private final Set<String> takenUp = new HashSet<>();
    private final Map<String, Outcome> told = new TreeMap<>();

    RequestPromises(Simulation sim, Mirror tree, ClusterPromises clusters) {
        this.sim = sim;
        this.tree = tree;
        this.clusters = clusters;
    }

    /** The tree is an older one: of what was asked since it knows nothing. */
    void setBack() {
        takenUp.clear();
        takenUp.addAll(tree.outcomes.keySet());
        told.clear();
    }

    void changed(String id, Optional<Outcome> before, Optional<Outcome> after, Transaction transaction) {
        if (after.isEmpty()) {
            require(
                    before.isPresent() && !(before.get() instanceof Outcome.InProgress),
                    "P2",
                    () -> "the outcome of " + id + " is gone, and was " + before);
            sim.tally.ends.merge("old request forgotten", 1L, Long::sum);
            return;
        }
        if (before.isEmpty()) {
            require(takenUp.add(id), "P2", () -> id + " is taken up twice");
        } else {
            require(
                    before.get() instanceof Outcome.InProgress && !(after.get() instanceof Outcome.InProgress),
                    "P2",
                    () -> "the outcome of " + id + " was " + before.get() + " and becomes " + after.get());
        }
        Request request = tree.requests.get(id);
        if (request == null) {
            throw new BrokenPromise("P2", id + " has an outcome and is no request");
        }
        String kind = request.getClass().getSimpleName();
        sim.tally.requests.merge(kind + " " + after.get().getClass().getSimpleName(), 1L, Long::sum);
        switch (after.get()) {
            case Outcome.InProgress _ -> {}
            case Outcome.Done _ -> done(id, request);
            case Outcome.Failed _ -> failed(id, request);
            case Outcome.Refused refused -> {
                sim.tally.refusals.merge(kind + " " + refused.reason(), 1L, Long::sum);
                require(
                        !refused.why().startsWith("a defect in scc"),
                        "P2",
                        () -> id + " could not be planned: " + refused.why());
                transaction
                        .changes()
                        .forEach(change -> require(
                                change.path().equals(Paths.outcome(id))
                                        || change.path().startsWith(Paths.EVENTS + "/"),
                                "P2",
                                () -> id + " is refused, and changes " + change.path()));
            }
        }
    }

    private void done(String id, Request request) {
        switch (request) {
            case Request.Create create -> ready(id, create.spec().name());
            case Request.Scale scale -> {
                ClusterRecord cluster = ready(id, scale.cluster());
                require(
                        cluster.members().size() == scale.nodes(),
                        "P3",
                        () -> id + " is done, and " + scale.cluster() + " has " + cluster.members());
            }
            case Request.Delete delete -> {
                require(
                        !tree.clusters.containsKey(delete.cluster()),
                        "P2",
                        () -> id + " is done, and " + delete.cluster() + " is there");
            }
            case Request.Cordon cordon ->
                require(node(cordon.node()).cordon().isPresent(), "P2", () -> id + " is done, and there is no cordon");
            case Request.Uncordon uncordon ->
                require(node(uncordon.node()).cordon().isEmpty(), "P2", () -> id + " is done, and there is a cordon");
            case Request.VpcCreate create ->
                require(
                        tree.vpcs.containsKey(create.name())
                                && tree.vpcs.get(create.name()).cidr().equals(create.cidr()),
                        "P2",
                        () -> id + " is done, and " + create.name() + " is not there");
            case Request.EniAttach attach ->
                require(
                        tree.plugs(attach.node()).stream()
                                .anyMatch(
                                        plug -> plug.eni().equals(EniId.of(id)) && plug.phase() == Plug.Phase.ATTACHED),
                        "P2",
                        () -> id + " is done, and " + attach + " is not there");
            case Request.EniDetach detach ->
                require(
                        tree.plugs.values().stream()
                                .flatMap(held -> held.value().wanted().stream())
                                .noneMatch(plug -> plug.eni().equals(detach.eni())),
                        "P2",
                        () -> id + " is done, and " + detach.eni() + " is there");
            case Request.EniMove move ->
                require(
                        tree.plugs(move.node()).stream()
                                .anyMatch(plug -> plug.eni().equals(move.eni()) && plug.phase() == Plug.Phase.ATTACHED),
                        "P2",
                        () -> id + " is done, and " + move + " is not so");
            case Request.GroupCreate create ->
                require(
                        tree.groups.containsKey(create.group())
                                && tree.groups.get(create.group()).vpc().equals(create.vpc()),
                        "P2",
                        () -> id + " is done, and " + create.group() + " is not there");
            case Request.GroupRuleChange change ->
                require(
                        Optional.ofNullable(tree.groups.get(change.group()))
                                .filter(group -> group.rules().contains(change.rule()) == change.add())
                                .isPresent(),
                        "P2",
                        () -> id + " is done, and " + change.group() + " is " + tree.groups.get(change.group()));
            case Request.GroupApply apply ->
                apply.enis()
                        .forEach(eni -> require(
                                tree.holdings.entrySet().stream()
                                        .filter(held ->
                                                Mirror.last(held.getKey()).equals(eni.value()))
                                        .anyMatch(held ->
                                                held.getValue().groups().contains(apply.group()) == apply.apply()),
                                "P2",
                                () -> id + " is done, and " + eni + " is not what " + apply + " says"));
            case Request.GroupDelete delete ->
                require(
                        !tree.groups.containsKey(delete.group()),
                        "P2",
                        () -> id + " is done, and group " + delete.group() + " is there");
            case Request.VpcDelete delete ->
                require(
                        !tree.vpcs.containsKey(delete.name()),
                        "P2",
                        () -> id + " is done, and VPC " + delete.name() + " is there");
            // What it removes belonged to nothing, which the promises at quiet look for.
            case Request.Collect _ -> {}
            case Request.Forget forget ->
                require(
                        !tree.nodes.containsKey(forget.node()),
                        "P2",
                        () -> id + " is done, and " + forget.node() + " is there");
            case Request.Label label ->
                require(
                        node(label.node())
                                .labels()
                                .entrySet()
                                .containsAll(label.set().entrySet()),
                        "P2",
                        () -> id + " is done, and the labels are "
                                + node(label.node()).labels());
        }
    }

    /** A node that had to prove itself clean, and has not, is not a node any more. */
    void forgotten(NodeName node, Transaction transaction) {
        require(
                transaction.changes().stream()
                        .filter(change -> change.path().startsWith(Paths.REQUESTS + "/"))
                        .map(change -> change.path().split("/", -1)[3])
                        .anyMatch(id -> new Request.Forget(node, true).equals(tree.requests.get(id))),
                "P5",
                () -> node + " is forgotten before it is clean, and nobody vouches for it");
        sim.tally.ends.merge("node is forgotten because somebody vouches for it", 1L, Long::sum);
    }

    private dev.scc.cluster.NodeRecord node(NodeName name) {
        return Optional.ofNullable(tree.nodes.get(name)).orElseThrow();
    }

    private ClusterRecord ready(String id, ClusterName name) {
        ClusterRecord cluster = tree.clusters.get(name);
        if (cluster == null || cluster.phase() != ClusterPhase.READY) {
            throw new BrokenPromise("P2", id + " is done, and " + name + " is " + cluster);
        }
        return cluster;
    }

    private void failed(String id, Request request) {
        if (request instanceof Request.Scale scale) {
            clusters.notScaled(id, scale.cluster());
        }
        if (request instanceof Request.Create create) {
            ClusterRecord cluster = tree.clusters.get(create.spec().name());
            require(
                    cluster == null
                            || cluster.phase() == ClusterPhase.FAILED
                            || cluster.phase() == ClusterPhase.DELETING,
                    "P3",
                    () -> id + " has failed, and its cluster is " + cluster);
        }
    }

    /** What a client has been told stays so. */
    void told(ClientProcess client, Outcome outcome) {
        require(!(outcome instanceof Outcome.InProgress), "P2", () -> client + " is told of an end: " + outcome);
        Outcome before = told.putIfAbsent(client.id, outcome);
        require(
                before == null || before.equals(outcome),
                "P2",
                () -> client + " is told " + outcome + ", and another was told " + before);
        Outcome now = tree.outcomes.get(client.id);
        require(now == null || now.equals(outcome), "P2", () -> client + " is told " + outcome + ", and it is " + now);
    }

    /**
     * A client has waited long enough, and was connected to the end: its request must be there, or have been, unless its
     * servers could not write meanwhile.
     */
    void gaveUp(ClientProcess client) {
        require(
                tree.requests.containsKey(client.id)
                        || takenUp.contains(client.id)
                        || sim.serversDisturbed >= sim.timeline.now() - client.patience
                        || !sim.zk.newest().containsKey(Paths.REQUESTS),
                "P2",
                () -> client + " gives up, and has never asked " + client.id);
    }
}
