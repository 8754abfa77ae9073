package dev.scc.job.keeper;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A keeper in a process of its own, which outlives the agent's: the next agent finds it by what its directory says. It is
 * started for a cluster's first job on the node, or some seconds after the node was built, so that the first job need not wait
 * for it; and it ends when the node leaves the cluster.
 */
public final class KeeperDaemon implements KeeperHost, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeeperDaemon.class);
    private static final Duration BETWEEN_ATTENDANCES = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /** For a JVM on an emulated node under load. */
    private static final Duration ENDING = Duration.ofSeconds(10);
    /** By then all jobs have given up a keeper that hangs. */
    private static final int MISSED = 3;

    private final KeeperPlace place;
    private final KeeperSpec spec;
    private final Function<NodeName, Connections> connections;
    private final List<Charge> charges = new CopyOnWriteArrayList<>();
    private final Semaphore news = new Semaphore(0);
    private final Thread attending;
    private Optional<KeeperAddress> known = Optional.empty();
    private boolean looked;

    /**
     * A keeper's place, with a keeper in it or not.
     *
     * @param directory of its files; to be there for the next agent
     * @param command that runs {@link KeeperProcess} until that ends
     * @param connections of each node's agent
     * @param cgroup for its process, made when one starts and removed when it has gone: a service manager, which ends all that
     *     it finds in the agent's, does not find it there
     */
    public KeeperDaemon(
            Path directory,
            List<String> command,
            KeeperSpec spec,
            Function<NodeName, Connections> connections,
            Optional<Path> cgroup) {
        this.connections = connections;
        place = new KeeperPlace(directory, command, spec, cgroup);
        this.spec = spec;
        attending = Thread.ofVirtual().name("keeper-attendance").unstarted(this::attendAll);
    }

    /** From now on the keeper hears that there is an agent; one that has died is noticed. */
    public void attend() {
        attending.start();
    }

    @Override
    public void take(Charge charge) {
        charges.add(charge);
    }

    @Override
    public String address(NodeName node) throws IOException, InterruptedException {
        return addressOf(ready(), node);
    }

    @Override
    public Optional<String> running(NodeName node) throws IOException, InterruptedException {
        Optional<KeeperAddress> keeper = look();
        return keeper.isPresent() ? Optional.of(addressOf(keeper.get(), node)) : Optional.empty();
    }

    private static String addressOf(KeeperAddress keeper, NodeName node) throws IOException {
        return keeper.of(node)
                .orElseThrow(() -> new IOException("the keeper of jobs that runs, process " + keeper.pid()
                        + ", does not keep those of node " + node));
    }

    private synchronized KeeperAddress ready() throws IOException, InterruptedException {
        Optional<KeeperAddress> runs = look();
        if (runs.isPresent() && !runs.get().spec().equals(spec) && ended(runs.get())) {
            log.atInfo().addKeyValue("spec", runs.get().spec()).log("the keeper of another agent has ended");
            runs = Optional.empty();
        }
        if (runs.isPresent()) {
            return runs.get();
        }
        charges.forEach(Charge::sweep);
        return meet(place.start(this::mayHaveJobs));
    }

    private boolean mayHaveJobs() {
        return charges.stream().anyMatch(Charge::mayHaveJobs);
    }

    /** The keeper that runs. If one has gone since the last look, what it left is ended. */
    private synchronized Optional<KeeperAddress> look() throws IOException, InterruptedException {
        Optional<KeeperAddress> runs = place.living();
        if (runs.isPresent()) {
            return Optional.of(meet(runs.get()));
        }
        if (!looked) {
            // An earlier agent's keeper may have ended by itself.
            place.removeCgroup();
        }
        looked = true;
        if (known.isPresent()) {
            log.atError().addKeyValue("pid", known.get().pid()).log("the keeper of jobs is gone; its jobs end");
            known = Optional.empty();
            place.removeCgroup();
            sweep();
        }
        return runs;
    }

    /** Nothing of jobs stays that the keeper which is gone has kept, nor what it knew of those of a cluster that was left. */
    private void sweep() throws IOException {
        charges.forEach(Charge::sweep);
        if (!mayHaveJobs()) {
            for (KeeperSpec.Node node : spec.nodes()) {
                place.forget(node.node());
            }
        }
    }

    /** Another may have been started since one has ended. */
    private synchronized void sweepUnlessKept() throws IOException {
        if (place.living().isEmpty()) {
            sweep();
        }
    }

    private KeeperAddress meet(KeeperAddress keeper) {
        if (!known.equals(Optional.of(keeper))) {
            known = Optional.of(keeper);
            ProcessHandle.of(keeper.pid()).ifPresent(process -> {
                var _ = process.onExit().thenRun(news::release);
            });
        }
        return keeper;
    }

    private synchronized boolean ended(KeeperAddress keeper) throws InterruptedException, IOException {
        try {
            if (!attend(keeper, true)) {
                return false;
            }
        } catch (RpcFailed e) {
            // It may have been told to end by someone else, or have ended so fast that its answer was cut off.
            if (e.kind() == RpcFailed.Kind.TIMED_OUT || !keeper.process().awaitEnd(ENDING)) {
                log.atWarn().setCause(e).log("the keeper of jobs does not say whether it is idle");
                return false;
            }
        }
        place.awaitEnd(keeper);
        known = Optional.empty();
        return true;
    }

    private boolean attend(KeeperAddress keeper, boolean endIfIdle) throws RpcFailed, InterruptedException {
        Map.Entry<String, String> any = keeper.addresses().entrySet().iterator().next();
        NodeName node = new NodeName(any.getKey());
        try (RpcChannel channel = connections.apply(node).to(Peer.keeper(node, any.getValue()))) {
            return channel.call(KeeperRpc.ATTEND, new KeeperRpc.Attend(endIfIdle), ANSWER)
                    .ends();
        }
    }

    @Override
    public void retire() throws IOException, InterruptedException {
        Optional<KeeperAddress> keeper = look();
        if (keeper.isPresent() && !ended(keeper.get())) {
            log.atInfo().addKeyValue("pid", keeper.get().pid()).log("the keeper of jobs has work, and goes on");
        }
    }

    @Override
    public synchronized void kill() throws IOException, InterruptedException {
        Optional<KeeperAddress> keeper = look();
        if (keeper.isPresent()) {
            log.atError().addKeyValue("pid", keeper.get().pid()).log("the keeper of jobs hangs and is killed");
            place.kill(keeper.get());
            known = Optional.empty();
        }
    }

    @Override
    public synchronized void forget(NodeName node) throws IOException, InterruptedException {
        if (look().isEmpty()) {
            place.forget(node);
        }
    }

    private void attendAll() {
        int missed = 0;
        boolean expecting = false;
        try {
            while (true) {
                boolean expected = expecting;
                expecting = mayHaveJobs();
                missed = attendOnce(expected && expecting, !expected && !expecting) ? 0 : missed + 1;
                if (missed == MISSED) {
                    missed = 0;
                    killAndSweep();
                }
                if (news.tryAcquire(BETWEEN_ATTENDANCES.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the agent ends");
        }
    }

    /**
     * Returns whether all is well with the keeper, if there is one.
     *
     * @param wanted whether there is to be one
     * @param unwanted whether one that has no jobs is to end
     */
    private boolean attendOnce(boolean wanted, boolean unwanted) throws InterruptedException {
        try {
            Optional<KeeperAddress> keeper = look();
            if (keeper.isPresent()) {
                // One that hangs is found out here, where nobody has to wait for it.
                attend(keeper.get(), false);
                if ((unwanted || !keeper.get().spec().equals(spec)) && ended(keeper.get())) {
                    log.atInfo()
                            .addKeyValue("pid", keeper.get().pid())
                            .log("a keeper of jobs that is not wanted has ended");
                    sweepUnlessKept();
                }
            } else if (wanted) {
                ready();
            }
            return true;
        } catch (IOException | RpcFailed | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the agent ends");
            }
            // Whatever it is: a keeper that hangs is noticed only if this goes on.
            log.atError().setCause(e).log("all is not well with the keeper of jobs");
            return false;
        }
    }

    private synchronized void killAndSweep() throws InterruptedException {
        try {
            kill();
            sweep();
        } catch (IOException e) {
            log.atError().setCause(e).log("the keeper of jobs can neither be reached nor killed");
        }
    }

    /** From now on the keeper hears nothing of this agent, as if that had been killed. */
    void forsake() {
        attending.interrupt();
    }

    /** The agent ends. The keeper goes on while it has jobs. */
    @Override
    public void close() {
        attending.interrupt();
        try {
            attending.join();
            retire();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("nobody knows whether jobs go on");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
