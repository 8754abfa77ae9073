package dev.scc.simulation;

import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.ForwardingTree;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import dev.scc.job.agent.JobAgent;
import dev.scc.job.keeper.KeeperHost;
import dev.scc.job.node.Traces;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The real agent's part in jobs, with a session of its own, and a keeper that it starts, finds and misses. */
final class JobAgentProcess extends JobProcess {
    private static final Duration BETWEEN_ATTENDANCES = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final JobAgent agent;
    private final Keepers keepers = new Keepers();
    private final dev.scc.job.Tasks.Lock starting = tasks.lock();
    /** The keeper that it knows of. */
    private @Nullable JobKeeperProcess known;

    JobAgentProcess(JobScene scene, JobHost host) {
        super(scene, host, "agent-" + host.name, new Principal(Role.NODE, host.name));
        agent = new JobAgent(
                host.node(),
                new Leftovers(),
                keepers,
                connections,
                () -> host.leaves ? Optional.empty() : host.serves,
                tasks);
        keepers.take(agent);
        scene.net.listen(host.agentAddress(), this);
        wire.connect(sim.chance.between(Timeline.MILLI, 20 * Timeline.MILLI));
        tasks.start("agent", this::live);
    }

    private void live() {
        agent.sweepUnlessKept();
        agent.joined(new AskingTree(SimTree.ofNode(this, host.node())));
        if (host.leaves) {
            leave();
        }
        boolean expecting = false;
        while (true) {
            boolean expected = expecting;
            expecting = agent.mayHaveJobs();
            attend(expected && expecting, !expected && !expecting);
        }
    }

