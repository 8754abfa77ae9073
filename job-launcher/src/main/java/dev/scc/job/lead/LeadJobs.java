package dev.scc.job.lead;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.Attachment;
import dev.scc.job.ExitCodes;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobRequest;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import dev.scc.job.MpiFamily;
import dev.scc.job.Room;
import dev.scc.job.RunAs;
import dev.scc.job.Serving;
import dev.scc.job.history.JobHistory;
import dev.scc.job.node.NodeSettings;
import dev.scc.job.node.UserFiles;
import dev.scc.job.plan.LaunchPlan;
import dev.scc.job.plan.LaunchPlanner;
import dev.scc.job.plan.LaunchSettings;
import dev.scc.job.plan.MpiDetector;
import dev.scc.job.plan.Planned;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs that this node leads. */
public final class LeadJobs {
    private static final Logger log = LoggerFactory.getLogger(LeadJobs.class);
    private static final List<String> MPIRUN = List.of("mpirun.openmpi", "mpirun");

    private final NodeName self;
    private final LeadSettings settings;
    private final NodeSettings node;
    private final Serving serving;
    private final Room room;
    private final JobHistory history;
    private final InstantSource clock;
    private final Map<JobId, LedJob> led = new ConcurrentHashMap<>();
    private final JobIds ids;
    private volatile Runnable moved = () -> {};

    /**
     * No jobs yet.
     *
     * @param room for ranks of all jobs that are led here
     * @param serving what the lead's own node belongs to: whoever leaves that cluster leaves its jobs
     * @param history of jobs that were led here
     * @param random for the ids of jobs
     */
    public LeadJobs(
            NodeName self,
            LeadSettings settings,
            NodeSettings node,
            Room room,
            Serving serving,
            JobHistory history,
            InstantSource clock,
            RandomGenerator random) {
        this.history = history;
        this.clock = clock;
        this.self = self;
        this.settings = settings;
        this.node = node;
        this.room = room;
        this.serving = serving;
        this.ids =
                new JobIds(random, id -> led.containsKey(id) || history.find(id).isPresent());
    }

    /** From now on this is called when a job moves. */
    public void onMove(Runnable signal) {
        moved = signal;
    }

    /** The jobs that are not over. */
    public List<LivingJob> living() {
        return led.values().stream().map(LedJob::living).toList();
    }

    /** One that is not over. */
    public Optional<LedJob> living(JobId job) {
        return Optional.ofNullable(led.get(job));
    }

    /**
     * Serves a client's call: plans the job and runs it, on a thread of its own, to its end. Returns when the client's part in
     * it is over, which may be sooner. Whoever asks again, under the same id, gets the same job.
     *
     * @param as whose rights its processes have
     * @param owner who asks for it
     * @param leave called when nothing of the job goes on here, at the latest when this fails
     */
    public void run(
            KeeperRpc.Run request,
            RunAs as,
            String owner,
            Requests<KeeperRpc.ToJob> input,
            Answers<JobEvent> caller,
            Runnable leave)
            throws RpcFailed, InterruptedException {
        Asked asked;
        try {
            requireLead(request.roster());
            asked = ask(request, owner, caller);
        } catch (RpcFailed | RuntimeException e) {
            leave.run();
            throw e;
        }
        switch (asked) {
            case Asked.First first -> runFirst(first.job(), request, as, input, leave);
            case Asked.Again again -> {
                try {
                    again(again, new AskedAgain(history, attachment(request) == Attachment.DETACHED, caller));
                } finally {
                    leave.run();
                }
            }
        }
    }

    private void runFirst(LedJob job, KeeperRpc.Run request, RunAs as, Requests<KeeperRpc.ToJob> input, Runnable leave)
            throws RpcFailed, InterruptedException {
        boolean goesOn = false;
        try {
            Planned planned = plan(request, as);
            switch (planned) {
                case Planned.Refused refused -> refuse(job, new JobOutcome.Refused(refused.why(), List.of()));
                case Planned.Accepted accepted -> {
                    takeRoom(accepted.plan());
                    job.planned(accepted.plan().ranks());
                    job.move(new JobState.Starting());
                    goesOn = true;
                    settings.tasks()
                            .start(
                                    "job-" + job.record().job(),
                                    () -> carryOut(job, request, as, accepted.plan(), input, leave));
                }
            }
        } catch (RpcFailed e) {
            job.move(new JobState.Refused(String.valueOf(e.getMessage()), 1));
            throw e;
        } finally {
            if (!goesOn) {
                over(job, leave);
            }
        }
        job.attend();
    }

