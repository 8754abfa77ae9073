package dev.scc.simulation;

import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.Location;
import dev.scc.job.ProcessEnd;
import dev.scc.job.history.HistoryLimits;
import dev.scc.job.history.JobHistory;
import dev.scc.job.keeper.AgentServing;
import dev.scc.job.keeper.Keeper;
import dev.scc.job.lead.LeadSettings;
import dev.scc.job.node.JobPolicy;
import dev.scc.job.node.JobTools;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.node.NodeSettings;
import dev.scc.job.node.Part;
import dev.scc.job.node.Parts;
import dev.scc.job.node.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The real keeper of a node's jobs; their processes, and the disk, are simulated. */
final class JobKeeperProcess extends JobProcess {
    /** Small, so that they are reached. */
    static final HistoryLimits LIMITS = new HistoryLimits(4, 1 << 20, Duration.ofSeconds(90), 1 << 10);

    private static final Path NOWHERE = Path.of("/nowhere");
    private static final JobTools TOOLS = new JobTools(NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE);
    private static final NodeSettings SETTINGS = new NodeSettings(
            NOWHERE,
            NOWHERE,
            NOWHERE,
            TOOLS,
            new Location.Machine(),
            Duration.ofSeconds(20),
            new JobPolicy(JobPolicy.USUAL_ACCOUNT, JobPolicy.USUAL_PROCESSES, 1L << 30));

    final String address;
    private final Keeper keeper;

    JobKeeperProcess(JobScene scene, JobHost host) {
        super(scene, host, "keeper-" + host.name, new Principal(Role.KEEPER, host.name));
        address = host.name + ":" + (8000 + scene.nextNumber());
        JobHistory history = JobHistory.open(new JobDisk(scene, this), LIMITS, clock());
        keeper = Keeper.elsewhere(
                host.node(),
                SETTINGS,
                LeadSettings.usual(connections, tasks),
                new AgentServing(host.node(), host.agentAddress(), connections),
                new NoTraces(),
                new SimParts(),
                history,
                clock(),
                () -> sim.chance.oneIn(4)
                        ? scene.hosts.indexOf(host) * 6L + sim.chance.below(6)
                        : sim.chance.between(0, Long.MAX_VALUE),
                () -> sim.timeline.after(
                        sim.chance.between(Timeline.MILLI, 100 * Timeline.MILLI), () -> deliver(this::leave)));
        scene.net.listen(address, this);
        sim.trace.mark(name, "begins", address);
    }

    @Override
    Optional<RpcService> service() {
        return Optional.of(keeper.service());
    }

    @Override
    void kill() {
        if (alive()) {
            super.kill();
            scene.promises.keeperDied(host);
        }
    }

    /** It ends because nobody needs it, and has told whoever asked so, if that one still listens. */
    private void leave() {
        if (alive()) {
            exit();
        }
        if (host.keeper == this) {
            host.keeper = null;
        }
    }

    /** As by SIGKILL: its jobs' processes stay. */
    void end() {
        kill();
        host.hurt = sim.timeline.now();
        host.keeper = null;
        JobAgentProcess agent = host.agent;
        if (agent != null && agent.alive()) {
            sim.timeline.after(sim.latency(), () -> agent.deliver(agent::keeperEnded));
        }
    }

    private static final class NoTraces implements Traces {
        @Override
        public List<NodeLeftover> look(Predicate<String> running, boolean remove) {
            return List.of();
        }

        @Override
        public void removeHolders() {
            // There are none.
        }

        @Override
        public List<String> removeAll() {
            return List.of();
        }
    }

    private final class SimParts implements Parts {
        @Override
        public Part make(NodeOrder.Open open, Roster serves, Answers<NodeEvent> lead) {
            sim.trace.mark(name, "opens", open.job());
            return new SimPart(open, lead);
        }

        @Override
        public List<String> strays() {
            return List.of();
        }

        @Override
        public List<String> endStrays(Duration patience) {
            return List.of();
        }
    }

    /** The processes of one job on this node. Their program is {@code run MILLIS STATUS}. */
    private final class SimPart implements Part {
        private final NodeOrder.Open open;
        private final Answers<NodeEvent> lead;
        private final Set<Integer> told = new HashSet<>();
        private boolean closed;

        SimPart(NodeOrder.Open open, Answers<NodeEvent> lead) {
            this.open = open;
            this.lead = lead;
        }

        @Override
        public void makeCheckpoints() {
            // It needs none.
        }

        @Override
        public NodeEvent.Opened opened() {
            return new NodeEvent.Opened(
                    8,
                    7000,
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty());
        }

        @Override
        public Optional<String> look() {
            return Optional.empty();
        }

        @Override
        public void obey(NodeOrder order) {
            if (!alive()) {
                return;
            }
            switch (order) {
                case NodeOrder.Start start -> start(start);
                case NodeOrder.Signal signal -> all().forEach(one -> afterwards(one, new ProcessEnd.Killed(15)));
                case NodeOrder.Kill kill ->
                    all().stream()
                            .filter(one -> one.process() == kill.process())
                            .forEach(one -> afterwards(one, new ProcessEnd.Killed(9)));
                default -> {}
            }
        }

        private List<JobHost.Running> all() {
            return host.processes.stream()
                    .filter(one -> one.job().equals(open.job().value()))
                    .toList();
        }

        private void start(NodeOrder.Start start) {
            if (closed) {
                throw new BrokenPromise("nothing is started for a job that is over", open.job() + " on " + host);
            }
            JobHost.Running process = new JobHost.Running(open.job().value(), start.process(), scene.nextNumber());
            host.processes.add(process);
            sim.trace.mark(name, "starts", process);
            scene.promises.started(host, open.job());
            long millis = Long.parseLong(start.argv().get(1));
            int status = start.rank().filter(rank -> rank == 0).isPresent()
                    ? Integer.parseInt(start.argv().get(2))
                    : 0;
            sim.timeline.after(millis * Timeline.MILLI + sim.latency(), () -> {
                if (host.processes.contains(process)) {
                    scene.promises.exited(open.job(), status);
                    deliver(() -> ends(process, new ProcessEnd.Exited(status)));
                    host.processes.remove(process);
                }
            });
        }

        private void afterwards(JobHost.Running process, ProcessEnd how) {
            sim.timeline.after(sim.chance.between(Timeline.MILLI, 2 * Timeline.SECOND), () -> {
                if (host.processes.remove(process)) {
                    deliver(() -> ends(process, how));
                }
            });
        }

        private void ends(JobHost.Running process, ProcessEnd how) {
            if (told.add(process.process())) {
                tasks.start("report", () -> {
                    try {
                        lead.send(new NodeEvent.Exited(process.process(), how));
                    } catch (InterruptedException e) {
                        sim.trace.mark(name, "has nobody to tell", process);
                    }
                });
            }
        }

        @Override
        public NodeEvent.Closed close() throws InterruptedException {
            closed = true;
            tasks.sleep(Duration.ofNanos(
                    sim.chance.oneIn(10)
                            ? sim.chance.between(Timeline.SECOND, 4 * Timeline.SECOND)
                            : sim.chance.between(Timeline.MILLI, 50 * Timeline.MILLI)));
            if (alive()) {
                host.processes.removeAll(new ArrayList<>(all()));
                sim.trace.mark(name, "closes", open.job());
            }
            return new NodeEvent.Closed(Optional.empty(), List.of());
        }
    }
}
