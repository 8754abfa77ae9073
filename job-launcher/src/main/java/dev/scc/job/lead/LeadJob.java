package dev.scc.job.lead;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import dev.scc.job.ExitCodes;
import dev.scc.job.JobEnd;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import dev.scc.job.JobTimes;
import dev.scc.job.MpiFamily;
import dev.scc.job.Receipt;
import dev.scc.job.Refusal;
import dev.scc.job.RunAs;
import dev.scc.job.Serving;
import dev.scc.job.Stage;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.node.Shielded;
import dev.scc.job.plan.Launch;
import dev.scc.job.plan.LaunchPlan;
import dev.scc.job.plan.LaunchSettings;
import dev.scc.job.plan.Launches;
import dev.scc.job.plan.NodeFacts;
import dev.scc.job.plan.Placement;
import dev.scc.job.rpc.KeeperRpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job, from its accepted plan to its receipt. */
final class LeadJob {
    private static final Logger log = LoggerFactory.getLogger(LeadJob.class);
    /** How long a launcher may take to end after one of its ranks has failed; then it is killed with all the rest. */
    private static final Duration LINGER = Duration.ofMillis(700);

    private final JobId id;
    private final KeeperRpc.Run request;
    private final RunAs as;
    private final LaunchPlan plan;
    private final LeadSettings settings;
    private final LaunchSettings launching;
    private final Serving serving;
    private final Requests<KeeperRpc.ToJob> said;
    private final Requests<KeeperRpc.ToJob> input;
    private final LedJob caller;
    private final PhaseClock clock = new PhaseClock();
    private final List<NodeSession> sessions = new ArrayList<>();
    private final Switchboard switchboard;
    private final JobFiles files;
    private final List<String> remarks = new ArrayList<>();

    LeadJob(
            JobId id,
            KeeperRpc.Run request,
            RunAs as,
            LaunchPlan plan,
            LeadSettings settings,
            LaunchSettings launching,
            Serving serving,
            Requests<KeeperRpc.ToJob> said,
            LedJob caller) {
        this.id = id;
        this.request = request;
        this.as = as;
        this.plan = plan;
        this.settings = settings;
        this.launching = launching;
        this.serving = serving;
        this.said = said;
        input = caller.input(said);
        this.caller = caller;
        Map<NodeName, Set<Integer>> ranks = new HashMap<>();
        plan.placements().forEach(placement -> ranks.put(placement.member().node(), Set.copyOf(placement.ranks())));
        switchboard = new Switchboard(
                caller,
                plan.family(),
                ranks,
                id.value(),
                launches(Map.of()).processMapping(),
                spec().directory(),
                spec().found().terminal());
        files = new JobFiles(switchboard);
    }

    private JobSpec spec() {
        return request.spec();
    }

    private Launches launches(Map<Member, NodeFacts> facts) {
        return new Launches(request.roster(), plan, spec(), launching, facts);
    }

