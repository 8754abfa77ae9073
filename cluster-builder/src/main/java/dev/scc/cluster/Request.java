package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.Bounds;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a client asks of the controller. It takes effect at most once, by the id that the client chose for it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Request {

    /** Build a cluster. */
    @JsonTypeName("Create")
    record Create(ClusterSpec spec) implements Request {}

    /**
     * Give a cluster another number of members. Members that are lost or fail go first; with the same number as before they
     * are replaced.
     */
    @JsonTypeName("Scale")
    record Scale(ClusterName cluster, int nodes) implements Request {
        public Scale {
            if (nodes < 1 || nodes > ClusterSpec.MOST_NODES) {
                throw new IllegalArgumentException("nodes: " + nodes + " is not within 1 to " + ClusterSpec.MOST_NODES);
            }
        }
    }

    /** Take a cluster down. */
    @JsonTypeName("Delete")
    record Delete(ClusterName cluster) implements Request {}

    /** Give no cluster to this node from now on. What it serves stays. */
    @JsonTypeName("Cordon")
    record Cordon(NodeName node, String why) implements Request {}

    /** Give clusters to this node again. */
    @JsonTypeName("Uncordon")
    record Uncordon(NodeName node) implements Request {}

    /**
     * Change a node's labels, by which clusters select their nodes.
     *
     * @param set labels that it has afterwards, whatever else it has
     * @param remove keys of labels that it has no longer; one that it never had is no error
     */
    @JsonTypeName("Label")
    record Label(NodeName node, Map<String, String> set, Set<String> remove) implements Request {
        public Label {
            set = Collections.unmodifiableMap(new TreeMap<>(set));
            remove = Collections.unmodifiableSet(new TreeSet<>(remove));
        }
    }

    /** Remove from the tree what belongs to nothing. */
    @JsonTypeName("Collect")
    record Collect() implements Request {}

    /**
     * Take a node out of the pool.
     *
     * @param gone its owner vouches that it is off for good, or wiped: it need not prove itself clean
     */
    @JsonTypeName("Forget")
    record Forget(NodeName node, boolean gone) implements Request {}

    /**
     * Make a VPC that lives by itself.
     *
     * @param containers whether nodes may put their containers into it by themselves
     * @param cidr6 its addresses of IPv6; empty if it is to have none
     * @param encrypted whether its packets are to pass the underlay in tunnels
     */
    @JsonTypeName("VpcCreate")
    record VpcCreate(
            VpcName name,
            Cidr cidr,
            @Later boolean containers,

            @JsonInclude(JsonInclude.Include.NON_ABSENT) @Later
            Optional<Cidr6> cidr6,

            @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Later
            boolean encrypted)
            implements Request {
        /** One that is not encrypted. */
        public VpcCreate(VpcName name, Cidr cidr, boolean containers, Optional<Cidr6> cidr6) {
            this(name, cidr, containers, cidr6, false);
        }

        /** One without IPv6 that nodes put nothing into by themselves. */
        public VpcCreate(VpcName name, Cidr cidr) {
            this(name, cidr, false, Optional.empty());
        }
    }

    /** Take it away again. */
    @JsonTypeName("VpcDelete")
    record VpcDelete(VpcName name) implements Request {}

    /**
     * Give a node an ENI.
     *
     * @param address the primary one in the VPC; empty for one that is free
     * @param slot of the node; empty for one that is free
     * @param groups security groups of the VPC that it is in from its first instant
     * @param place on the node, that it is handed over to; empty for the node's own network namespace
     * @param attachment of a container, if it is for one
     * @param more addresses that it is to have besides
     */
    @JsonTypeName("EniAttach")
    record EniAttach(
            NodeName node,
            VpcName vpc,
            Optional<Ipv4> address,
            Optional<Integer> slot,
            @Later List<GroupName> groups,
            @JsonProperty("namespace") @Later Optional<EniPlace> place,
            @Later Optional<Attachment> attachment,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) @Later
            List<Ip> more)
            implements Request {
        /** One that is for no container. */
        public EniAttach(
                NodeName node,
                VpcName vpc,
                Optional<Ipv4> address,
                Optional<Integer> slot,
                List<GroupName> groups,
                Optional<EniPlace> place) {
            this(node, vpc, address, slot, groups, place, Optional.empty(), List.of());
        }

        /** One in the node's own network namespace. */
        public EniAttach(
                NodeName node, VpcName vpc, Optional<Ipv4> address, Optional<Integer> slot, List<GroupName> groups) {
            this(node, vpc, address, slot, groups, Optional.empty());
        }

        public EniAttach {
            if (address.isEmpty()) {
                // The first of IPv4 is the primary one, wherever it stands.
                address = more.stream()
                        .filter(Ipv4.class::isInstance)
                        .map(Ipv4.class::cast)
                        .findFirst();
                List<Ip> others = new ArrayList<>(more);
                address.ifPresent(others::remove);
                more = others;
            }
            more = List.copyOf(more);
            groups = List.copyOf(new TreeSet<>(groups));
            slot.ifPresent(number -> Bounds.within("slot", number, 1, Plug.LAST_SLOT));
        }
    }

    /** Take it away again. */
    @JsonTypeName("EniDetach")
    record EniDetach(EniId eni) implements Request {}

    /**
     * Have an ENI on another node, with its addresses and groups.
     *
     * @param slot of that node; empty for the one that it has, or another if that is taken
     * @param place on that node, that it is handed over to; empty for the node's own network namespace
     */
    @JsonTypeName("EniMove")
    record EniMove(
            EniId eni,
            NodeName node,
            Optional<Integer> slot,
            @JsonProperty("namespace") @Later Optional<EniPlace> place)
            implements Request {
        /** Into that node's own network namespace. */
        public EniMove(EniId eni, NodeName node, Optional<Integer> slot) {
            this(eni, node, slot, Optional.empty());
        }

        public EniMove {
            slot.ifPresent(number -> Bounds.within("slot", number, 1, Plug.LAST_SLOT));
        }
    }

    /** Make a security group. It lets everything out, and nothing in. */
    @JsonTypeName("GroupCreate")
    record GroupCreate(GroupName group, VpcName vpc) implements Request {}

    /**
     * Give a security group another rule, or take one away.
     *
     * @param add which of both
     */
    @JsonTypeName("GroupRuleChange")
    record GroupRuleChange(GroupName group, boolean add, GroupRule rule) implements Request {}

    /**
     * Put ENIs into a security group, or take them out of it.
     *
     * @param apply which of both
     */
    @JsonTypeName("GroupApply")
    record GroupApply(GroupName group, boolean apply, List<EniId> enis) implements Request {
        public GroupApply {
            enis = List.copyOf(new TreeSet<>(enis));
        }
    }

    /** Take a security group away that nothing uses. */
    @JsonTypeName("GroupDelete")
    record GroupDelete(GroupName group) implements Request {}

    /** The cluster that it is about; empty if it is about nodes, VPCs, or the tree. */
    default Optional<ClusterName> about() {
        return switch (this) {
            case Create create -> Optional.of(create.spec().name());
            case Scale scale -> Optional.of(scale.cluster());
            case Delete delete -> Optional.of(delete.cluster());
            case Cordon _,
                    Uncordon _,
                    Label _,
                    Collect _,
                    Forget _,
                    VpcCreate _,
                    VpcDelete _,
                    EniAttach _,
                    EniDetach _,
                    EniMove _,
                    GroupCreate _,
                    GroupRuleChange _,
                    GroupApply _,
                    GroupDelete _ -> Optional.empty();
        };
    }

    /** A few words for messages, such as {@code create demo}. */
    default String title() {
        return switch (this) {
            case Create create -> "create " + create.spec().name();
            case Scale scale -> "scale " + scale.cluster();
            case Delete delete -> "delete " + delete.cluster();
            case Cordon cordon -> "cordon " + cordon.node();
            case Uncordon uncordon -> "uncordon " + uncordon.node();
            case Label label -> "label " + label.node();
            case Collect _ -> "gc";
            case Forget forget -> "node remove " + forget.node();
            case VpcCreate create -> "vpc create " + create.name();
            case VpcDelete delete -> "vpc delete " + delete.name();
            case EniAttach attach -> "eni attach " + attach.node();
            case EniDetach detach -> "eni detach " + detach.eni();
            case EniMove move -> "eni move " + move.eni() + " " + move.node();
            case GroupCreate create -> "sg create " + create.group();
            case GroupRuleChange change ->
                "sg rule " + (change.add() ? "add " : "remove ") + change.group() + " " + change.rule();
            case GroupApply apply -> "sg apply " + apply.group();
            case GroupDelete delete -> "sg delete " + delete.group();
        };
    }
}
