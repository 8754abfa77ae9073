package dev.scc.cluster.api;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.view.ClusterList;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.view.DryRunView;
import dev.scc.cluster.view.EniList;
import dev.scc.cluster.view.GroupList;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.view.LeftoverReport;
import dev.scc.cluster.view.MeshView;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.view.NodeView;
import dev.scc.cluster.view.ReachView;
import dev.scc.cluster.view.RequestForecast;
import dev.scc.cluster.view.VerifyView;
import dev.scc.cluster.view.VpcList;
import dev.scc.cluster.view.VpcView;
import dev.scc.fabric.doctor.NodeFacts;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Traffic;
import java.util.List;
import java.util.Optional;

/**
 * The methods of a server. Views show at least all that was written before the call, by whichever server. A server that
 * cannot know that, because it has lost ZooKeeper, fails the call as unreachable, and the caller goes on at another.
 *
 * <p>A stream says that it is alive every {@code beatMillis}, if that is not 0, so that a caller who knows other servers
 * notices soon when this one is silent.
 */
public final class ServerRpc {
    public static final String SERVICE = "scc.Server";

    /** Where servers listen for callers, unless they are told otherwise. */
    public static final int USUAL_PORT = 7443;

    public static final RpcMethod<Nothing, ClusterList> CLUSTERS =
            RpcMethod.unary(SERVICE, "Clusters", Access.READERS, Nothing.class, ClusterList.class);

    public static final RpcMethod<OfCluster, MaybeCluster> CLUSTER =
            RpcMethod.unary(SERVICE, "Cluster", Access.READERS, OfCluster.class, MaybeCluster.class);

    /** The roster of a cluster's present revision. */
    public static final RpcMethod<OfCluster, MaybeRoster> ROSTER =
            RpcMethod.unary(SERVICE, "Roster", Access.READERS, OfCluster.class, MaybeRoster.class);

    public static final RpcMethod<Nothing, NodeList> NODES =
            RpcMethod.unary(SERVICE, "Nodes", Access.READERS, Nothing.class, NodeList.class);

    public static final RpcMethod<OfNode, MaybeNode> NODE =
            RpcMethod.unary(SERVICE, "Node", Access.READERS, OfNode.class, MaybeNode.class);

    /** What a create would do now. */
    public static final RpcMethod<Forecast, Forecasted> FORECAST =
            RpcMethod.unary(SERVICE, "Forecast", Access.READERS, Forecast.class, Forecasted.class);

    public static final RpcMethod<Nothing, VpcList> VPCS =
            RpcMethod.unary(SERVICE, "Vpcs", Access.READERS, Nothing.class, VpcList.class);

    public static final RpcMethod<OfVpc, MaybeVpc> VPC =
            RpcMethod.unary(SERVICE, "Vpc", Access.READERS, OfVpc.class, MaybeVpc.class);

    public static final RpcMethod<Nothing, EniList> ENIS =
            RpcMethod.unary(SERVICE, "Enis", Access.READERS, Nothing.class, EniList.class);

    /** All security groups. */
    public static final RpcMethod<Nothing, GroupList> GROUPS =
            RpcMethod.unary(SERVICE, "Groups", Access.READERS, Nothing.class, GroupList.class);

    /** Whether one end may begin something with another, and what decides that. */
    public static final RpcMethod<Explain, ReachView> EXPLAIN =
            RpcMethod.unary(SERVICE, "Explain", Access.READERS, Explain.class, ReachView.class);

    /** What the packets of a security group's ENIs have done at their filters. */
    public static final RpcMethod<Packets, GroupPackets> PACKETS =
            RpcMethod.unary(SERVICE, "Packets", Access.READERS, Packets.class, GroupPackets.class);

    /** What a request about a VPC, a security group or an ENI would do now. */
    public static final RpcMethod<Would, WouldBe> WOULD =
            RpcMethod.unary(SERVICE, "Would", Access.READERS, Would.class, WouldBe.class);

    /** What was asked under an id. */
    public static final RpcMethod<OfRequest, MaybeRequest> REQUEST =
            RpcMethod.unary(SERVICE, "Request", Access.READERS, OfRequest.class, MaybeRequest.class);

    /** Makes a request, unless it is there, and tells what becomes of it: the state it is in, what changes, the outcome. */
    public static final RpcMethod<Ask, Told> ASK = RpcMethod.streaming(
                    SERVICE, "Ask", Access.USERS, Ask.class, Told.class)
            .about(ask -> ask.request().title())
            .failing(Told::failure);

    /** The same for a node, which attaches and detaches ENIs of its own containers, and asks for nothing else. */
    public static final RpcMethod<Ask, Told> CONTAINER = RpcMethod.streaming(
                    SERVICE, "Container", Access.AGENTS, Ask.class, Told.class)
            .about(ask -> ask.request().title())
            .failing(Told::failure);

    /** What has happened, a mark, and what happens from then on. */
    public static final RpcMethod<Events, EventSaid> EVENTS =
            RpcMethod.streaming(SERVICE, "Events", Access.READERS, Events.class, EventSaid.class);

    /** Has a cluster's pairs probed, and tells each result. */
    public static final RpcMethod<Verify, VerifySaid> VERIFY = RpcMethod.streaming(
                    SERVICE, "Verify", Access.USERS, Verify.class, VerifySaid.class)
            .about(verify -> "verify " + verify.cluster());