    /**
     * Runs it. However it ends, nothing of it is left afterwards, or the outcome says what.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    JobOutcome run() throws InterruptedException {
        Optional<Refusal> refusal;
        Optional<JobEnd> end = Optional.empty();
        Closing closing = new Closing();
        try {
            refusal = openAll();
            clock.mark("open");
            caller.cancelBy(() -> caller.cancelled()
                    .ifPresent(why -> switchboard.occurrences().add(new Occurrence.Cancelled(why))));
            Optional<Stage> stage = spec().found().stage();
            if (refusal.isEmpty() && stage.isPresent() && !planOnly()) {
                // Whoever has it cancelled meanwhile gets that for an answer.
                refusal = files.bring(said, stage.get(), sessions)
                        .filter(_ -> caller.cancelled().isEmpty());
                clock.mark("stage");
            }
            if (refusal.isEmpty()) {
                Optional<String> cancelled = caller.cancelled();
                boolean starts = !planOnly() && cancelled.isEmpty();
                end = Optional.of(
                        starts ? startAndWait() : planOnly() ? told() : new JobEnd.Cancelled(cancelled.orElseThrow()));
                clock.mark("run");
                if (starts) {
                    collect();
                }
            }
        } finally {
            caller.move(new JobState.Ending());
            Shielded.run("job-end", () -> closing.endAll(sessions));
        }
        clock.mark("close");
        // Last: a client that does not listen keeps no node waiting.
        for (JobEvent.CollectedAll missing : files.missing()) {
            caller.send(missing);
        }
        Optional<JobEnd> how = end;
        return refusal.<JobOutcome>map(why -> new JobOutcome.Refused(why, closing.left()))
                .orElseGet(() -> ended(how.orElseThrow(), closing));
    }

    private boolean planOnly() {
        return spec().found().planOnly().orElse(false);
    }

    /** Says where its ranks would start. */
    private JobEnd told() throws InterruptedException {
        List<JobEvent.NodeRanks> nodes = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            Placement placement = plan.placements().get(i);
            nodes.add(new JobEvent.NodeRanks(
                    placement.member().node(),
                    placement.first(),
                    placement.count(),
                    sessions.get(i).cpus(),
                    placement.member().rdmaDevice(),
                    sessions.get(i).seats()));
        }
        caller.send(new JobEvent.Placed(id, plan.family(), plan.transport(), nodes));
        return new JobEnd.Done();
    }

    private JobEnd startAndWait() throws InterruptedException {
        caller.move(new JobState.Running());
        caller.send(new JobEvent.Started(
                id,
                plan.family(),
                plan.transport(),
                plan.ranks(),
                plan.placements().size()));
        Thread memberWatch = Thread.ofVirtual().name("job-members").start(this::watchMembers);
        Thread feeding = Thread.ofVirtual().name("job-input").unstarted(this::feed);
        try {
            return execute(feeding);
        } finally {
            memberWatch.interrupt();
            feeding.interrupt();
        }
    }

    /** Another node than the lead, which tells of the job when the lead cannot. */
    private Optional<Member> witness() {
        NodeName lead = request.roster().members().getFirst().node();
        return plan.placements().stream()
                .map(Placement::member)
                .filter(member -> !member.node().equals(lead))
                .findFirst();
    }

    private Optional<Refusal> openAll() throws InterruptedException {
        Optional<Member> witness = witness();
        for (Placement placement : plan.placements()) {
            Member member = placement.member();
            NodeOrder.Open order = new NodeOrder.Open(
                    id,
                    request.roster().cluster(),
                    request.roster().members().getFirst().node(),
                    member.node(),
                    member.rdmaDevice(),
                    member.rdmaAddress(),
                    request.roster().segment().link(member.rdmaNetdev()),
                    spec().directory(),
                    placement.count(),
                    as,
                    request.permit(),
                    Optional.of(plan.overVpc()),
                    planOnly() ? Optional.empty() : spec().found().stage(),
                    spec().found().mapping().map(mapping -> new NodeOrder.Cores(mapping, placement.first())),
                    witness.filter(member::equals).map(_ -> caller.record()),
                    planOnly() ? Optional.empty() : spec().found().checkpoints());
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
            return Optional.of(new Refusal.NoDirectory(spec().directory(), elsewhere));
        }
        return plan.overVpc() && sessions.size() > 1 ? VpcCheck.of(sessions, settings.lost()) : Optional.empty();
    }

    /**
     * Hands the client's standard input on, a piece at a time: the next is taken when the process has had the one before, so
     * that a client which is faster than its job waits.
     */
    private void feed() {
        try {
            if (files.resized().isPresent()) {
                switchboard.resize(files.resized().get());
            }
            for (Optional<KeeperRpc.ToJob> next = input.next(); next.isPresent(); next = input.next()) {
                switch (next.get()) {
                    case KeeperRpc.Input piece -> switchboard.feed(piece.bytes());
                    case KeeperRpc.Resize resize -> switchboard.resize(resize.size());
                    case KeeperRpc.Run _, KeeperRpc.Staged _, KeeperRpc.StagedAll _ ->
                        log.atWarn().addKeyValue("job", id).log("a client says what it should have said before");
                }
            }
            switchboard.endInput();
        } catch (RpcFailed e) {
            log.atWarn().addKeyValue("job", id).setCause(e).log("the rest of the standard input is lost");
        } catch (InterruptedException e) {
            log.atTrace().addKeyValue("job", id).log("nobody reads the input any more");
        }
    }

    private JobEnd execute(Thread feeding) throws InterruptedException {
        Map<Member, NodeFacts> facts = new LinkedHashMap<>();
        sessions.forEach(session -> facts.put(session.member(), session.facts()));
        Launches launches = launches(facts);
        sessions.forEach(session -> switchboard.connect(session, launches.environment(session.member())));
        Map<Integer, Launch> started = new HashMap<>();
        for (Launch launch : launches.all()) {
            started.put(switchboard.start(launch), launch);
        }
        feeding.start();
        caller.signalBy(switchboard::signal);
        JobTimes times = spec().times().orElseGet(JobTimes::none);
        Verdict verdict = new Verdict(spec().argv().getFirst(), plan.family(), started, times.grace() > 0);
        try (Deadlines deadlines = new Deadlines(times, switchboard)) {
            deadlines.start();
            await(verdict, deadlines);
        }
        JobEnd end = verdict.end();
        if (plan.family() == MpiFamily.MPICH && end instanceof JobEnd.Done && !verdict.anyArrived()) {
            remarks.add(
                    "no rank came to the PMI server, as those of an MPICH program do: each ran for itself; --mpi says"
                            + " what it is");
        }
        return end;
    }

    /** What nodes that still take part have of what the caller wants back. */
    private void collect() throws InterruptedException {
        if (spec().found().stage().map(Stage::collect).orElse(List.of()).isEmpty()) {
            return;
        }
        files.collect(sessions);
        for (JobEvent.CollectedAll missing : files.missing()) {
            remarks.add("node " + missing.node() + " has not sent all that was to be collected: "
                    + missing.failure().orElse(""));
        }
        clock.mark("collect");
    }

    /** Returns when the job is over. */
    private void await(Verdict verdict, Deadlines deadlines) throws InterruptedException {
        Verdict.Next next = Verdict.Next.GO_ON;
        while (next == Verdict.Next.GO_ON || next == Verdict.Next.GRACE) {
            if (next == Verdict.Next.GRACE) {
                deadlines.grace();
            }
            next = take(verdict, switchboard.occurrences().take());
        }
        long deadline = System.nanoTime() + LINGER.toNanos();
        while (next == Verdict.Next.LINGER) {
            Occurrence more = switchboard.occurrences().poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (more == null || take(verdict, more) == Verdict.Next.STOP) {
                break;
            }
        }
    }

    /**
     * A node that is taken out of the cluster ends its part by itself, unless its agent is lost: then its processes may well
     * go on, cut off from the others.
     */
    private void watchMembers() {
        List<NodeName> nodes = sessions.stream().map(NodeSession::node).toList();
        try {
            while (true) {
                Thread.sleep(settings.members());
                for (NodeName gone : gone(nodes)) {
                    switchboard
                            .occurrences()
                            .add(new Occurrence.NodeLeaves(
                                    gone, "node " + gone + " is no member of cluster " + cluster() + " any more"));
                }
            }
        } catch (InterruptedException e) {
            log.atTrace().addKeyValue("job", id).log("job over");
        }
    }

    private List<NodeName> gone(List<NodeName> nodes) throws InterruptedException {
        try {
            return serving.gone(cluster(), nodes);
        } catch (RpcFailed e) {
            // The agent is away, perhaps for an upgrade. It will tell.
            log.atDebug().addKeyValue("job", id).setCause(e).log("the agent does not say who belongs to the cluster");
            return List.of();
        }
    }

    private ClusterName cluster() {
        return request.roster().cluster();
    }

    private Verdict.Next take(Verdict verdict, Occurrence occurrence) {
        log.atDebug()
                .addKeyValue("job", id)
                .addKeyValue("occurrence", occurrence)
                .log("job hears");
        boolean unfinished = occurrence instanceof Occurrence.Exited exited
                && switchboard.role(exited.process()) instanceof Switchboard.Role.Planned planned
                && planned.launch().rank().map(switchboard::unfinished).orElse(false);
        return verdict.take(occurrence, unfinished);
    }

    private JobOutcome ended(JobEnd end, Closing closing) {
        List<Receipt.NodeUse> uses = sessions.stream().map(closing::use).toList();
        Proof proof = Proof.of(plan, uses);
        Receipt receipt = new Receipt(
                id,
                request.roster().cluster(),
                plan.family(),
                plan.ranks(),
                ExitCodes.of(end),
                proof.transport(),
                uses,
                clock.phases());
        List<String> notices = new ArrayList<>(remarks);
        if (end instanceof JobEnd.Done) {
            notices.addAll(proof.notices());
        }
        return new JobOutcome.Ended(end, notices, closing.left(), receipt);
    }

    /** What the nodes said when they ended their parts. */
    private static final class Closing {
        private final Map<NodeName, NodeEvent.Closed> ends = new ConcurrentHashMap<>();
        private final List<String> left = new ArrayList<>();

        void endAll(List<NodeSession> sessions) throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            for (NodeSession session : sessions) {
                threads.add(Thread.ofVirtual().name("job-node-end").start(() -> end(session)));
            }
            for (Thread thread : threads) {
                thread.join();
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
                Thread.currentThread().interrupt();
            }
        }

        private synchronized void leave(String what) {
            left.add(what);
        }

        synchronized List<String> left() {
            return List.copyOf(left);
        }

        Receipt.NodeUse use(NodeSession session) {
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
}