    /** What a call asks for. */
    private sealed interface Asked {
        /** Something new. */
        record First(LedJob job) implements Asked {}

        /** What there is already. */
        record Again(JobRecord job, Optional<LedJob> living) implements Asked {}
    }

    private static Attachment attachment(KeeperRpc.Run request) {
        return request.attachment().orElse(Attachment.BOUND);
    }

    /** One at a time, so that of two calls under one id the second finds the job of the first. */
    private synchronized Asked ask(KeeperRpc.Run request, String owner, Answers<JobEvent> caller) throws RpcFailed {
        Optional<JobRequest> asked = JobRequest.of(request.spec(), attachment(request));
        Optional<JobRecord> known = asked.flatMap(
                        one -> history.find(owner, one.id(), request.spec().restarts() + 1))
                .filter(job -> !isRefusedRestart(job));
        if (known.isEmpty()) {
            return new Asked.First(begin(request, asked, owner, caller));
        }
        JobRecord job = known.get();
        if (!job.request().equals(asked)) {
            throw new RpcFailed(
                    RpcFailed.Kind.REFUSED,
                    "job " + job.job() + " has been started under request id "
                            + asked.orElseThrow().id() + " with another command or other options: " + job.command()
                            + "; ask for this one under another id");
        }
        Optional<LedJob> living = living(job.job());
        // In this order: one that has just ended was over before it was no longer among the living.
        return new Asked.Again(history.find(job.job()).orElse(job), living);
    }

    /** It started nothing, and is tried again, in another cluster than was refused, until its time is over. */
    private static boolean isRefusedRestart(JobRecord job) {
        return job.attempt() > 1 && job.state() instanceof JobState.Refused;
    }

    private static void again(Asked.Again asked, AskedAgain call) throws RpcFailed, InterruptedException {
        if (asked.living().isPresent()) {
            call.follow(asked.living().get());
        } else {
            call.tell(asked.job());
        }
    }

    private LedJob begin(KeeperRpc.Run request, Optional<JobRequest> asked, String owner, Answers<JobEvent> caller) {
        JobId id = ids.next(request.roster().cluster());
        try {
            LedJob job = new LedJob(
                    JobRecord.pending(
                            id, request.roster().cluster(), owner, self, request.spec(), asked, clock.instant()),
                    history,
                    caller,
                    attachment(request),
                    clock,
                    settings.tasks(),
                    moved);
            led.put(id, job);
            return job;
        } finally {
            ids.settle(id);
        }
    }

    private void refuse(LedJob job, JobOutcome.Refused outcome) throws InterruptedException {
        job.move(new JobState.Refused(outcome.refusal().why(), ExitCodes.of(outcome)));
        job.send(new JobEvent.Ended(outcome));
    }

    private void over(LedJob job, Runnable leave) {
        if (!job.record().state().over()) {
            job.move(new JobState.Lost("it was given up before it ran; the log of node " + self + " says why"));
        }
        led.remove(job.record().job());
        moved.run();
        job.close();
        leave.run();
    }

    private void requireLead(Roster roster) throws RpcFailed {
        NodeName lead = roster.members().getFirst().node();
        if (!lead.equals(self)) {
            throw new RpcFailed(
                    RpcFailed.Kind.REFUSED,
                    "this is node " + self + "; jobs of " + roster.cluster() + " are led by " + lead);
        }
    }

    private Planned plan(KeeperRpc.Run request, RunAs as) throws RpcFailed, InterruptedException {
        MpiFamily family = family(request.spec(), as);
        if (family != MpiFamily.NONE) {
            requireTools(as);
        }
        return LaunchPlanner.plan(request.roster(), request.spec(), family);
    }

    /** Parts of ours run among the ranks, with no more rights than these. */
    private void requireTools(RunAs as) throws RpcFailed {
        Path part = node.tools().rank();
        try (FileChannel _ = UserFiles.of(node, as).open(part)) {
            log.atTrace().addKeyValue("part", part).log("the job's user can read it");
        } catch (IOException e) {
            throw new RpcFailed(
                    RpcFailed.Kind.FAILED,
                    "jobs that run as " + as + " cannot use " + part + " (" + e.getMessage()
                            + "); install scc where everybody can read and execute it");
        }
    }

