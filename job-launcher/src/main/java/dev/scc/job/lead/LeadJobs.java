package dev.scc.job.lead;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiFamily;
import dev.scc.job.Room;
import dev.scc.job.RunAs;
import dev.scc.job.Serving;
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
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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
    private final SecureRandom random = new SecureRandom();

    /**
     * No jobs yet.
     *
     * @param room for ranks of all jobs that are led here
     * @param serving what the lead's own node belongs to: whoever leaves that cluster leaves its jobs
     */
    public LeadJobs(NodeName self, LeadSettings settings, NodeSettings node, Room room, Serving serving) {
        this.self = self;
        this.settings = settings;
        this.node = node;
        this.room = room;
        this.serving = serving;
    }

    /**
     * Serves a client's call: plans the job and runs it to its end. When the client is gone, the job is ended.
     *
     * @param as whose rights its processes have
     */
    public void run(KeeperRpc.Run request, RunAs as, Requests<KeeperRpc.ToJob> input, Answers<JobEvent> caller)
            throws RpcFailed, InterruptedException {
        Roster roster = request.roster();
        NodeName lead = roster.members().getFirst().node();
        if (!lead.equals(self)) {
            throw new RpcFailed(
                    RpcFailed.Kind.REFUSED,
                    "this is node " + self + "; jobs of " + roster.cluster() + " are led by " + lead);
        }
        MpiFamily family = family(request.spec(), as);
        if (family != MpiFamily.NONE) {
            requireTools(as);
        }
        JobOutcome outcome = switch (LaunchPlanner.plan(roster, request.spec(), family)) {
            case Planned.Refused refused -> new JobOutcome.Refused(refused.why(), List.of());
            case Planned.Accepted accepted -> runIfRoom(request, as, accepted.plan(), input, caller);
        };
        caller.send(new JobEvent.Ended(outcome));
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

    private JobOutcome runIfRoom(
            KeeperRpc.Run request, RunAs as, LaunchPlan plan, Requests<KeeperRpc.ToJob> input, Answers<JobEvent> caller)
            throws RpcFailed, InterruptedException {
        if (!room.take(plan.ranks())) {
            throw new RpcFailed(
                    RpcFailed.Kind.BUSY,
                    "node " + self + " has room to lead " + room.free() + " more ranks, and the job has " + plan.ranks()
                            + "; try again when other jobs have ended");
        }
        try {
            return run(request, as, plan, input, caller);
        } finally {
            room.giveBack(plan.ranks());
        }
    }

    private JobOutcome run(
            KeeperRpc.Run request, RunAs as, LaunchPlan plan, Requests<KeeperRpc.ToJob> input, Answers<JobEvent> caller)
            throws InterruptedException {
        JobId id = newId(request.roster());
        LaunchSettings launching = new LaunchSettings(
                settings.vpcInterface(),
                mpirun(),
                node.tools().rsh(),
                node.tools().rank(),
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
        JobOutcome outcome = new LeadJob(id, request, as, plan, settings, launching, serving, input, caller).run();
        log.atInfo().addKeyValue("job", id).addKeyValue("outcome", outcome).log("job ended");
        return outcome;
    }

    private JobId newId(Roster roster) {
        byte[] part = new byte[4];
        random.nextBytes(part);
        return new JobId(roster.cluster() + "-" + HexFormat.of().formatHex(part));
    }

    private MpiFamily family(JobSpec spec, RunAs as) throws RpcFailed, InterruptedException {
        return switch (spec.mpi()) {
            case OPENMPI -> MpiFamily.OPENMPI;
            case MPICH -> MpiFamily.MPICH;
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
