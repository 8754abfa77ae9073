package dev.scc.job.keeper;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.trust.Permit;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import dev.scc.job.Entitlement;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobLimits;
import dev.scc.job.Room;
import dev.scc.job.RunAs;
import dev.scc.job.Serving;
import dev.scc.job.Tasks;
import dev.scc.job.history.JobHistory;
import dev.scc.job.lead.LeadJobs;
import dev.scc.job.lead.LeadSettings;
import dev.scc.job.node.NodeJobs;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.node.NodeSettings;
import dev.scc.job.node.Parts;
import dev.scc.job.node.Strays;
import dev.scc.job.node.Stubborn;
import dev.scc.job.node.Traces;
import dev.scc.job.node.Witnesses;
import dev.scc.job.rpc.KeeperRpc;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Keeps the jobs of one node: those that it leads and its parts of all others. */
public final class Keeper {

    /** Answers the agent that says that it is there. */
    @FunctionalInterface
    public interface Attendance {
        KeeperRpc.Attended attend(KeeperRpc.Attend attend);
    }

    /**
     * What there is room for in one process, whose memory is what counts.
     *
     * @param parts for ranks that run on its nodes
     * @param led for ranks of jobs that its nodes lead
     */
    record Rooms(Room parts, Room led) {
        static Rooms inOneProcess() {
            return new Rooms(new Room(JobLimits.RANKS_OF_A_NODE), new Room(JobLimits.RANKS));
        }
    }

    /** How long those who run the jobs may take to hear why these ended. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final NodeName self;
    private final NodeJobs node;
    private final LeadJobs lead;
    private final Entitlement entitlement;
    private final JobHistory history;
    private final JobDesk desk;
    private final Gate gate;
    private final Attendance attendance;

    Keeper(
            NodeName self,
            NodeSettings node,
            LeadSettings lead,
            Entitlement entitlement,
            Rooms rooms,
            Serving serving,
            Strays strays,
            JobHistory history,
            Gate gate,
            Attendance attendance) {
        this(
                self,
                new NodeJobs(self, node, rooms.parts(), serving, strays),
                new LeadJobs(
                        self, lead, node, rooms.led(), serving, history, InstantSource.system(), new SecureRandom()),
                entitlement,
                serving,
                history,
                InstantSource.system(),
                lead.tasks(),
                gate,
                attendance);
    }

    private Keeper(
            NodeName self,
            NodeJobs node,
            LeadJobs lead,
            Entitlement entitlement,
            Serving serving,
            JobHistory history,
            InstantSource clock,
            Tasks tasks,
            Gate gate,
            Attendance attendance) {
        this.self = self;
        this.node = node;
        this.node.witnessedBy(new Witnesses(history, clock));
        this.entitlement = entitlement;
        this.history = history;
        this.lead = lead;
        this.desk = new JobDesk(self, this.lead, history);
        LedNews news = new LedNews(
                () -> {
                    history.catchUp();
                    return this.lead.living();
                },
                serving::tell,
                tasks);
        this.lead.onMove(news::signal);
        news.start();
        this.gate = gate;
        this.attendance = attendance;
    }

    /** One that stays until its process ends. */
    public static Keeper lasting(
            NodeName self, NodeSettings node, LeadSettings lead, Serving serving, JobHistory history) {
        return new Keeper(
                self,
                node,
                lead,
                new Entitlement(self, lead.connections(), InstantSource.system()),
                Rooms.inOneProcess(),
                serving,
                Strays.none(),
                history,
                new Gate(Tasks.ofThreads()),
                _ -> new KeeperRpc.Attended(false));
    }

    /**
     * One whose node is something else than this machine.
     *
     * @param settings of which no place is ever looked at, but for jobs of an MPI
     * @param traces what jobs have left on the node
     * @param parts what jobs have of the node
     * @param unwanted called when nothing comes in any more and there are no jobs: its process ends
     */
    public static Keeper elsewhere(
            NodeName self,
            NodeSettings settings,
            LeadSettings lead,
            Serving serving,
            Traces traces,
            Parts parts,
            JobHistory history,
            InstantSource clock,
            RandomGenerator random,
            Runnable unwanted) {
        Rooms rooms = Rooms.inOneProcess();
        Tasks tasks = lead.tasks();
        Gate gate = new Gate(tasks);
        return new Keeper(
                self,
                new NodeJobs(self, traces, parts, settings.silence(), rooms.parts(), serving, tasks),
                new LeadJobs(self, lead, settings, rooms.led(), serving, history, clock, random),
                new Entitlement(self, lead.connections(), clock),
                serving,
                history,
                clock,
                tasks,
                gate,
                attend -> {
                    boolean ends = attend.endIfIdle() && gate.closeIfEmpty(history::isWritten);
                    if (ends) {
                        unwanted.run();
                    }
                    return new KeeperRpc.Attended(ends);
                });
    }