    private void takeRoom(LaunchPlan plan) throws RpcFailed {
        if (!room.take(plan.ranks())) {
            throw new RpcFailed(
                    RpcFailed.Kind.BUSY,
                    "node " + self + " has room to lead " + room.free() + " more ranks, and the job has " + plan.ranks()
                            + "; try again when other jobs have ended");
        }
    }

    private void carryOut(
            LedJob job,
            KeeperRpc.Run request,
            RunAs as,
            LaunchPlan plan,
            Requests<KeeperRpc.ToJob> input,
            Runnable leave) {
        try {
            JobOutcome outcome = run(job, request, as, plan, input);
            switch (outcome) {
                case JobOutcome.Refused refused -> refuse(job, refused);
                case JobOutcome.Ended ended -> {
                    job.move(new JobState.Ended(ended));
                    job.send(new JobEvent.Ended(ended));
                }
            }
        } catch (RuntimeException e) {
            log.atError().addKeyValue("job", job.record().job()).setCause(e).log("a defect in scc ended a job");
        } catch (InterruptedException e) {
            settings.tasks().current().interrupt(); // Nobody does that to this thread.
        } finally {
            room.giveBack(plan.ranks());
            over(job, leave);
        }
    }

    private JobOutcome run(
            LedJob job, KeeperRpc.Run request, RunAs as, LaunchPlan plan, Requests<KeeperRpc.ToJob> input)
            throws InterruptedException {
        JobId id = job.record().job();
        LaunchSettings launching = new LaunchSettings(
                settings.vpcInterface(),
                plan.family() == MpiFamily.OPENMPI ? mpirun() : MPIRUN.getFirst(),
                node.tools().rsh(),
                node.tools().rank(),
                node.tools().pmix(),
                node.tools().progress(),
                as instanceof RunAs.Root,
                node.directory().resolve(id.value()));
        log.atInfo()
                .addKeyValue("job", id)
                .addKeyValue("cluster", request.roster().cluster())
                .addKeyValue("as", as)
                .addKeyValue("ranks", plan.ranks())
                .addKeyValue("mpi", plan.family())
                .addKeyValue("transport", plan.transport())
                .log("job starts");
        JobOutcome outcome = new LeadJob(id, request, as, plan, settings, launching, serving, input, job).run();
        log.atInfo().addKeyValue("job", id).addKeyValue("outcome", outcome).log("job ended");
        return outcome;
    }

    private MpiFamily family(JobSpec spec, RunAs as) throws RpcFailed, InterruptedException {
        return switch (spec.mpi()) {
            case OPENMPI, OPENMPI_PMIX, OPENMPI_MPIRUN -> MpiFamily.OPENMPI;
            case MPICH -> MpiFamily.MPICH;
            case TORCH -> MpiFamily.TORCH;
            case NONE -> MpiFamily.NONE;
            case AUTO -> detected(spec, as);
        };
    }

    /** With the rights of the job alone: what its user cannot read is of no family that anybody could see. */
    private MpiFamily detected(JobSpec spec, RunAs as) throws RpcFailed, InterruptedException {
        String command = spec.argv().getFirst();
        String path = spec.environment().getOrDefault("PATH", NodeSettings.searchPath());
        Optional<String> libraries = Optional.ofNullable(spec.environment().get("LD_LIBRARY_PATH"));
        try {
            return MpiDetector.detect(command, spec.directory(), path, libraries, UserFiles.of(node, as));
        } catch (AccessDeniedException e) {
            return MpiFamily.NONE; // It shows when it is started, with the reason.
        } catch (IOException e) {
            throw new RpcFailed(
                    RpcFailed.Kind.FAILED,
                    "cannot read " + command + " to find out which MPI it uses: " + e.getMessage()
                            + "; say it with --mpi");
        }
    }

    private static String mpirun() {
        return MPIRUN.stream()
                .flatMap(name -> MpiDetector.find(name, Path.of("/"), NodeSettings.searchPath()).stream())
                .map(Path::toString)
                .findFirst()
                .orElse(MPIRUN.getFirst());
    }
}
