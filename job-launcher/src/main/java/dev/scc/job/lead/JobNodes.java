package dev.scc.job.lead;

import dev.scc.cluster.Member;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.MpiFamily;
import dev.scc.job.Receipt;
import dev.scc.job.Refusal;
import dev.scc.job.RunAs;
import dev.scc.job.Tasks;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.plan.LaunchPlan;
import dev.scc.job.plan.Placement;
import dev.scc.job.rpc.KeeperRpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes of one job, from their opening to what they say at their end. For the job's thread. */
final class JobNodes {
    private final JobId id;
    private final KeeperRpc.Run request;
    private final RunAs as;
    private final LaunchPlan plan;
    private final LeadSettings settings;
    private final List<NodeSession> sessions = new ArrayList<>();
    private final Map<NodeName, NodeEvent.Closed> ends = new ConcurrentHashMap<>();
    private final List<String> left = new ArrayList<>();

    /** None of them is open yet. */
    JobNodes(JobId id, KeeperRpc.Run request, RunAs as, LaunchPlan plan, LeadSettings settings) {
        this.id = id;
        this.request = request;
        this.as = as;
        this.plan = plan;
        this.settings = settings;
    }

    /** Those that are open, or were to be, in the plan's order. */
    List<NodeSession> all() {
        return List.copyOf(sessions);
    }

    /**
     * Has all of them made ready for the job.
     *
     * @param planOnly whether no process is to start there
     * @param record of the job, for the one that tells of it when its lead cannot
     * @return why the job does not start, if it does not
     */
    Optional<Refusal> openAll(boolean planOnly, Switchboard switchboard, JobRecord record) throws InterruptedException {
        Optional<Member> witness = witness();
        for (Placement placement : plan.placements()) {
            Member member = placement.member();
            NodeOrder.Open order =
                    order(placement, planOnly, witness.filter(member::equals).map(_ -> record));
            sessions.add(NodeSession.begin(member, order, settings, switchboard));
        }
        for (NodeSession session : sessions) {
            Optional<String> failure = session.awaitOpen();
            if (failure.isPresent()) {
                return Optional.of(new Refusal.NodeUnable(session.node(), failure.get()));
            }
        }
        List<NodeName> elsewhere = sessions.stream()
                .filter(session -> !session.hasDirectory())
                .map(NodeSession::node)
                .toList();
        if (!elsewhere.isEmpty()) {
            return Optional.of(new Refusal.NoDirectory(request.spec().directory(), elsewhere));
        }
        return plan.overVpc() && sessions.size() > 1
                ? VpcCheck.of(sessions, settings.lost(), settings.tasks())
                : Optional.empty();
    }

    private NodeOrder.Open order(Placement placement, boolean planOnly, Optional<JobRecord> witnessed) {
        Member member = placement.member();
        JobSpec spec = request.spec();
        return new NodeOrder.Open(
                id,
                request.roster().cluster(),
                request.roster().members().getFirst().node(),
                member.node(),
                member.rdmaDevice(),
                member.rdmaAddress(),
                request.roster().segment().link(member.rdmaNetdev()),
                spec.directory(),
                placement.count(),
                as,
                request.permit(),
                Optional.of(plan.overVpc()),
                planOnly ? Optional.empty() : spec.found().stage(),
                spec.found().mapping().map(mapping -> new NodeOrder.Cores(mapping, placement.first())),
                witnessed,
                planOnly ? Optional.empty() : spec.found().checkpoints(),
                Optional.of(plan.family() == MpiFamily.OPENMPI && spec.mpi() != MpiChoice.OPENMPI_MPIRUN));
    }

    /** Another node than the lead, which tells of the job when the lead cannot. */
    private Optional<Member> witness() {
        NodeName lead = request.roster().members().getFirst().node();
        return plan.placements().stream()
                .map(Placement::member)
                .filter(member -> !member.node().equals(lead))
                .findFirst();
    }

    /** Ends their parts, at the same time. Nothing of the job is on them afterwards but what {@link #left} says. */
    void endAll() throws InterruptedException {
        List<Tasks.Task> ending = new ArrayList<>();
        for (NodeSession session : sessions) {
            ending.add(settings.tasks().start("job-node-end", () -> end(session)));
        }
        for (Tasks.Task one : ending) {
            one.join();
        }
    }

    private void end(NodeSession session) {
        try (session) {
            session.end()
                    .ifPresentOrElse(
                            closed -> {
                                ends.put(session.node(), closed);
                                closed.left().forEach(what -> leave(session.node() + ": " + what));
                            },
                            () -> leave(session.node() + ": not known to be clean: " + session.failure()));
        } catch (InterruptedException e) {
            settings.tasks().current().interrupt();
        }
    }

    private void leave(String what) {
        synchronized (left) {
            left.add(what);
        }
    }

    /** What is not known to have gone, each with its node. */
    List<String> left() {
        synchronized (left) {
            return List.copyOf(left);
        }
    }

    /** What their RDMA devices have done while the job ran. */
    List<Receipt.NodeUse> uses() {
        return sessions.stream().map(this::use).toList();
    }

    private Receipt.NodeUse use(NodeSession session) {
        Optional<NodeEvent.Packets> before = session.packetsBefore();
        Optional<NodeEvent.Packets> after =
                Optional.ofNullable(ends.get(session.node())).flatMap(NodeEvent.Closed::after);
        String device = session.member().rdmaDevice();
        if (before.isEmpty() || after.isEmpty()) {
            return new Receipt.NodeUse(session.node(), device, 0, 0);
        }
        return new Receipt.NodeUse(
                session.node(),
                device,
                after.get().sent() - before.get().sent(),
                after.get().received() - before.get().received());
    }
}
