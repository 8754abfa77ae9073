package dev.scc.cluster.agent;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.VpcPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Probes paths to other members of the cluster that a node serves, all at the same time. Safe for use by several threads. */
final class VpcPaths {
    /** A verification at create, and one that somebody asks for. */
    private static final int AT_ONCE = 2;

    private final PathProber prober;
    private final Semaphore probing = new Semaphore(AT_ONCE);

    VpcPaths(PathProber prober) {
        this.prober = prober;
    }

    /** @throws RpcFailed if it is too much at a time, or one is no other member */
    AgentRpc.VpcProbed probe(ServedCluster served, List<NodeName> others) throws RpcFailed, InterruptedException {
        if (others.size() > AgentRpc.ProbeVpc.MOST) {
            throw new RpcFailed(
                    RpcFailed.Kind.INVALID,
                    "others: " + others.size() + " members are too many; " + AgentRpc.ProbeVpc.MOST
                            + " can be probed at a time");
        }
        NodeName self = served.self().node();
        List<PathProber.Path> paths = new ArrayList<>();
        for (NodeName other : others) {
            paths.add(path(served, member(served, other)));
        }
        if (!probing.tryAcquire()) {
            throw new RpcFailed(RpcFailed.Kind.BUSY, "node " + self + " probes its VPC already; try again later");
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PathOutcome>> outcomes =
                    threads.invokeAll(paths.stream().map(this::prober).toList());
            List<AgentRpc.Reached> reached = new ArrayList<>();
            for (int i = 0; i < others.size(); i++) {
                reached.add(new AgentRpc.Reached(others.get(i), outcomes.get(i).get()));
            }
            return new AgentRpc.VpcProbed(reached);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            probing.release();
        }
    }

    private Callable<PathOutcome> prober(PathProber.Path path) {
        return () -> prober.probe(path);
    }

    private static Member member(ServedCluster served, NodeName other) throws RpcFailed {
        Optional<Member> member = served.roster().members().stream()
                .filter(one ->
                        one.node().equals(other) && !other.equals(served.self().node()))
                .findFirst();
        return member.orElseThrow(() -> new RpcFailed(
                RpcFailed.Kind.INVALID,
                other + " is no other member of cluster " + served.roster().cluster()));
    }

    private static PathProber.Path path(ServedCluster served, Member other) {
        return new PathProber.Path(
                VpcPlan.OF_CLUSTER,
                served.self().vpcAddress(),
                other.vpcAddress(),
                served.roster().vpc().mtu());
    }
}