    /** What a cluster's latest verification measured, if this server had it carried out. Nothing is probed. */
    public static final RpcMethod<OfCluster, Verified> VERIFIED =
            RpcMethod.unary(SERVICE, "Verified", Access.READERS, OfCluster.class, Verified.class);

    /** Has agents observe their nodes. */
    public static final RpcMethod<Observe, Observations> OBSERVE =
            RpcMethod.unary(SERVICE, "Observe", Access.READERS, Observe.class, Observations.class);

    /** What the probes of a cluster's mesh have come to, as its members' agents know it. */
    public static final RpcMethod<Mesh, MaybeMesh> MESH =
            RpcMethod.unary(SERVICE, "Mesh", Access.READERS, Mesh.class, MaybeMesh.class);

    /** What shows nodes of a cluster that the caller may run jobs there, and as whom. */
    public static final RpcMethod<PermitWanted, MaybePermit> PERMIT = RpcMethod.unary(
                    SERVICE, "Permit", Access.USERS, PermitWanted.class, MaybePermit.class)
            .about(wanted -> "run on " + wanted.cluster() + (wanted.asRoot() ? " as root" : ""));

    /** Looks in the tree and on all nodes for what bears our mark and belongs to nothing. */
    public static final RpcMethod<Leftovers, LeftoverReport> LEFTOVERS =
            RpcMethod.unary(SERVICE, "Leftovers", Access.OPERATORS, Leftovers.class, LeftoverReport.class);

    /** The jobs that are not over, as far as the agents of their leads live. */
    public static final RpcMethod<Nothing, Jobs> JOBS =
            RpcMethod.unary(SERVICE, "Jobs", Access.READERS, Nothing.class, Jobs.class);

    private ServerRpc() {}

    public record Nothing() {}

    /** @param jobs those that the caller may see, by their ids */
    public record Jobs(List<JobEntry> jobs) {
        public Jobs {
            jobs = List.copyOf(jobs);
        }
    }

    public record OfCluster(ClusterName cluster) {}

    public record OfNode(NodeName node) {}

    public record OfRequest(String id) {}

    public record MaybeCluster(Optional<ClusterView> cluster) {}

    public record MaybeRoster(Optional<Roster> roster) {}

    /** @param asRoot whether the job is to have root's rights */
    public record PermitWanted(ClusterName cluster, boolean asRoot) {}

    /** @param text empty where certificates do not count, and nobody asks for permits */
    public record MaybePermit(Optional<String> text) {}

    public record MaybeNode(Optional<NodeView> node) {}

    public record OfVpc(String vpc) {}

    public record MaybeVpc(Optional<VpcView> vpc) {}

    /**
     * Which ends, and what is begun.
     *
     * @param from an ENI, a node or an address
     * @param to the same
     * @param vpc in which; empty for the first that has both
     */
    public record Explain(String from, String to, Traffic what, Optional<String> vpc) {}

    /**
     * Of which group, and what.
     *
     * @param counters whether what each rule has let through is asked
     * @param drops whether what was dropped last is asked
     * @param eachMillis how long each node may take to answer
     */
    public record Packets(GroupName group, boolean counters, boolean drops, long eachMillis) {}

    /**
     * Of which cluster.
     *
     * @param eachMillis how long each node may take to answer
     */
    public record Mesh(ClusterName cluster, long eachMillis) {}

    /** @param mesh empty if there is no cluster of that name */
    public record MaybeMesh(Optional<MeshView> mesh) {}

    public record Would(Request request) {}

    /** @param refusal empty if it would be done */
    public record WouldBe(RequestForecast view, Optional<Refusal> refusal) {}

    public record MaybeRequest(Optional<Request> request) {}

    public record Forecast(ClusterSpec spec) {}

    /** @param refusal empty if the cluster would be built */
    public record Forecasted(DryRunView view, Optional<Refusal> refusal) {}

    /** @param id of the request, chosen by the caller; the same id again follows the request that is there */
    public record Ask(String id, Request request, long beatMillis) {}

    /**
     * Which events.
     *
     * @param after the key of the last one that the caller has seen; empty for all that are kept
     * @param follow whether the call goes on after the mark
     */
    public record Events(String after, boolean follow, long beatMillis) {}

    /**
     * Verify!
     *
     * @param load that is put on the fabric after the probes
     * @param keep what is done with the result beside keeping it as the latest; empty for nothing
     */
    public record Verify(ClusterName cluster, Pattern pattern, Load load, long beatMillis, Optional<Keeping> keep) {}

    /** What a result becomes. */
    public enum Keeping {
        /** That with which later ones are compared. */
        BASELINE
    }

    /** @param view empty if there is none, or no such cluster */
    public record Verified(Optional<VerifyView> view) {}

    /**
     * Which nodes.
     *
     * @param name of a node, or of a cluster whose members are meant; empty for the whole pool
     * @param eachMillis how long each node may take to answer
     */
    public record Observe(Optional<String> name, long eachMillis) {}

    /**
     * What they have seen. Both are empty if there is nothing of that name.
     *
     * @param unobserved nodes that could not be asked
     */
    public record Observations(List<NodeFacts> facts, List<Unobserved> unobserved) {
        public Observations {
            facts = List.copyOf(facts);
            unobserved = List.copyOf(unobserved);
        }
    }

    public record Unobserved(NodeName node, String why) {}

    /**
     * How to look.
     *
     * @param remove whether what is found is removed, too
     * @param eachMillis how long each node, and the controller, may take to answer
     */
    public record Leftovers(boolean remove, long eachMillis) {}
}
