package dev.scc.cluster.agent;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcFailed.Kind;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.fabric.verify.Prober;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Serves {@link AgentRpc}. */
public final class AgentService {
    /** A verification whose caller has gone takes a moment to end. No longer than nodes wait for each other to begin. */
    private static final Duration OTHER_ENDS = Duration.ofSeconds(10);

    private final Identity identity;
    private final Supplier<Optional<ServedCluster>> served;
    private final Prober prober;
    /** Fair: a caller that comes again and again keeps no other out. */
    private final Semaphore verifying = new Semaphore(1, true);

    public AgentService(Identity identity, Supplier<Optional<ServedCluster>> served, Prober prober) {
        this.identity = identity;
        this.served = served;
        this.prober = prober;
    }

    public ServerServiceDefinition definition() {
        return new RpcService(AgentRpc.SERVICE)
                .unary(AgentRpc.PING, (_, _) -> pong())
                .streaming(AgentRpc.VERIFY, (_, request, answers) -> verify(request, answers))
                .definition();
    }

    private AgentRpc.Pong pong() {
        return new AgentRpc.Pong(
                identity.node(),
                identity.version(),
                served.get().map(ServedCluster::roster).map(Roster::cluster));
    }

    private void verify(AgentRpc.Verify request, Answers<ProbeResult> answers) throws RpcFailed, InterruptedException {
        boolean serves = served.get()
                .map(ServedCluster::roster)
                .filter(roster -> roster.cluster().equals(request.cluster()) && roster.revision() == request.revision())
                .isPresent();
        if (!serves) {
            throw new RpcFailed(
                    Kind.REFUSED,
                    "node " + identity.node() + " does not serve revision " + request.revision() + " of cluster "
                            + request.cluster());
        }
        if (!request.plan().self().equals(identity.node())) {
            throw new RpcFailed(
                    Kind.INVALID,
                    "this is node " + identity.node() + ", not "
                            + request.plan().self());
        }
        if (!verifying.tryAcquire(OTHER_ENDS.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new RpcFailed(
                    Kind.BUSY, "node " + identity.node() + " takes part in another verification; try again later");
        }
        try {
            prober.run(request.plan(), sender(answers));
        } catch (CannotVerify e) {
            throw new RpcFailed(Kind.FAILED, String.valueOf(e.getMessage()));
        } finally {
            verifying.release();
        }
    }

    /** A prober knows no interruption while it reports: it finds out at its next wait. */
    private static Consumer<ProbeResult> sender(Answers<ProbeResult> answers) {
        return result -> {
            try {
                answers.send(result);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }
}
