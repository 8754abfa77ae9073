package dev.scc.job.lead;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.Requests;
import dev.scc.host.NodeName;
import dev.scc.job.ExitCodes;
import dev.scc.job.JobEnd;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import dev.scc.job.JobTimes;
import dev.scc.job.Launcher;
import dev.scc.job.MpiChoice;
import dev.scc.job.MpiFamily;
import dev.scc.job.Receipt;
import dev.scc.job.Refusal;
import dev.scc.job.RunAs;
import dev.scc.job.Serving;
import dev.scc.job.Stage;
import dev.scc.job.Tasks;
import dev.scc.job.node.Shielded;
import dev.scc.job.plan.Launch;
import dev.scc.job.plan.LaunchPlan;
import dev.scc.job.plan.LaunchSettings;
import dev.scc.job.plan.Launches;
import dev.scc.job.plan.NodeFacts;
import dev.scc.job.plan.Placement;
import dev.scc.job.pmix.PmixFrames;
import dev.scc.job.rpc.KeeperRpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final LaunchPlan plan;
    private final LeadSettings settings;
    private final LaunchSettings launching;
    private final Serving serving;
    private final Requests<KeeperRpc.ToJob> said;
    private final Requests<KeeperRpc.ToJob> input;
    private final LedJob caller;
    private final Tasks tasks;
    private final PhaseClock clock;
    private final JobNodes nodes;
    private final Switchboard switchboard;
    private final JobFiles files;
    private final List<String> remarks = new ArrayList<>();
    private Optional<Tasks.Task> feeding = Optional.empty();

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
        tasks = settings.tasks();
        clock = new PhaseClock(tasks);
        this.request = request;
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
                spec().found().terminal(),
                tasks);
        files = new JobFiles(switchboard);
        nodes = new JobNodes(id, request, as, plan, settings);
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
        try {
            refusal = nodes.openAll(planOnly(), switchboard, caller.record());
            clock.mark("open");
            refusal = refusal.or(this::withoutPmix);
            caller.cancelBy(() -> caller.cancelled()
                    .ifPresent(why -> switchboard.occurrences().add(new Occurrence.Cancelled(why))));
            Optional<Stage> stage = spec().found().stage();
            if (refusal.isEmpty() && stage.isPresent() && !planOnly()) {
                // Whoever has it cancelled meanwhile gets that for an answer.
                refusal = files.bring(said, stage.get(), nodes.all())
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
            Shielded.run(tasks, "job-end", nodes::endAll);
        }
        clock.mark("close");
        // Last: a client that does not listen keeps no node waiting.
        for (JobEvent.CollectedAll missing : files.missing()) {
            caller.send(missing);
        }
        Optional<JobEnd> how = end;
        return refusal.<JobOutcome>map(why -> new JobOutcome.Refused(why, nodes.left()))
                .orElseGet(() -> ended(how.orElseThrow()));
    }

    private boolean planOnly() {
        return spec().found().planOnly().orElse(false);
    }

    /** Says where its ranks would start. */
    private JobEnd told() throws InterruptedException {
        List<JobEvent.NodeRanks> placed = new ArrayList<>();
        for (int i = 0; i < plan.placements().size(); i++) {
            Placement placement = plan.placements().get(i);
            NodeSession session = nodes.all().get(i);
            placed.add(new JobEvent.NodeRanks(
                    placement.member().node(),
                    placement.first(),
                    placement.count(),
                    session.cpus(),
                    placement.member().rdmaDevice(),
                    session.seats()));
        }
        caller.send(new JobEvent.Placed(
                id, plan.family(), plan.transport(), placed, launches(facts()).launcher()));
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
        Tasks.Task memberWatch = new MembershipWatch(
                        serving,
                        request.roster().cluster(),
                        nodes.all().stream().map(NodeSession::node).toList(),
                        settings.members(),
                        tasks,
                        switchboard.occurrences())
                .start();
        ClientInput client = new ClientInput(id, input, switchboard, files.resized());
        try {
            return execute(client);
        } finally {
            memberWatch.interrupt();
            feeding.ifPresent(Tasks.Task::interrupt);
        }
    }

    private Map<Member, NodeFacts> facts() {
        Map<Member, NodeFacts> facts = new LinkedHashMap<>();
        nodes.all().forEach(session -> facts.put(session.member(), session.facts()));
        return facts;
    }

    /** Why it cannot start as its caller wants, if PMIx is what that wants. */
    private Optional<Refusal> withoutPmix() {
        return spec().mpi() != MpiChoice.OPENMPI_PMIX
                ? Optional.empty()
                : launches(facts())
                        .withoutPmix()
                        .map(node -> new Refusal.NodeUnable(
                                node,
                                "it cannot serve PMIx, which --mpi openmpi-pmix asks for: scc-pmix --check does not pass"
                                        + " there, as without libpmix.so.2 (Debian's libpmix2)"));
    }

    private JobEnd execute(ClientInput client) throws InterruptedException {
        Launches launches = launches(facts());
        nodes.all().forEach(session -> switchboard.connect(session, launches.environment(session.member())));
        if (launches.launcher().filter(Launcher.PMIX::equals).isEmpty()) {
            return execute(client, launches.all(Map.of()));
        }
        List<PmixFrames.Place> places = plan.placements().stream()
                .map(placement -> new PmixFrames.Place(placement.member().node().value(), placement.count()))
                .toList();
        PmixServers servers =
                new PmixServers(places, id.value(), launching.jobDirectory().toString(), switchboard.occurrences());
        try (PmixServers _ = switchboard.serve(servers, launching.pmix())) {
            Verdict before = new Verdict(spec().argv().getFirst(), plan.family(), Map.of(), false);
            Optional<Occurrence.Served> ready = awaitServers(before);
            clock.mark("serve");
            return ready.isEmpty()
                    ? before.end()
                    : execute(client, launches.all(ready.get().environments()));
        }
    }

    /** Empty if the job is over before its servers are ready, as {@code verdict} has it then. */
    private Optional<Occurrence.Served> awaitServers(Verdict verdict) throws InterruptedException {
        long deadline = tasks.nanos() + settings.opening().toNanos();
        while (true) {
            Occurrence next = switchboard.occurrences().poll(deadline - tasks.nanos(), TimeUnit.NANOSECONDS);
            if (next instanceof Occurrence.Served served) {
                return Optional.of(served);
            }
            Occurrence what = next != null
                    ? next
                    : new Occurrence.Excess("the job's PMIx servers were not ready within "
                            + settings.opening().toSeconds() + " s; --mpi openmpi-mpirun does without");
            if (take(verdict, what) == Verdict.Next.STOP) {
                return Optional.empty();
            }
        }
    }

    private JobEnd execute(ClientInput client, List<Launch> launches) throws InterruptedException {
        Map<Integer, Launch> started = new HashMap<>();
        for (Launch launch : launches) {
            started.put(switchboard.start(launch), launch);
        }
        feeding = Optional.of(tasks.start("job-input", client::pass));
        caller.signalBy(switchboard::signal);
        JobTimes times = spec().times().orElseGet(JobTimes::none);
        Verdict verdict = new Verdict(spec().argv().getFirst(), plan.family(), started, times.grace() > 0);
        try (Deadlines deadlines = new Deadlines(times, switchboard, tasks)) {
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
        files.collect(nodes.all());
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
        long deadline = tasks.nanos() + LINGER.toNanos();
        while (next == Verdict.Next.LINGER) {
            Occurrence more = switchboard.occurrences().poll(deadline - tasks.nanos(), TimeUnit.NANOSECONDS);
            if (more == null || take(verdict, more) == Verdict.Next.STOP) {
                break;
            }
        }
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

    private JobOutcome ended(JobEnd end) {
        List<Receipt.NodeUse> uses = nodes.uses();
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
        return new JobOutcome.Ended(end, notices, nodes.left(), receipt);
    }
}
