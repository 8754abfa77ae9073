package dev.scc.job.agent;

import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.LeftoverService;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.agent.ServedCluster;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import dev.scc.job.Entitlement;
import dev.scc.job.Tasks;
import dev.scc.job.keeper.KeeperHost;
import dev.scc.job.node.JobLeftovers;
import dev.scc.job.node.NodeSettings;
import dev.scc.job.node.Traces;
import dev.scc.job.rpc.JobRpc;
import dev.scc.job.rpc.KeeperRpc;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's part in jobs: it says what the node belongs to, has a keeper look after what runs, and sees to it that nothing
 * runs any more before the node leaves its cluster. No job depends on it.
 */
public final class JobAgent implements AgentProcess.Extension, KeeperHost.Charge {
    private static final Logger log = LoggerFactory.getLogger(JobAgent.class);
    /** Longer than a keeper tries to end its jobs. */
    private static final Duration ENDING = Duration.ofSeconds(25);

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(4);

    private final NodeName self;
    private final Traces traces;
    private final KeeperHost keepers;
    private final Connections connections;
    private final Entitlement entitlement;
    private final Supplier<Optional<Roster>> serving;
    private final Tasks tasks;
    private volatile Optional<JobBoard> board = Optional.empty();

    /**
     * An agent's part. Nothing is looked at yet.
     *
     * @param jobs where the node's jobs have their cgroups and files
     * @param serving the cluster that this node belongs to now; jobs of others are refused
     */
    public JobAgent(
            NodeName self,
            NodeSettings jobs,
            KeeperHost keepers,
            Connections connections,
            Supplier<Optional<Roster>> serving) {
        this(self, new JobLeftovers(jobs), keepers, connections, serving, Tasks.ofThreads());
    }

    /**
     * The same, of a node that may be something else than this machine.
     *
     * @param traces what jobs have left there
     */
    public JobAgent(
            NodeName self,
            Traces traces,
            KeeperHost keepers,
            Connections connections,
            Supplier<Optional<Roster>> serving,
            Tasks tasks) {
        this.tasks = tasks;
        this.connections = connections;
        this.entitlement = new Entitlement(self, connections, InstantSource.system());
        this.self = self;
        this.traces = traces;
        this.keepers = keepers;
        this.serving = serving;
    }

    /** For {@link AgentProcess#start}. What jobs have left on the node that nobody keeps is ended first. */
    public static AgentProcess.ExtensionMaker extension(
            NodeName self, NodeSettings jobs, KeeperHost keepers, Connections connections) {
        return (served, _) -> {
            JobAgent agent = new JobAgent(
                    self, jobs, keepers, connections, () -> served.get().map(ServedCluster::roster));
            keepers.take(agent);
            agent.sweepUnlessKept();
            return agent;
        };
    }

    /** Unless a keeper runs, what jobs have left here is ended. */
    public void sweepUnlessKept() {
        try {
            if (keepers.running(self).isEmpty()) {
                sweep();
            }
        } catch (IOException e) {
            log.atError().setCause(e).log("nobody knows whether jobs run here");
        } catch (InterruptedException e) {
            tasks.current().interrupt();
        }
    }

    @Override
    public void joined(Tree tree) {
        board = Optional.of(new JobBoard(tree, self, tasks));
    }

    private void show(List<JobEntry> jobs) throws RpcFailed, InterruptedException {
        for (JobEntry job : jobs) {
            if (!job.lead().equals(self)) {
                throw new RpcFailed(RpcFailed.Kind.INVALID, "job " + job.job() + " is not led by node " + self);
            }
        }
        Optional<JobBoard> tree = board;
        if (tree.isEmpty()) {
            throw new RpcFailed(RpcFailed.Kind.BUSY, "the agent of node " + self + " has no session yet");
        }
        try {
            tree.get().show(jobs);
        } catch (ConnectionLost e) {
            throw new RpcFailed(RpcFailed.Kind.UNREACHABLE, "ZooKeeper: " + e.getMessage());
        }
    }

    /** What a keeper said before it ended may come afterwards. */
    private void requireKept() throws RpcFailed, InterruptedException {
        try {
            if (keepers.running(self).isEmpty()) {
                throw new RpcFailed(RpcFailed.Kind.REFUSED, "no keeper of jobs runs on node " + self);
            }
        } catch (IOException e) {
            throw new RpcFailed(
                    RpcFailed.Kind.FAILED, "whether a keeper of jobs runs on node " + self + ": " + e.getMessage());
        }
    }

    private void showNoneSoon() {
        if (board.isPresent()) {
            tasks.start("job-board", this::showNone);
        }
    }

    /** No keeper runs, so no job does: that is what the tree is to say, as soon as it can be told. */
    private void showNone() {
        try {
            while (keepers.running(self).isEmpty()) {
                try {
                    show(List.of());
                    return;
                } catch (RpcFailed e) {
                    log.atDebug().setCause(e).log("entries of jobs stay for the time being");
                    tasks.sleep(BETWEEN_TRIES);
                }
            }
        } catch (IOException e) {
            log.atWarn().setCause(e).log("nobody knows whether jobs run here");
        } catch (InterruptedException e) {
            tasks.current().interrupt();
        }
    }

    @Override
    public boolean mayHaveJobs() {
        return serving.get().isPresent();
    }

    @Override
    public void sweep() {
        showNoneSoon();
        try {
            for (String left : traces.removeAll()) {
                log.atError()
                        .addKeyValue("node", self)
                        .addKeyValue("left", left)
                        .log("a job without a keeper does not end");
            }
        } catch (InterruptedException e) {
            tasks.current().interrupt();
        }
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return List.of(service().definition());
    }