    /** What it offers to jobs and to its agent. */
    public List<ServerServiceDefinition> services() {
        return List.of(service().definition());
    }

    /** The same, for those who bring calls by another way. */
    public RpcService service() {
        return new RpcService(KeeperRpc.SERVICE)
                .bidirectional(KeeperRpc.RUN, this::run)
                .unary(KeeperRpc.JOBS, desk::jobs)
                .unary(KeeperRpc.CANCEL, (caller, ask) -> desk.cancel(caller, ask.job()))
                .unary(KeeperRpc.SIGNAL, desk::signal)
                .streaming(KeeperRpc.FOLLOW, desk::follow)
                .bidirectional(
                        KeeperRpc.TAKE_PART,
                        (caller, orders, answers) -> gate.pass(
                                self, () -> node.serve(orders, answers, (open, serves) -> admit(caller, open, serves))))
                .unary(KeeperRpc.BEAT, (caller, beat) -> {
                    node.beat(beat.job(), lead -> entitlement.requireKeeper(caller, lead));
                    return beat;
                })
                .unary(KeeperRpc.END_ALL, (caller, order) -> {
                    entitlement.requireOwn(caller, Role.NODE);
                    Stubborn stubborn = endAll(order.why());
                    // The node leaves its cluster, and takes nothing of it along.
                    history.clear();
                    return stubborn;
                })
                .unary(KeeperRpc.LEFTOVERS, (caller, look) -> {
                    entitlement.requireOwn(caller, Role.NODE);
                    return leftovers(look.remove());
                })
                .unary(KeeperRpc.ATTEND, (caller, attend) -> {
                    entitlement.requireOwn(caller, Role.NODE);
                    return attendance.attend(attend);
                });
    }

    private void run(Caller caller, Requests<KeeperRpc.ToJob> requests, Answers<JobEvent> answers)
            throws RpcFailed, InterruptedException {
        if (!(requests.next().orElse(null) instanceof KeeperRpc.Run request)) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, "a client has to say what it wants to run first");
        }
        // What this node serves, not what the client believes: that may be a revision behind.
        Roster roster = node.requireServing(request.roster().cluster());
        Optional<Permit> permit = entitlement.ofCaller(caller, roster.cluster(), request.permit());
        RunAs as = entitlement.rights(permit, request.spec().asRoot());
        gate.enter(self);
        lead.run(
                new KeeperRpc.Run(roster, request.spec(), request.permit(), request.attachment()),
                as,
                caller.name(),
                requests,
                answers,
                () -> gate.leave(self));
    }

    /** The lead is a member now, by this node's roster, and a server says whose job it is and whose rights that has. */
    private void admit(Caller caller, NodeOrder.Open open, Roster serves) throws RpcFailed {
        entitlement.requireMember(caller, Optional.of(serves));
        entitlement.requireKeeper(caller, open.lead());
        entitlement.requireRights(caller, serves.cluster(), open.as(), open.permit());
        if (open.witnessed().isPresent()) {
            entitlement.requirePerson(
                    caller, serves.cluster(), open.witnessed().get().owner(), open.permit());
        }
    }

    private KeeperRpc.Looked leftovers(boolean remove) throws RpcFailed, InterruptedException {
        try {
            return new KeeperRpc.Looked(node.leftovers(remove));
        } catch (IOException e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "cannot look for what jobs have left: " + e.getMessage());
        }
    }

    /** Whether the next keeper would know all that this one does of jobs that are over. */
    boolean isWritten() {
        return history.isWritten();
    }

    /** The jobs that have processes on this node, or may start some. */
    public List<JobId> running() {
        return node.running();
    }

    /**
     * Ends all jobs that have a part on this node; their leads then end them elsewhere. Returns what did not end here within
     * some seconds.
     *
     * @param why as a sentence that names the node, for those who run the jobs
     */
    public Stubborn endAll(String why) throws InterruptedException {
        Stubborn stubborn = node.endAll(why);
        gate.awaitLeft(self, LAST_WORDS);
        return stubborn;
    }
}