    /** As the real one does. */
    private void attend(boolean wanted, boolean unwanted) {
        try {
            if (keepers.look().isEmpty() && wanted) {
                keepers.address(host.node());
            } else if (unwanted) {
                keepers.retire();
                if (host.keeper == null) {
                    keepers.charge().sweep();
                }
            }
        } catch (IOException e) {
            sim.trace.mark(name, "is not well with its keeper", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new BrokenPromise("an agent goes on", name + ": " + e, e);
        }
        try {
            tasks.sleep(BETWEEN_ATTENDANCES);
        } catch (InterruptedException e) {
            throw new BrokenPromise("an agent goes on", name + ": " + e, e);
        }
    }

    @Override
    Optional<RpcService> service() {
        return Optional.of(agent.service());
    }

    /** The keeper has ended, and this agent hears of that. */
    void keeperEnded() {
        tasks.start("missed", () -> {
            try {
                keepers.look();
            } catch (IOException | InterruptedException e) {
                throw new BrokenPromise("an agent goes on", name + ": " + e, e);
            }
        });
    }

    /** The node has another roster, or none. */
    void assigned(Optional<Roster> roster) {
        boolean stays = roster.isPresent()
                && host.serves
                        .filter(now -> now.cluster().equals(roster.get().cluster()))
                        .isPresent();
        if (host.serves.isEmpty() || stays) {
            host.forgot = false;
            host.serves = roster;
            return;
        }
        host.leaves = true;
        host.hurt = sim.timeline.now();
        tasks.start("leave", this::leave);
    }

    private void leave() {
        Roster left = host.serves.orElseThrow();
        try {
            for (int tries = 0; ; tries++) {
                try {
                    for (LeaveHook hook : agent.leaveHooks()) {
                        hook.leave(left.cluster());
                    }
                    break;
                } catch (LeaveHook.CannotLeave e) {
                    sim.trace.mark(name, "cannot leave", String.valueOf(e.getMessage()));
                    if (tries > 20) {
                        throw new BrokenPromise("a node leaves", name + " does not: " + e.getMessage(), e);
                    }
                    tasks.sleep(Duration.ofSeconds(2));
                }
            }
        } catch (InterruptedException e) {
            throw new BrokenPromise("a node leaves", name + " was interrupted", e);
        }
        scene.promises.left(host);
        host.serves = Optional.empty();
        host.leaves = false;
    }

    /** The keeper as it sees it. */
    private final class Keepers implements KeeperHost {
        private @Nullable Charge charge;

        @Override
        public void take(Charge of) {
            charge = of;
        }

        private void sweep() {
            charge().sweep();
            if (alive() && !charge().mayHaveJobs()) {
                host.disk.clear();
            }
        }

        private Charge charge() {
            return Objects.requireNonNull(charge);
        }

        private Optional<JobKeeperProcess> look() throws IOException, InterruptedException {
            starting.take();
            try {
                JobKeeperProcess runs = host.keeper;
                if (runs != null && runs.alive()) {
                    known = runs;
                    return Optional.of(runs);
                }
                if (known != null) {
                    known = null;
                    sweep();
                }
                return Optional.empty();
            } finally {
                starting.giveBack();
            }
        }

        @Override
        public String address(NodeName node) throws IOException, InterruptedException {
            Optional<JobKeeperProcess> runs = keepers.look();
            if (runs.isPresent()) {
                return runs.get().address;
            }
            starting.take();
            try {
                JobKeeperProcess other = host.keeper;
                if (other != null && other.alive()) {
                    return other.address;
                }
                charge().sweep();
                tasks.sleep(Duration.ofNanos(sim.chance.between(300 * Timeline.MILLI, 2 * Timeline.SECOND)));
                if (!charge().mayHaveJobs()) {
                    throw new IOException(
                            "the node has left its cluster while the process that keeps jobs was started");
                }
                JobKeeperProcess started = new JobKeeperProcess(scene, host);
                host.keeper = started;
                known = started;
                return started.address;
            } finally {
                starting.giveBack();
            }
        }

        @Override
        public Optional<String> running(NodeName node) throws IOException, InterruptedException {
            return look().map(keeper -> keeper.address);
        }

        @Override
        public void retire() throws IOException, InterruptedException {
            JobKeeperProcess keeper = host.keeper;
            if (keeper != null && keeper.alive()) {
                try (RpcChannel channel = connections.to(Peer.keeper(host.node(), keeper.address))) {
                    boolean ends = channel.call(KeeperRpc.ATTEND, new KeeperRpc.Attend(true), ANSWER)
                            .ends();
                    if (ends) {
                        while (keeper.alive()) {
                            tasks.sleep(Duration.ofMillis(10));
                        }
                        known = null;
                    }
                } catch (RpcFailed e) {
                    throw new IOException(e);
                }
            }
        }

        @Override
        public void forget(NodeName node) throws IOException, InterruptedException {
            if (look().isEmpty()) {
                host.disk.clear();
            }
        }

        @Override
        public void kill() {
            JobKeeperProcess keeper = host.keeper;
            if (keeper != null && keeper.alive()) {
                sim.tally.fault("keeper killed by its agent");
                keeper.end();
                known = null;
            }
        }
    }

    private final class Leftovers implements Traces {
        @Override
        public List<NodeLeftover> look(Predicate<String> running, boolean remove) {
            return List.of();
        }

        @Override
        public void removeHolders() {
            // There are none.
        }

        @Override
        public List<String> removeAll() throws InterruptedException {
            tasks.sleep(Duration.ofNanos(sim.chance.between(Timeline.MILLI, 200 * Timeline.MILLI)));
            if (alive()) {
                sim.trace.mark(name, "sweeps", host.processes.size());
                if (!host.processes.isEmpty()) {
                    sim.tally.ends.merge("jobs that nobody kept were ended", 1L, Long::sum);
                }
                host.processes.clear();
            }
            return List.of();
        }
    }

    /** The tree, asked by one at a time of those who do something here. */
    private final class AskingTree extends ForwardingTree {
        AskingTree(Tree tree) {
            super(tree);
        }

        @Override
        public Optional<Entry> get(String path) throws ConnectionLost, InterruptedException {
            asks();
            return super.get(path);
        }

        @Override
        public Map<String, Entry> get(Collection<String> paths) throws ConnectionLost, InterruptedException {
            asks();
            return super.get(paths);
        }

        @Override
        public void sync() throws ConnectionLost, InterruptedException {
            asks();
            super.sync();
        }

        @Override
        public List<String> children(String path) throws ConnectionLost, InterruptedException {
            asks();
            return super.children(path);
        }

        @Override
        public void commit(List<Op> ops) throws Conflict, ConnectionLost, InterruptedException {
            asks();
            super.commit(ops);
        }
    }
}
