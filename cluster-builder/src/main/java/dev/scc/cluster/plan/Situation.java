package dev.scc.cluster.plan;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a controller knows at one moment, and what that means for the members of a cluster: who has reached what it is to be,
 * who has failed, is late, or lost. Pure.
 *
 * @param missing nodes whose agents are not there, and since when this controller knows
 */
public record Situation(World world, Map<NodeName, Instant> missing, Timing timing, Instant now) {

    /** Whether the node has answered its present assignment with "everything is there". */
    boolean reached(NodeName member) {
        return answer(member).filter(NodeStatus.Reached.class::isInstance).isPresent();
    }

    boolean allReached(ClusterRecord cluster) {
        return cluster.members().stream().allMatch(this::reached);
    }

    boolean lost(NodeName member) {
        Instant gone = missing.get(member);
        return gone != null && !now.isBefore(gone.plus(timing.grace()));
    }

    /** The first member that says it failed, or that is lost. */
    Optional<Failure> trouble(ClusterRecord cluster) {
        return cluster.members().stream()
                .flatMap(member -> trouble(cluster, member).stream())
                .findFirst();
    }

    /** All members that say they failed, or that are lost. */
    Set<NodeName> troubled(ClusterRecord cluster) {
        Set<NodeName> troubled = new LinkedHashSet<>();
        for (NodeName member : cluster.members()) {
            trouble(cluster, member).ifPresent(_ -> troubled.add(member));
        }
        return troubled;
    }

    private Optional<Failure> trouble(ClusterRecord cluster, NodeName member) {
        Optional<NodeStatus.State> answer = answer(member);
        if (answer.isPresent() && answer.get() instanceof NodeStatus.StepFailed failed) {
            return Optional.of(Failure.of(what(cluster), failed.why()).at(member, new Failure.OfNode(failed.step())));
        }
        if (lost(member)) {
            return Optional.of(Failure.of(
                            what(cluster),
                            "the node is lost: its agent has been gone for "
                                    + timing.grace().toSeconds() + " s")
                    .at(member, new Failure.OfNode("agent")));
        }
        return Optional.empty();
    }

    /** The first member that has had more time than it may take to build its part. */
    Optional<Failure> late(ClusterRecord cluster) {
        return tardy(cluster).stream()
                .findFirst()
                .map(member -> Failure.of(
                                what(cluster),
                                "the node has not said that it is built within "
                                        + timing.build().toSeconds() + " s" + unread(member))
                        .at(member, new Failure.OfNode("build")));
    }

    /** Why it may have said so, and nobody knows; empty if all that it says can be read. */
    private String unread(NodeName member) {
        return Optional.ofNullable(world.nodes().get(member))
                .flatMap(Node::unread)
                .map(why -> ": " + why)
                .orElse("");
    }

    /** All members that have had more time than they may take to build their part. */
    Set<NodeName> tardy(ClusterRecord cluster) {
        Set<NodeName> tardy = new LinkedHashSet<>();
        if (since(cluster).compareTo(timing.build()) >= 0) {
            cluster.members().stream().filter(member -> !reached(member)).forEach(tardy::add);
        }
        return tardy;
    }

    /** Those who left the cluster and may carry its networks still. */
    List<Member> leaving(ClusterRecord cluster) {
        List<Member> leaving = new ArrayList<>();
        for (Member former : cluster.leaving()) {
            Node node = world.nodes().get(former.node());
            if (node != null && !cluster.members().contains(former.node()) && World.carries(node, cluster.network())) {
                leaving.add(former);
            }
        }
        return leaving;
    }

    /** Why a node that has to prove itself clean is not waited for any longer; empty if it is. */
    Optional<String> givenUp(ClusterRecord cluster, Node node) {
        boolean tooLong = since(cluster).compareTo(timing.clean()) >= 0;
        if (lost(node.name())) {
            return Optional.of("lost, and not proven clean");
        }
        Optional<NodeStatus.State> answer = node.answer();
        if (tooLong && answer.isPresent() && answer.get() instanceof NodeStatus.StepFailed failed) {
            return Optional.of(failed.step() + ": " + failed.why());
        }
        return tooLong ? Optional.of("not proven clean within " + timing.clean().toSeconds() + " s") : Optional.empty();
    }

    /** How long until the next agent that is missing counts as lost. */
    public Duration untilNextLoss() {
        Duration longest = Duration.ofHours(1);
        for (Map.Entry<NodeName, Instant> gone : missing.entrySet()) {
            if (!lost(gone.getKey())) {
                longest = shorter(longest, Duration.between(now, gone.getValue().plus(timing.grace())));
            }
        }
        return longest;
    }

    /** Nothing to do before one of the deadlines is over. */
    NextStep watch(ClusterRecord cluster) {
        Duration longest = Duration.ofHours(1);
        List<NodeName> watched = new ArrayList<>(cluster.members());
        cluster.leaving().forEach(former -> watched.add(former.node()));
        for (NodeName member : watched) {
            Instant gone = missing.get(member);
            if (gone != null && !lost(member)) {
                longest = shorter(longest, Duration.between(now, gone.plus(timing.grace())));
            }
        }
        Duration limit = switch (cluster.phase()) {
            case CREATING -> timing.build();
            case ROLLING_BACK, DELETING -> timing.clean();
            case SCALING, REPAIRING -> shorter(after(cluster, timing.build()), after(cluster, timing.clean()));
            case VERIFYING, READY, DEGRADED, FAILED -> Duration.ofDays(36500);
        };
        return new NextStep.Wait(shorter(longest, limit.minus(since(cluster))));
    }

    /** A deadline, or none if it is over already: whoever waits on then waits for something else. */
    private Duration after(ClusterRecord cluster, Duration deadline) {
        return since(cluster).compareTo(deadline) < 0 ? deadline : Duration.ofDays(36500);
    }

    private static Duration shorter(Duration one, Duration other) {
        return Collections.max(List.of(Duration.ofMillis(1), Collections.min(List.of(one, other))));
    }

    Duration since(ClusterRecord cluster) {
        return Duration.between(Instant.ofEpochMilli(cluster.since()), now);
    }

    private Optional<NodeStatus.State> answer(NodeName member) {
        return Optional.ofNullable(world.nodes().get(member)).flatMap(Node::answer);
    }

    /** What is being done to the cluster, for messages. */
    static String what(ClusterRecord cluster) {
        String doing = switch (cluster.phase()) {
            case CREATING, ROLLING_BACK -> "create ";
            case VERIFYING ->
                cluster.change()
                        .map(change -> switch (change.kind()) {
                            case SCALE, BACK_OUT -> "scale ";
                            case REPAIR, RETURN -> "repair ";
                        })
                        .orElse("create ");
            case SCALING -> "scale ";
            case REPAIRING -> "repair ";
            case READY, DEGRADED, FAILED -> "serve ";
            case DELETING -> "delete ";
        };
        return doing + cluster.name();
    }
}
