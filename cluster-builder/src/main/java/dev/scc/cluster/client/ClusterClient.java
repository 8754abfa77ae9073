package dev.scc.cluster.client;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.api.EventSaid;
import dev.scc.cluster.api.Progress;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.api.Waiting;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.view.ClusterList;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.view.EniList;
import dev.scc.cluster.view.EventList;
import dev.scc.cluster.view.GroupList;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.view.LeftoverReport;
import dev.scc.cluster.view.MeshView;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.view.NodeView;
import dev.scc.cluster.view.ReachView;
import dev.scc.cluster.view.VerifyView;
import dev.scc.cluster.view.VpcList;
import dev.scc.cluster.view.VpcView;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Traffic;
import dev.scc.vpc.VpcName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One caller's connection to the pool. All methods block, and give up when their thread is interrupted. Thread-safe.
 */
public final class ClusterClient implements AutoCloseable {
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private final String hosts;
    private final Servers servers;
    private final Duration patience;

    private ClusterClient(String hosts, Servers servers, Duration patience) {
        this.hosts = hosts;
        this.servers = servers;
        this.patience = patience;
    }

    /**
     * Connects with the first call.
     *
     * @param hosts of the servers, {@code host:port} with commas between several
     * @param patience how long to look for one that answers, at each call
     * @throws dev.scc.host.UserMistake if {@code hosts} is something else
     */
    public static ClusterClient to(String hosts, Connections connections, Duration patience) {
        return new ClusterClient(hosts, new Servers(ServerAddresses.parse(hosts), connections), patience);
    }

    /** An id for a request that nobody has used before. */
    public static String newRequestId() {
        return UUID.randomUUID().toString();
    }

