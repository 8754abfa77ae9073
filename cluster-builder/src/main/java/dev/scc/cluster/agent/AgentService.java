package dev.scc.cluster.agent;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcFailed.Kind;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.PassedOver;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Prober;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathProber;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Serves {@link AgentRpc}. Safe for use by several threads. */
public final class AgentService {
    /** A verification whose caller has gone takes a moment to end. No longer than nodes wait for each other to begin. */
    private static final Duration OTHER_ENDS = Duration.ofSeconds(10);

    private final Identity identity;
    private final Supplier<Optional<ServedCluster>> served;
    private final Prober prober;
    private final VpcPaths vpc;
    /** Fair: a caller that comes again and again keeps no other out. */
    private final Semaphore verifying = new Semaphore(1, true);
    /** Of the verifications that have come, those that wait for others included, by session. */
    private final Map<String, PassedOver> passedOver = new ConcurrentHashMap<>();

    public AgentService(Identity identity, Supplier<Optional<ServedCluster>> served, Prober prober, PathProber paths) {
        this.identity = identity;
        this.served = served;
        this.prober = prober;
        this.vpc = new VpcPaths(paths);
    }

    public ServerServiceDefinition definition() {
        return new RpcService(AgentRpc.SERVICE)
                .unary(AgentRpc.PING, (_, _) -> pong())
                .streaming(AgentRpc.VERIFY, (_, request, answers) -> verify(request, answers))
                .streaming(AgentRpc.LOAD, (_, request, answers) -> load(request, answers))
                .unary(AgentRpc.PROBE_VPC, (_, request) -> probeVpc(request))
                .unary(AgentRpc.PASS_OVER, (_, request) -> passOver(request))
                .definition();
    }

    private AgentRpc.Pong pong() {
        return new AgentRpc.Pong(
                identity.node(),
                identity.version(),
                served.get().map(ServedCluster::roster).map(Roster::cluster));
    }

    private void verify(AgentRpc.Verify request, Answers<ProbeResult> answers) throws RpcFailed, InterruptedException {
        ProbePlan plan = request.plan();
        requireServed(request.cluster(), request.revision(), plan.self());
        PassedOver nodes = new PassedOver();
        passedOver.put(plan.session(), nodes);
        try {
            alone(() -> prober.run(plan, nodes, sender(answers)));
        } finally {
            passedOver.remove(plan.session());
        }
    }

    private void load(AgentRpc.PutLoad request, Answers<FlowResult> answers) throws RpcFailed, InterruptedException {
        requireServed(request.cluster(), request.revision(), request.plan().self());
        alone(() -> prober.load(request.plan(), sender(answers)));
    }

    private AgentRpc.VpcProbed probeVpc(AgentRpc.ProbeVpc request) throws RpcFailed, InterruptedException {
        return vpc.probe(requireServed(request.cluster(), request.revision(), request.self()), request.others());
    }

    private AgentRpc.PassedOver passOver(AgentRpc.PassOver request) {
        Optional<PassedOver> nodes = Optional.ofNullable(passedOver.get(request.session()));
        nodes.ifPresent(known -> known.add(request.node(), request.why()));
        return new AgentRpc.PassedOver(nodes.isPresent());
    }

    private ServedCluster requireServed(ClusterName cluster, int revision, NodeName self) throws RpcFailed {
        Optional<ServedCluster> serves = served.get()
                .filter(one ->
                        one.roster().cluster().equals(cluster) && one.roster().revision() == revision);
        if (serves.isEmpty()) {
            throw new RpcFailed(
                    Kind.REFUSED,
                    "node " + identity.node() + " does not serve revision " + revision + " of cluster " + cluster);
        }
        if (!self.equals(identity.node())) {
            throw new RpcFailed(Kind.INVALID, "this is node " + identity.node() + ", not " + self);
        }
        return serves.get();
    }

    @FunctionalInterface
    private interface Part {
        void run() throws CannotVerify, InterruptedException;
    }

    private void alone(Part part) throws RpcFailed, InterruptedException {
        if (!verifying.tryAcquire(OTHER_ENDS.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new RpcFailed(
                    Kind.BUSY, "node " + identity.node() + " takes part in another verification; try again later");
        }
        try {
            part.run();
        } catch (CannotVerify e) {
            throw new RpcFailed(Kind.FAILED, String.valueOf(e.getMessage()));
        } finally {
            verifying.release();
        }
    }

    /** A prober knows no interruption while it reports: it finds out at its next wait. */
    private static <T> Consumer<T> sender(Answers<T> answers) {
        return result -> {
            try {
                answers.send(result);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }
}
