package dev.scc.job.node;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.Room;
import dev.scc.job.Serving;
import dev.scc.job.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All jobs that have a part on this node. A part lives exactly as long as the call of the lead that opened it. */
public final class NodeJobs {
    private static final Logger log = LoggerFactory.getLogger(NodeJobs.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    static final Duration STRAYS_PATIENCE = Duration.ofSeconds(5);
    /** How often it is asked whether the lead is a member. */
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    /** A lead that does not even read is not waited for. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    private final NodeName self;
    private final Traces traces;
    private final Parts parts;
    private final Duration silence;
    private final Serving serving;
    private final Room room;
    private final Tasks tasks;
    private volatile Optional<Witnesses> witnesses = Optional.empty();
    private final Map<JobId, NodeJob> jobs = new ConcurrentHashMap<>();
    private final Map<JobId, Tasks.Task> handlers = new ConcurrentHashMap<>();

    /**
     * A node's jobs; none yet, see {@link JobLeftovers} for what an earlier keeper may have left.
     *
     * @param room for ranks of all jobs
     * @param serving the cluster that this node belongs to now
     * @param strays processes of jobs that have left their cgroups
     */
    public NodeJobs(NodeName self, NodeSettings settings, Room room, Serving serving, Strays strays) {
        this(
                self,
                new JobLeftovers(settings),
                new MachineParts(settings, strays, Processors.ofThisMachine()),
                settings.silence(),
                room,
                serving,
                Tasks.ofThreads());
    }

    /**
     * The same, of a node that may be something else than this machine.
     *
     * @param traces what jobs have left there
     * @param parts what jobs have of it
     * @param silence after which a lead that has not been heard of is given up
     */
    public NodeJobs(
            NodeName self, Traces traces, Parts parts, Duration silence, Room room, Serving serving, Tasks tasks) {
        this.self = self;
        this.traces = traces;
        this.parts = parts;
        this.silence = silence;
        this.room = room;
        this.serving = serving;
        this.tasks = tasks;
    }

    /**
     * The roster that this node serves, which is one of that cluster.
     *
     * @throws RpcFailed if it serves another or none, or its agent cannot be asked
     */
    public Roster requireServing(ClusterName cluster) throws RpcFailed, InterruptedException {
        Optional<Roster> now = serving.roster();
        return now.filter(roster -> roster.cluster().equals(cluster))
                .orElseThrow(() -> new RpcFailed(
                        RpcFailed.Kind.REFUSED,
                        "node " + self + " does not belong to cluster " + cluster + ", but to "
                                + now.map(roster -> roster.cluster().value()).orElse("none")));
    }

    /**
     * Cgroups, directories and sockets of jobs that have no part here any more. A job that is being opened or closed is one
     * that has.
     */
    public synchronized List<NodeLeftover> leftovers(boolean remove) throws IOException, InterruptedException {
        List<NodeLeftover> found =
                traces.look(job -> jobs.keySet().stream().map(JobId::value).anyMatch(job::equals), remove);
        List<NodeLeftover> all = new ArrayList<>(found);
        List<String> outside = parts.strays();
        List<String> stay = remove ? endStrays() : List.of();
        for (String process : outside) {
            NodeLeftover stray = NodeLeftover.of(process, "it has left the cgroup of its job");
            boolean stays = stay.stream().anyMatch(left -> left.startsWith(process));
            all.add(stays ? stray.withProblem("it does not end") : stray);
        }
        if (remove) {
            removeWhatHoldsJobs();
        }
        return List.copyOf(all);
    }

    /** The jobs that have a part here now. */
    public List<JobId> running() {
        return List.copyOf(jobs.keySet());
    }

    /** Objects to whoever wants to be taken for the lead of a job. */
    @FunctionalInterface
    public interface LeadCheck {
        void check(NodeName lead) throws RpcFailed;
    }

    /** Objects to what somebody wants to be done here. */
    @FunctionalInterface
    public interface Admission {
        /** @param serves the roster that this node serves now */
        void check(NodeOrder.Open open, Roster serves) throws RpcFailed;
    }

    /** The lead of the job is alive. */
    public void beat(JobId job, LeadCheck caller) throws RpcFailed {
        NodeJob part = jobs.get(job);
        if (part == null) {
            throw new RpcFailed(RpcFailed.Kind.REFUSED, "node " + self + " has no part in job " + job);
        }
        caller.check(part.lead());
        part.beat();
    }

    /**
     * Serves the lead's call: does as told until there are no more orders or the lead is gone; then nothing of the job
     * is left here.
     *
     * @param admission asked before anything is prepared
     */
    public void serve(Requests<NodeOrder> orders, Answers<NodeEvent> lead, Admission admission)
            throws RpcFailed, InterruptedException {
        NodeOrder first = orders.next().orElse(null);
        if (!(first instanceof NodeOrder.Open open)) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, "a job must be opened first");
        }
        if (!open.node().equals(self)) {
            throw new RpcFailed(RpcFailed.Kind.REFUSED, "this is node " + self + ", not " + open.node());
        }
        // Before there is room for it: whoever may not open a job would keep out those who may.
        Roster serves = requireServing(open.cluster());
        admission.check(open, serves);
        if (!room.take(open.ranks())) {
            throw new RpcFailed(
                    RpcFailed.Kind.BUSY,
                    "node " + self + " has room for " + room.free() + " more ranks, and the job wants " + open.ranks()
                            + " there; try again when other jobs have ended");
        }
        try {
            take(open, serves, orders, lead);
        } finally {
            room.giveBack(open.ranks());
        }
    }

    private void take(NodeOrder.Open open, Roster serves, Requests<NodeOrder> orders, Answers<NodeEvent> lead)
            throws RpcFailed, InterruptedException {
        NodeJob job = open(open, serves, lead);
        NodeEvent.Closed closed;
        try {
            // Once more, now that endAll knows the job: the node may have left its cluster since.
            requireServing(open.cluster());
            Tasks.Task watch = watch(job, tasks.current());
            Tasks.Task leadWatch = watchLead(open, job);
            try {
                job.part().makeCheckpoints();
                lead.send(job.part().opened());
                obeyAll(job, orders);
            } catch (InterruptedException e) {
                if (job.leaving().isEmpty()) {
                    job.leadLost("its connection to this node ended");
                    throw e;
                }
                tell(lead, new NodeEvent.Leaving(job.leaving().get()));
            } finally {
                leadWatch.interrupt();
                watch.interrupt();
            }
        } finally {
            handlers.remove(open.job());
            closed = close(open.job(), job);
            job.loss().ifPresent(loss -> witnesses.ifPresent(each -> each.take(loss)));
        }
        lead.send(closed);
    }

    /** The reason goes ahead of what follows from it: processes that are killed. */
    private void tell(Answers<NodeEvent> lead, NodeEvent event) throws InterruptedException {
        Tasks.Task telling = tasks.start("job-leaving", () -> {
            try {
                lead.send(event);
            } catch (InterruptedException e) {
                log.atDebug().log("the lead was gone before it heard why");
            }
        });
        if (!telling.join(TELLING)) {
            telling.interrupt();
        }
    }

    private static void obeyAll(NodeJob job, Requests<NodeOrder> orders) throws RpcFailed, InterruptedException {
        for (Optional<NodeOrder> order = orders.next(); order.isPresent(); order = orders.next()) {
            job.obey(order.get());
        }
    }

    private synchronized NodeJob open(NodeOrder.Open open, Roster serves, Answers<NodeEvent> lead)
            throws RpcFailed, InterruptedException {
        try {
            NodeJob job = new NodeJob(parts, open, serves, lead, tasks);
            handlers.put(open.job(), tasks.current());
            jobs.put(open.job(), job);
            log.atInfo().addKeyValue("job", open.job()).log("job opened");
            return job;
        } catch (Processors.NotEnough e) {
            removeWhatHoldsJobs();
            throw new RpcFailed(RpcFailed.Kind.BUSY, "node " + self + " " + e.getMessage());
        } catch (IOException e) {
            removeWhatHoldsJobs();
            throw new RpcFailed(
                    RpcFailed.Kind.FAILED,
                    "node " + self + " cannot prepare job " + open.job() + ": " + e.getMessage());
        }
    }

    /** From now on these hear of jobs whose lead is lost. */
    public void witnessedBy(Witnesses hearing) {
        witnesses = Optional.of(hearing);
    }

    /** A lead whose machine lost power says nothing, and TCP notices late. */
    private Tasks.Task watch(NodeJob job, Tasks.Task served) {
        return tasks.start("job-watch", () -> {
            try {
                while (!job.forgotten(silence)) {
                    tasks.sleep(BETWEEN_LOOKS);
                }
                log.atWarn().log("the lead has fallen silent; its job ends here");
                job.leadLost("it fell silent");
                served.interrupt();
            } catch (InterruptedException e) {
                log.atTrace().log("job over");
            }
        });
    }

    /**
     * A lead that was replaced because its agent is lost may live, and not know it: its own agent says nothing, or what was
     * true before.
     */
    private Tasks.Task watchLead(NodeOrder.Open open, NodeJob job) {
        return tasks.start("job-lead-watch", () -> {
            try {
                do {
                    tasks.sleep(BETWEEN_QUESTIONS);
                } while (!gone(open.cluster(), open.lead()));
                job.leadLost("it is no member of cluster " + open.cluster() + " any more");
                leave(
                        open.job(),
                        job,
                        "node " + open.lead() + ", which leads the job, is no member of cluster " + open.cluster()
                                + " any more");
            } catch (InterruptedException e) {
                log.atTrace().log("job over");
            }
        });
    }

    private boolean gone(ClusterName cluster, NodeName node) throws InterruptedException {
        try {
            return !serving.gone(cluster, List.of(node)).isEmpty();
        } catch (RpcFailed e) {
            // The agent is away, perhaps for an upgrade. It will tell.
            log.atDebug().setCause(e).log("the agent does not say who belongs to the cluster");
            return false;
        }
    }

    private NodeEvent.Closed close(JobId id, NodeJob job) {
        AtomicReference<NodeEvent.Closed> closed = new AtomicReference<>(new NodeEvent.Closed(
                Optional.empty(), List.of("clean-up of job " + id + " on " + self + " was cut short")));
        Shielded.run(tasks, "job-close", () -> closed.set(job.part().close()));
        forget(id);
        log.atInfo()
                .addKeyValue("job", id)
                .addKeyValue("left", closed.get().left())
                .log("job closed");
        return closed.get();
    }

    private synchronized void forget(JobId id) {
        jobs.remove(id);
        removeWhatHoldsJobs();
    }

    private void removeWhatHoldsJobs() {
        if (jobs.isEmpty()) {
            traces.removeHolders();
        }
    }

    /**
     * Ends all jobs that have a part here, also those that were being opened when this began, and what has left them. Returns
     * the jobs, and the processes, that would not end.
     *
     * @param why told to their leads
     */
    public Stubborn endAll(String why) throws InterruptedException {
        long deadline = tasks.nanos() + PATIENCE.toNanos();
        while (!jobs.isEmpty() && tasks.nanos() - deadline < 0) {
            jobs.forEach((id, job) -> leave(id, job, why));
            tasks.sleep(Duration.ofMillis(10));
        }
        return new Stubborn(running(), endStrays());
    }

    private List<String> endStrays() throws InterruptedException {
        try {
            return parts.endStrays(STRAYS_PATIENCE);
        } catch (IOException e) {
            return List.of("processes of jobs outside of their cgroups, if any: " + e.getMessage());
        }
    }

    private void leave(JobId id, NodeJob job, String why) {
        if (job.leave(why)) {
            // Not once its thread has gone on to something else.
            handlers.computeIfPresent(id, (_, task) -> {
                task.interrupt();
                return task;
            });
        }
    }
}