    /** The same, for those who bring calls by another way. */
    public RpcService service() {
        return new RpcService(JobRpc.SERVICE)
                .unary(JobRpc.PLACE, (caller, ask) -> {
                    requireSelf(ask.node());
                    requireEntitled(caller, ask.permit());
                    return new JobRpc.Place(place());
                })
                .unary(JobRpc.SERVES, (caller, ask) -> {
                    requireSelf(ask.node());
                    entitlement.requireOwn(caller, Role.KEEPER);
                    return new JobRpc.Serves(serving.get());
                })
                .unary(JobRpc.PUT_OUT, (caller, ask) -> {
                    requireSelf(ask.node());
                    entitlement.requireOwn(caller, Role.KEEPER);
                    return putOut();
                })
                .unary(JobRpc.LED, (caller, led) -> {
                    requireSelf(led.node());
                    entitlement.requireOwn(caller, Role.KEEPER);
                    requireKept();
                    show(led.jobs());
                    return new JobRpc.Ask(self, Optional.empty());
                })
                .unary(JobRpc.GONE, (caller, members) -> {
                    requireSelf(members.asked());
                    entitlement.requireOwn(caller, Role.KEEPER);
                    return new JobRpc.Members(self, members.cluster(), gone(members));
                });
    }

    /** Keepers of present members, and people whom a server has permitted to run jobs on the cluster that is served. */
    private void requireEntitled(Caller caller, Optional<String> permit) throws RpcFailed {
        Optional<Roster> serves = serving.get();
        if (caller.principal().filter(who -> who.role().isPerson()).isEmpty()) {
            entitlement.requireMember(caller, serves);
        } else if (serves.isPresent()) {
            entitlement.ofCaller(caller, serves.get().cluster(), permit);
        }
    }

    private JobRpc.PutOut putOut() {
        return new JobRpc.PutOut(connections.revocations().all().entrySet().stream()
                .map(one -> new JobRpc.Signed(one.getKey(), one.getValue().toEpochMilli()))
                .toList());
    }

    private void requireSelf(NodeName asked) throws RpcFailed {
        if (!asked.equals(self)) {
            throw new RpcFailed(RpcFailed.Kind.REFUSED, "this is node " + self + ", not " + asked);
        }
    }

    private String place() throws RpcFailed, InterruptedException {
        if (!mayHaveJobs()) {
            throw new RpcFailed(
                    RpcFailed.Kind.REFUSED, "node " + self + " belongs to no cluster now, and runs no jobs");
        }
        try {
            return keepers.address(self);
        } catch (IOException e) {
            log.atError().addKeyValue("node", self).setCause(e).log("no keeper for jobs");
            throw new RpcFailed(
                    RpcFailed.Kind.FAILED, "node " + self + " has nobody to keep its jobs: " + e.getMessage());
        }
    }

    private List<NodeName> gone(JobRpc.Members members) {
        Optional<Set<NodeName>> now = serving.get()
                .filter(roster -> roster.cluster().equals(members.cluster()))
                .map(roster -> roster.members().stream().map(Member::node).collect(Collectors.toSet()));
        return now.map(nodes -> members.nodes().stream()
                        .filter(node -> !nodes.contains(node))
                        .toList())
                .orElse(List.of());
    }

    /** All jobs end before the node leaves its cluster; new ones are refused from then on. */
    @Override
    public List<LeaveHook> leaveHooks() {
        return List.of(cluster -> {
            List<String> stubborn = endAll("node " + self + " leaves cluster " + cluster);
            if (!stubborn.isEmpty()) {
                throw new LeaveHook.CannotLeave(
                        "of jobs of " + cluster + " these do not end on this node: " + String.join(", ", stubborn));
            }
        });
    }

    /**
     * Ends all jobs that have a part on this node; their leads then end them elsewhere. Returns what did not end here.
     *
     * @param why as a sentence that names the node, for those who run the jobs
     */
    private List<String> endAll(String why) throws InterruptedException {
        try {
            Optional<String> keeper = keepers.running(self);
            if (keeper.isPresent()) {
                try (RpcChannel channel = connections.to(Peer.keeper(self, keeper.get()))) {
                    List<String> stubborn = channel.call(KeeperRpc.END_ALL, new KeeperRpc.EndAll(why), ENDING)
                            .names();
                    if (!stubborn.isEmpty()) {
                        return stubborn;
                    }
                    keepers.retire();
                } catch (RpcFailed e) {
                    log.atError().addKeyValue("node", self).setCause(e).log("the keeper of jobs does not end them");
                    keepers.kill();
                }
            }
            // One that has ended before has not done that.
            keepers.forget(self);
        } catch (IOException e) {
            return List.of("the keeper of jobs: " + e.getMessage());
        }
        showNoneSoon();
        // Also what a keeper gave up when it closed a job.
        return traces.removeAll();
    }

    @Override
    public LeftoverService.Source leftovers() {
        return this::leftovers;
    }

    private List<NodeLeftover> leftovers(boolean remove) throws IOException, InterruptedException {
        Optional<String> keeper = keepers.running(self);
        if (keeper.isEmpty()) {
            List<NodeLeftover> found = traces.look(_ -> false, remove);
            if (remove) {
                traces.removeHolders();
            }
            return found;
        }
        try (RpcChannel channel = connections.to(Peer.keeper(self, keeper.get()))) {
            return channel.call(KeeperRpc.LEFTOVERS, new KeeperRpc.Look(remove), ENDING)
                    .found();
        } catch (RpcFailed e) {
            throw new IOException("the keeper of jobs does not say what is left: " + e.getMessage(), e);
        }
    }
}
