package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.Bounds;
import dev.scc.host.HostList;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What an event tells of. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Happening {

    /** Kind of the thing that it happened to. */
    default Event.Kind kind() {
        return switch (this) {
            case TermBegun _ -> Event.Kind.SERVER;
            case RequestTakenUp taken -> EventWords.concerns(taken.what());
            case RequestRefused refused -> EventWords.concerns(refused.what());
            case ClusterMoved _ -> Event.Kind.CLUSTER;
            case NodeEnrolled _,
                    MachineReplaced _,
                    NodeMoved _,
                    NodeLost _,
                    NodeBack _,
                    NodeRecovered _,
                    NodeFailed _,
                    NodeRepaired _,
                    NodeReaches _,
                    NodesFreed _ -> Event.Kind.NODE;
            case EntryIgnored ignored -> ignored.of();
        };
    }

    /** Name of the thing that it happened to. */
    default String name() {
        return switch (this) {
            case TermBegun begun -> begun.server();
            case RequestTakenUp taken -> EventWords.subject(taken.what()).orElse(taken.server());
            case RequestRefused refused -> EventWords.subject(refused.what()).orElse(refused.server());
            case ClusterMoved moved -> moved.cluster().value();
            case NodeEnrolled(NodeName node) -> node.value();
            case MachineReplaced replaced -> replaced.node().value();
            case NodeMoved moved -> moved.node().value();
            case NodeLost lost -> lost.node().value();
            case NodeBack(NodeName node) -> node.value();
            case NodeRecovered recovered -> recovered.node().value();
            case NodeFailed failed -> failed.node().value();
            case NodeRepaired repaired -> repaired.node().value();
            case NodeReaches reaches -> reaches.node().value();
            case NodesFreed freed -> freed.nodes();
            case EntryIgnored ignored -> ignored.subject();
        };
    }

    /** A controller leads. */
    @JsonTypeName("TermBegun")
    record TermBegun(String server) implements Happening {}

    /**
     * What a client asks for is begun, or done.
     *
     * @param request its id
     * @param server of the controller that took it up
     */
    @JsonTypeName("RequestTakenUp")
    record RequestTakenUp(String request, Request what, String server) implements Happening {}

    /** What a client asks for cannot be. */
    @JsonTypeName("RequestRefused")
    record RequestRefused(String request, Request what, String server, Refusal reason, String why)
            implements Happening {}

    /**
     * A cluster has got a step further.
     *
     * @param was its phase before
     */
    @JsonTypeName("ClusterMoved")
    record ClusterMoved(ClusterName cluster, ClusterPhase was, ClusterMove move) implements Happening {}

    /** A machine has become a node. */
    @JsonTypeName("NodeEnrolled")
    record NodeEnrolled(NodeName node) implements Happening {}

    /** Another machine has become the node. */
    @JsonTypeName("MachineReplaced")
    record MachineReplaced(NodeName node, Ipv4 underlay) implements Happening {}

    /**
     * The machine that is the node is reached elsewhere than before.
     *
     * @param agent where its agent is called; empty if nowhere
     */
    @JsonTypeName("NodeMoved")
    record NodeMoved(NodeName node, Ipv4 underlay, Optional<String> agent) implements Happening {}

    /**
     * Its agent is gone for longer than a restart takes.
     *
     * @param graceSeconds for which it was waited
     * @param drainedAfter so many failures, if this is the one that takes it out of service
     */
    @JsonTypeName("NodeLost")
    record NodeLost(NodeName node, long graceSeconds, Optional<Integer> drainedAfter) implements Happening {}

    /** The agent of a lost node is there again. */
    @JsonTypeName("NodeBack")
    record NodeBack(NodeName node) implements Happening {}

    /**
     * Its failures are long enough ago.
     *
     * @param drained it was out of service
     * @param last its latest failure
     */
    @JsonTypeName("NodeRecovered")
    record NodeRecovered(NodeName node, boolean drained, String last) implements Happening {}

    /**
     * It is to blame for what went wrong in a cluster.
     *
     * @param drainedAfter so many failures, if this is the one that takes it out of service
     */
    @JsonTypeName("NodeFailed")
    record NodeFailed(NodeName node, String why, Optional<Integer> drainedAfter) implements Happening {}

    /**
     * Somebody else had changed something of ours on it, and its agent has made that as it was.
     *
     * @param what in words, such as {@code link:eni0}
     */
    @JsonTypeName("NodeRepaired")
    record NodeRepaired(NodeName node, String what) implements Happening {}

    /**
     * Which members of its cluster it reaches over RDMA has changed, as its mesh shows.
     *
     * @param not whom it does not reach; empty if it reaches all again
     */
    @JsonTypeName("NodeReaches")
    record NodeReaches(NodeName node, List<NodeName> not) implements Happening {
        public NodeReaches {
            not = List.copyOf(not);
        }
    }

    /**
     * Something in the tree cannot be read, and is taken for not being there.
     *
     * @param of what it is about
     * @param subject name of the thing that it is about, as it stands in the path
     */
    @JsonTypeName("EntryIgnored")
    record EntryIgnored(Event.Kind of, String subject, String path, String why) implements Happening {
        private static final int LONGEST_PATH = 120;
        private static final int LONGEST_REASON = 400;

        public EntryIgnored {
            subject = Bounds.cut(subject, LONGEST_PATH);
            path = Bounds.cut(path, LONGEST_PATH);
            why = Bounds.cut(why, LONGEST_REASON);
        }

        /** At any path of the tree. */
        public static EntryIgnored at(String path, String why) {
            Optional<TreeEntry> entry = TreeEntry.at(path);
            String subject = entry.filter(TreeEntry::hasName)
                    .map(kind -> kind.named(path))
                    .orElse(path);
            return new EntryIgnored(about(path), subject, path, why);
        }
    }

    /** Kind of the thing that an entry is about. */
    private static Event.Kind about(String path) {
        if (path.startsWith(TreeEntry.VPCS.path()) || path.startsWith(TreeEntry.GROUPS.path())) {
            return Event.Kind.VPC;
        }
        return path.startsWith(TreeEntry.CLUSTERS.path()) || path.startsWith(TreeEntry.ROSTERS.path())
                ? Event.Kind.CLUSTER
                : Event.Kind.NODE;
    }

    /**
     * Nodes are clean, and free.
     *
     * @param nodes as a list such as {@code n[1-3]}, or their number if that is too long
     * @param cluster that they were in
     */
    @JsonTypeName("NodesFreed")
    record NodesFreed(int count, String nodes, ClusterName cluster) implements Happening {
        /** Characters, in an event. */
        private static final int LONGEST_LIST = 60;

        public static NodesFreed of(Collection<NodeName> nodes, ClusterName cluster) {
            String list = HostList.format(nodes);
            return new NodesFreed(nodes.size(), list.length() > LONGEST_LIST ? nodes.size() + " nodes" : list, cluster);
        }
    }
}