    public ClusterList clusters() throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.CLUSTERS, new ServerRpc.Nothing());
    }

    /** Everything about one cluster; empty if there is none of that name. */
    public Optional<ClusterView> cluster(ClusterName name) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.CLUSTER, new ServerRpc.OfCluster(name)).cluster();
    }

    /** The roster of the cluster's present revision; empty if there is no such cluster. */
    public Optional<Roster> roster(ClusterName name) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.ROSTER, new ServerRpc.OfCluster(name)).roster();
    }

    /**
     * What shows the cluster's nodes that the caller may run jobs there; empty where nobody has to show anything.
     *
     * @param asRoot whether the job is to have root's rights
     */
    public Optional<String> permit(ClusterName name, boolean asRoot) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.PERMIT, new ServerRpc.PermitWanted(name, asRoot)).text();
    }

    public NodeList nodes() throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.NODES, new ServerRpc.Nothing());
    }

    /** The jobs that are not over, as far as the agents of their leads live. */
    public List<JobEntry> jobs() throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.JOBS, new ServerRpc.Nothing()).jobs();
    }

    /** Everything about one node; empty if there is none of that name. */
    public Optional<NodeView> node(NodeName name) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.NODE, new ServerRpc.OfNode(name)).node();
    }

    /** What {@link #create} would do now. Nothing changes. */
    public ServerRpc.Forecasted forecast(ClusterSpec spec) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.FORECAST, new ServerRpc.Forecast(spec));
    }

    /** What was asked under that id; empty if nothing was, or so long ago that it is forgotten. */
    public Optional<Request> request(String id) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.REQUEST, new ServerRpc.OfRequest(id)).request();
    }

    /**
     * Has a cluster built, and waits for the end of it: {@link Outcome.Done} means ready.
     *
     * @param id of the request; the same id again follows the first request, and changes nothing
     * @throws TimedOut if there is no outcome in time; the request goes on
     */
    public Outcome create(ClusterSpec spec, String id, Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Create(spec), id, atMost, progress);
    }

    /**
     * Gives a cluster another number of nodes, and waits for the end of it: {@link Outcome.Done} means ready with that many.
     *
     * @throws TimedOut if there is no outcome in time; the request goes on
     */
    public Outcome scale(ClusterName name, int nodes, String id, Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Scale(name, nodes), id, atMost, progress);
    }

    /** Has a cluster taken down, and waits for the end of it. {@link Outcome.Done} names what is left on lost nodes. */
    public Outcome delete(ClusterName name, String id, Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Delete(name), id, atMost, progress);
    }

    /** All VPCs, those that clusters have of their own among them. */
    public VpcList vpcs() throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.VPCS, new ServerRpc.Nothing());
    }

    /** Everything about one VPC; empty if there is none of that name. */
    public Optional<VpcView> vpc(VpcName name) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.VPC, new ServerRpc.OfVpc(name.value())).vpc();
    }

    /** All ENIs but those of clusters' members. */
    public EniList enis() throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.ENIS, new ServerRpc.Nothing());
    }

    /** Gives a node an ENI, and waits until it is there: {@link EniId#of} tells which it is, by the request's id. */
    public Outcome attach(Request.EniAttach attach, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(attach, id, atMost, _ -> {});
    }

    /** Takes an ENI away, and waits until it is gone. */
    public Outcome detach(EniId eni, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.EniDetach(eni), id, atMost, _ -> {});
    }

    /** Has an ENI on another node, and waits until it is there. */
    public Outcome move(Request.EniMove move, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(move, id, atMost, _ -> {});
    }

    /** All security groups. */
    public GroupList groups() throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.GROUPS, new ServerRpc.Nothing());
    }

    /** Asks for something about security groups, and waits for what becomes of it. */
    public Outcome change(Request request, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(request, id, atMost, _ -> {});
    }

    /**
     * Whether one end may begin something with another, and what decides that.
     *
     * @param from an ENI, a node or an address
     * @param to the same
     * @param vpc in which; empty for the first that has both
     */
    public ReachView explain(String from, String to, Traffic what, Optional<String> vpc)
            throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.EXPLAIN, new ServerRpc.Explain(from, to, what, vpc));
    }

    /**
     * What the packets of a security group's ENIs have done at their filters.
     *
     * @param counters whether what each rule has let through is asked
     * @param drops whether what was dropped last is asked
     * @param each how long each node may take to answer
     */
    public GroupPackets packets(GroupName group, boolean counters, boolean drops, Duration each)
            throws ServerUnreachable, InterruptedException {
        return ask(
                ServerRpc.PACKETS,
                new ServerRpc.Packets(group, counters, drops, each.toMillis()),
                each.plus(patience),
                false);
    }

    /**
     * What the probes of a cluster's mesh have come to; empty if there is no such cluster.
     *
     * @param each how long each node may take to answer
     */
    public Optional<MeshView> mesh(ClusterName cluster, Duration each) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.MESH, new ServerRpc.Mesh(cluster, each.toMillis()), each.plus(patience), false)
                .mesh();
    }

    /** What a request about a VPC, a security group or an ENI would do now. Nothing changes. */
    public ServerRpc.WouldBe forecast(Request request) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.WOULD, new ServerRpc.Would(request));
    }

    /** Makes a VPC that lives by itself. */
    public Outcome createVpc(Request.VpcCreate create, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(create, id, atMost, _ -> {});
    }

    /** Takes away a VPC that nobody is in. */
    public Outcome deleteVpc(VpcName name, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.VpcDelete(name), id, atMost, _ -> {});
    }

    /** Takes a node out of service for new clusters. */
    public Outcome cordon(NodeName node, String why, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Cordon(node, why), id, atMost, _ -> {});
    }

    /** Puts a node back into service. */
    public Outcome uncordon(NodeName node, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Uncordon(node), id, atMost, _ -> {});
    }

    /** Sets and removes labels of a node. */
    public Outcome label(NodeName node, Map<String, String> set, Set<String> remove, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Label(node, set, remove), id, atMost, _ -> {});
    }

    /**
     * Takes a node whose agent has gone out of the pool.
     *
     * @param gone its owner vouches that it is off for good, or wiped
     */
    public Outcome forget(NodeName node, boolean gone, String id, Duration atMost)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return ask(new Request.Forget(node, gone), id, atMost, _ -> {});
    }

    /**
     * Looks in the tree and on all nodes for what bears our mark and belongs to nothing.
     *
     * @param remove whether it is removed, too
     * @param each how long each node, and the controller, may take to answer
     */
    public LeftoverReport leftovers(boolean remove, Duration each) throws ServerUnreachable, InterruptedException {
        return ask(
                ServerRpc.LEFTOVERS,
                new ServerRpc.Leftovers(remove, each.toMillis()),
                each.multipliedBy(2).plus(patience),
                false);
    }

    /** What happened in the pool, as far back as it is kept, the oldest first. */
    public EventList events() throws ServerUnreachable, InterruptedException {
        List<EventList.Row> rows = new ArrayList<>();
        readEvents(false, rows::add);
        return new EventList(rows);
    }

    /** Hands over what has happened and what happens from now on, until this thread is interrupted. */
    public void followEvents(Consumer<EventList.Row> sink) throws ServerUnreachable, InterruptedException {
        readEvents(true, sink);
    }

    private void readEvents(boolean follow, Consumer<EventList.Row> sink)
            throws ServerUnreachable, InterruptedException {
        String[] last = {""};
        stream(
                ServerRpc.EVENTS,
                () -> new ServerRpc.Events(last[0], follow, servers.beat().toMillis()),
                // The first answer may take a server that has much to read some time; without a beat nothing may come
                // for ever.
                follow ? FOR_EVER : patience,
                follow ? FOR_EVER : patience,
                said -> switch (said) {
                    case EventSaid.Happened happened -> {
                        last[0] = happened.key();
                        sink.accept(happened.event());
                        yield false;
                    }
                    case EventSaid.UpToDate _ -> !follow;
                    case EventSaid.Beat _ -> false;
                });
    }

    /**
     * Has all pairs of a cluster probed once more.
     *
     * @param load that is put on the fabric afterwards
     * @param keep what the result becomes, beside the latest
     * @param probed told of each result when it comes in
     * @param flowed likewise of each flow of the load
     */
    public VerifySaid.End verify(
            ClusterName name,
            Pattern pattern,
            Load load,
            Optional<ServerRpc.Keeping> keep,
            Consumer<ProbeResult> probed,
            Consumer<FlowResult> flowed)
            throws ServerUnreachable, InterruptedException {
        List<VerifySaid.End> end = new ArrayList<>(1);
        stream(
                ServerRpc.VERIFY,
                () -> new ServerRpc.Verify(name, pattern, load, servers.beat().toMillis(), keep),
                FOR_EVER,
                patience,
                said -> {
                    switch (said) {
                        case VerifySaid.Probed(ProbeResult result) -> probed.accept(result);
                        case VerifySaid.Flowed(FlowResult result) -> flowed.accept(result);
                        case VerifySaid.Beat _ -> {}
                        case VerifySaid.End over -> end.add(over);
                    }
                    return !end.isEmpty();
                });
        return end.getFirst();
    }

    /** What the latest verification of a cluster measured; empty if none is kept there, or if there is no such cluster. */
    public Optional<VerifyView> verified(ClusterName name) throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.VERIFIED, new ServerRpc.OfCluster(name)).view();
    }

    /**
     * Has agents observe their nodes.
     *
     * @param name of a node, or of a cluster whose members are meant; empty for the whole pool
     * @param each how long each node may take to answer
     */
    public ServerRpc.Observations observe(Optional<String> name, Duration each)
            throws ServerUnreachable, InterruptedException {
        return ask(ServerRpc.OBSERVE, new ServerRpc.Observe(name, each.toMillis()), each.plus(patience), false);
    }

    /** Where a question is made when a server is found to ask. */
    private interface Question<Q> {
        Q now();
    }

    /**
     * Reads a stream to its end, at one server after another.
     *
     * @param silence how long a single server may say nothing
     * @param patience how long to look for a server
     * @param over told of each answer; returns whether it was the last
     */
    private <Q, A> void stream(
            RpcMethod<Q, A> method, Question<Q> question, Duration silence, Duration patience, Predicate<A> over)
            throws ServerUnreachable, InterruptedException {
        long heard = System.nanoTime();
        for (int server = 0; ; server++) {
            try (RpcCall<Q, A> call = servers.open(server, method, question.now())) {
                while (true) {
                    A answer = Servers.next(call, servers.silence(silence));
                    heard = System.nanoTime();
                    if (over.test(answer)) {
                        return;
                    }
                }
            } catch (LineLost e) {
                if (System.nanoTime() - heard > patience.toNanos()) {
                    throw ServerUnreachable.noAnswer(hosts, patience, e);
                }
            }
            Thread.sleep(100);
        }
    }

    private Outcome ask(Request request, String id, Duration atMost, Consumer<Progress> progress)
            throws ServerUnreachable, TimedOut, InterruptedException {
        return new RequestCall(servers, Waiting.ofThreads(), hosts, id, request, patience).run(atMost, progress);
    }

    private <Q, A> A ask(RpcMethod<Q, A> method, Q question) throws ServerUnreachable, InterruptedException {
        return ask(method, question, patience, true);
    }

    private <Q, A> A ask(RpcMethod<Q, A> method, Q question, Duration within, boolean soon)
            throws ServerUnreachable, InterruptedException {
        try {
            return servers.ask(method, question, within, soon);
        } catch (LineLost e) {
            throw ServerUnreachable.noAnswer(hosts, within, e);
        }
    }

    @Override
    public void close() {
        servers.close();
    }
}
