package dev.scc.simulation;

import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Paths;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.job.Attachment;
import dev.scc.job.JobEnd;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobRequest;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import dev.scc.job.Refusal;
import dev.scc.simulation.zk.Change;
import dev.scc.simulation.zk.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold of jobs, whatever happens. Looks at disks, processes and the tree, and asks no job. Which records are kept is
 * a matter of {@link JobHistoryPromises}.
 */
final class JobPromises {
    /** What follows from a fault may take so long. */
    private static final long AFTERMATH = 60 * Timeline.SECOND;

    private static final long SHOWN_WITHIN = 12 * Timeline.SECOND;

    /** The states that may follow, as docs/architecture.md has them. */
    private static final Map<String, Set<String>> PHASES = Map.of(
            "Pending", Set.of("Starting", "Refused", "Lost"),
            "Starting", Set.of("Running", "Ending", "Refused", "Lost"),
            "Running", Set.of("Ending", "Lost"),
            "Ending", Set.of("Ended", "Refused", "Lost"),
            "Ended", Set.of(),
            "Refused", Set.of(),
            "Lost", Set.of());

    /** One job that has been seen. */
    static final class Job {
        final JobId id;
        final JobHost lead;
        JobRecord record;

        @Nullable
        JobKeeperProcess keeper;

        Optional<JobWish> wish = Optional.empty();
        final List<Integer> exits = new ArrayList<>();
        boolean cancelAsked;
        boolean cancelAnswered;
        /** What its lead could not write, and then lost. */
        boolean unwritten;

        boolean excused;
        Optional<JobEnd> told = Optional.empty();

        Job(JobHost lead, JobRecord record, @Nullable JobKeeperProcess keeper) {
            this.id = record.job();
            this.lead = lead;
            this.record = record;
            this.keeper = keeper;
        }
    }

    private final JobScene scene;
    private final Simulation sim;
    private final Map<JobId, Job> jobs = new LinkedHashMap<>();
    private final Map<JobProcess, JobWish> wishes = new HashMap<>();
    final JobHistoryPromises history;
    private boolean rest;
    private boolean broken;

    JobPromises(JobScene scene) {
        this.scene = scene;
        this.sim = scene.sim;
        this.history = new JobHistoryPromises(this, sim);
    }

    /** What goes on after the first that was broken, up to where it comes to light, tells of nothing new. */
    void require(boolean holds, String promise, Supplier<String> how) {
        if (!holds && !broken) {
            broken = true;
            throw new BrokenPromise(promise, how.get());
        }
    }

    private static boolean running(JobHost host, JobId job) {
        return host.processes.stream().anyMatch(one -> one.job().equals(job.value()));
    }

    private boolean runsAnywhere(JobId job) {
        return scene.hosts.stream().anyMatch(host -> running(host, job));
    }

    /** Whether something was done to a node since then, or shortly before, that jobs may suffer from. */
    private boolean hurtSince(long nanos) {
        return scene.hosts.stream().anyMatch(host -> host.hurt >= nanos - AFTERMATH);
    }

    long nanos(Instant when) {
        // Clocks are right here.
        return sim.timeline.now() - (now().toEpochMilli() - when.toEpochMilli()) * Timeline.MILLI;
    }

    Instant now() {
        return Instant.parse("2026-01-01T00:00:00Z").plusNanos(sim.timeline.now());
    }

    // What people do.

    void wishes(JobCaller caller, JobWish wish) {
        wishes.put(caller, wish);
    }

    /** Returns what it was to see to, if it was a job. */
    Optional<JobWish> callerDied(JobCaller caller) {
        Optional<JobWish> wish = Optional.ofNullable(wishes.get(caller));
        wish.ifPresent(one -> {
            one.killed = true;
            one.callerOver(sim.timeline.now());
        });
        return wish;
    }

    /** The command begins an attempt. */
    void attempts(JobWish wish, JobSpec spec) {
        wish.attempts++;
        require(
                wish.attempts <= wish.restarts + 1,
                "attempts are bounded",
                () -> "attempt " + wish.attempts + " with --restarts " + wish.restarts);
        require(
                spec.restarts() == wish.attempts - 1 && spec.earlier().equals(wish.jobs),
                "each attempt is in the history",
                () -> spec.restarts() + " after " + spec.earlier() + ", and it was " + wish.jobs);
        oneAtATime(wish, Optional.empty());
    }

    /** An attempt is over. A restart that a node could not take part in was none. */
    void attempted(JobWish wish, JobOutcome outcome) {
        if (wish.attempts > 1
                && outcome instanceof JobOutcome.Refused refused
                && refused.refusal() instanceof Refusal.NodeUnable) {
            wish.attempts--;
            sim.tally.ends.merge("restart could not begin", 1L, Long::sum);
        }
    }

    private void oneAtATime(JobWish wish, Optional<JobId> now) {
        for (JobId job : wish.jobs) {
            Job known = jobs.get(job);
            if (known == null || !known.wish.equals(Optional.of(wish))) {
                continue; // Forgotten by its lead since, so that another is called the same.
            }
            for (JobHost host : scene.hosts) {
                require(
                        now.equals(Optional.of(job))
                                || !scene.pool.has(host)
                                || host.stunnedUntil + AFTERMATH / 4 > sim.timeline.now()
                                || !running(host, job),
                        "no two attempts at once",
                        () -> job + " still runs on " + host);
            }
        }
    }

    /** The command has been told which job it is. */
    void isCalled(JobWish wish, JobId id) {
        wish.jobs.add(id);
        Job job = jobs.get(id);
        require(job != null, "a job is known before it starts", () -> id + " is not");
        if (job != null) {
            require(
                    job.wish.isEmpty() || job.wish.get() == wish,
                    "what is asked for is what runs",
                    () -> id + " is told to somebody who has asked for something else");
            job.wish = Optional.of(wish);
        }
        if (wish.attempts > 1) {
            sim.tally.ends.merge("job started again", 1L, Long::sum);
        }
    }

    void told(JobWish wish, JobOutcome outcome) {
        sim.tally.ends.merge(
                "job "
                        + (outcome instanceof JobOutcome.Ended ended
                                ? ended.end().getClass().getSimpleName()
                                : "Refused"),
                1L,
                Long::sum);
        if (outcome instanceof JobOutcome.Ended ended && !wish.jobs.isEmpty()) {
            Job job = jobs.get(ended.receipt().job());
            if (job != null) {
                JobEnd first = job.told.orElse(ended.end());
                require(
                        first.equals(ended.end()),
                        "what was told of a job stays so",
                        () -> job.id + " was told to be " + first + ", and now " + ended.end());
                job.told = Optional.of(ended.end());
            }
        }
    }

    private static boolean may(Principal who, JobRecord job) {
        return who.toString().equals(job.owner()) || who.role() == Role.ADMIN || who.role() == Role.OPERATOR;
    }

    void cancelAsked(Principal who, JobId id) {
        Optional.ofNullable(jobs.get(id)).ifPresent(job -> cancelAsked(who, job));
    }

    void cancelAsked(Principal who, Job job) {
        job.cancelAsked |= may(who, job.record);
    }

    void cancelled(Principal who, JobRecord answer) {
        require(may(who, answer), "entitled", () -> who + " has cancelled " + answer.job() + " of " + answer.owner());
        Job job = jobs.get(answer.job());
        if (job != null) {
            job.cancelAsked = true;
            job.cancelAnswered = true;
        }
        sim.tally.ends.merge("cancel answered " + answer.state().word(), 1L, Long::sum);
    }

    void notCancelled(Principal who, JobId id, NodeName lead, RpcFailed why) {
        Job job = jobs.get(id);
        if (job != null && why.kind() == RpcFailed.Kind.REFUSED && may(who, job.record)) {
            JobKeeperProcess keeper = job.lead.keeper;
            require(
                    keeper == null
                            || !keeper.alive()
                            || keeper != job.keeper
                            || job.lead.leaves
                            || job.lead.serves.isEmpty()
                            || job.record.state().over()
                            || !runsAnywhere(id),
                    "who may cancel can",
                    () -> who + " cannot cancel " + id + " at " + lead + ": " + why.getMessage());
        }
    }

    void listed(Principal who, NodeName lead, List<JobRecord> records) {
        for (JobRecord record : records) {
            require(may(who, record), "entitled", () -> who + " sees " + record.job() + " of " + record.owner());
        }
    }

    // What nodes do.

    void started(JobHost host, JobId id) {
        Job job = jobs.get(id);
        require(job != null, "a job is known before it starts", () -> id + " is not, on " + host);
        if (job != null) {
            boolean stunned = host.hurt >= sim.timeline.now() - AFTERMATH;
            require(stunned || !job.record.state().over(), "what is over stays so", () -> id + " starts on " + host);
            job.wish.ifPresent(wish -> oneAtATime(wish, Optional.of(id)));
        }
    }

    /** A rank has come to its end by itself. */
    void exited(JobId id, int status) {
        Job job = jobs.get(id);
        if (job != null) {
            job.exits.add(status);
        }
    }

    /** The keeper knows this, and its disk does not. */
    void unwritten(JobHost host, JobRecord record) {
        host.unwritten.put(record.job(), record);
        if (!record.lead().value().equals(host.name)) {
            return; // A witness, who says nothing of what the lead knows.
        }
        Job job = jobs.get(record.job());
        if (job == null || !job.record.moves().getFirst().equals(record.moves().getFirst())) {
            onePerRequest(host, record);
            job = new Job(host, record, host.keeper);
            jobs.put(record.job(), job);
        }
        job.unwritten = true;
        moves(job, record);
    }

    /** What a keeper could not write is gone with it. */
    void keeperDied(JobHost host) {
        host.unwritten.clear();
        jobs.values().stream().filter(job -> job.lead == host && job.unwritten).forEach(job -> job.excused = true);
    }

    void diskLost(JobHost host) {
        jobs.values().stream().filter(job -> job.lead == host).forEach(job -> job.excused = true);
    }

    void written(JobHost host, Optional<JobRecord> before, JobRecord now) {
        require(!rest, "rest costs nothing", () -> host + " writes " + now.job() + " at rest");
        sim.trace.mark("disk-" + host, "writes", now.job() + " " + now.state());
        host.unwritten.remove(now.job());
        before.ifPresent(was -> follows(was, now, "on " + host));
        for (int i = 1; i < now.moves().size(); i++) {
            String from = now.moves().get(i - 1).to().word();
            String to = now.moves().get(i).to().word();
            require(
                    PHASES.getOrDefault(from, Set.of()).contains(to),
                    "a job moves along its phases",
                    () -> now.job() + ": " + from + " -> " + to);
        }
        boolean own = now.lead().value().equals(host.name);
        if (!own) {
            sim.tally.ends.merge("job lost with its lead was told of", 1L, Long::sum);
        } else {
            Job job = jobs.get(now.job());
            if (before.isEmpty()
                    && (job == null
                            || !job.record.moves().getFirst().equals(now.moves().getFirst()))) {
                // Of one that was written and has no record any more the node may have forgotten all, with the cluster
                // that it left.
                require(
                        job == null || !job.unwritten || job.record.state().over() || job.excused || job.lead != host,
                        "ids are unique",
                        () -> now.job() + " is another's");
                onePerRequest(host, now);
                job = new Job(host, now, host.keeper);
                jobs.put(now.job(), job);
                history.young(host);
            }
            if (job != null) {
                job.unwritten = false;
                moves(job, now);
            }
            shownBeforeLong(host, now);
        }
        sim.timeline.after(Timeline.MILLI, () -> history.few(host));
    }

    /**
     * As long as its lead has the record of a job, who asks under the id of its request gets that one; but for a restart that was
     * refused, which has started nothing and is tried again.
     */
    private void onePerRequest(JobHost host, JobRecord now) {
        Optional<String> id = now.request().map(JobRequest::id);
        for (Job other : jobs.values()) {
            boolean same = id.isPresent()
                    && id.equals(other.record.request().map(JobRequest::id))
                    && other.record.owner().equals(now.owner())
                    && other.record.attempt() == now.attempt()
                    && !other.id.equals(now.job());
            require(
                    !same
                            || other.excused
                            || (other.record.attempt() > 1 && other.record.state() instanceof JobState.Refused)
                            || other.lead != host
                            || !(host.disk.containsKey(other.id.value()) || host.unwritten.containsKey(other.id)),
                    "one job per request",
                    () -> now.job() + " and " + other.id + " of request " + id.orElse(""));
        }
    }

    private void follows(JobRecord was, JobRecord now, String where) {
        require(
                now.moves().size() >= was.moves().size()
                        && now.moves().subList(0, was.moves().size()).equals(was.moves())
                        && now.owner().equals(was.owner())
                        && now.lead().equals(was.lead())
                        && now.attempt() == was.attempt(),
                "what is told of a job stays so",
                () -> was.job() + " " + where + " was " + was.moves() + " and is " + now.moves());
    }

    private void moves(Job job, JobRecord now) {
        JobRecord was = job.record;
        job.record = now;
        boolean ends = now.state().over() && (!was.state().over() || was.equals(now));
        if (ends) {
            sim.tally.phases.merge("job " + now.state().word(), 1L, Long::sum);
            ends(job, now);
        }
    }

    private void ends(Job job, JobRecord record) {
        long since = nanos(record.submitted());
        switch (record.state()) {
            case JobState.Ended ended -> {
                require(
                        !ended.outcome().left().isEmpty() || !runsAnywhere(job.id),
                        "an ended job has no process",
                        () -> job.id + " runs on "
                                + scene.hosts.stream()
                                        .filter(host -> running(host, job.id))
                                        .toList());
                truly(job, record, ended.outcome().end(), since);
            }
            case JobState.Refused refused -> {
                require(!refused.why().isBlank(), "what ends says why", () -> job.id + " was refused");
                boolean disturbed =
                        hurtSince(since) || scene.hosts.stream().anyMatch(host -> host.disturbed >= since - AFTERMATH);
                require(
                        disturbed || !scene.pool.settled(),
                        "what can run is run",
                        () -> job.id + " was refused, because " + refused.why());
            }
            case JobState.Lost lost -> {
                require(!lost.why().isBlank(), "what ends says why", () -> job.id + " was lost");
                require(
                        !lost.why().contains("the log of node"),
                        "no defect ends a job",
                        () -> job.id + ": " + lost.why());
                require(
                        hurtSince(since),
                        "what can be resumed goes on",
                        () -> job.id + " was lost, and nothing had happened to it: " + lost.why());
            }
            default -> throw new IllegalStateException(record.toString());
        }
    }

    /** The cause that is told has happened. */
    private void truly(Job job, JobRecord record, JobEnd end, long since) {
        boolean happened = switch (end) {
            case JobEnd.Done _ ->
                job.exits.size() == record.ranks() && job.exits.stream().allMatch(status -> status == 0);
            case JobEnd.Failed failed -> job.exits.contains(failed.status());
            case JobEnd.NodeLost _ -> hurtSince(since);
            case JobEnd.TimedOut _ -> true;
            case JobEnd.Cancelled cancelled ->
                cancelled.why().contains("its client is gone") ? clientGone(job) : job.cancelAsked;
        };
        require(happened, "the first cause is told", () -> job.id + " ended " + end + "; exits " + job.exits);
    }

    private static boolean clientGone(Job job) {
        return job.wish.isEmpty() || (job.wish.get().attachment == Attachment.BOUND);
    }

    /** The node has left its cluster. */
    void left(JobHost host) {
        host.left = sim.timeline.now();
        require(host.processes.isEmpty(), "a node that leaves runs no jobs", () -> host + " " + host.processes);
        require(host.disk.isEmpty(), "a node that leaves keeps no jobs", () -> host + " keeps " + host.disk.keySet());
    }

    // The tree.

    void committed(Transaction transaction) {
        require(!rest, "rest costs nothing", () -> "a transaction at rest: " + transaction);
        sim.tally.transactions++;
        for (Change change : transaction.changes()) {
            change.after()
                    .filter(_ -> change.path().startsWith(Paths.JOBS + "/"))
                    .ifPresent(entry -> check(change.path(), entry));
        }
    }

    private void check(String path, Entry entry) {
        JobEntry job = Json.read(entry.text(), JobEntry.class);
        require(path.equals(Paths.job(job.lead(), job.job())), "an entry is its job's", () -> path + " " + job);
        require(entry.owner() != 0, "an entry goes with its agent's session", () -> path);
    }

    private Map<String, JobEntry> shown() {
        Map<String, JobEntry> shown = new TreeMap<>();
        sim.zk.newest().forEach((path, entry) -> {
            if (path.startsWith(Paths.JOBS + "/")) {
                shown.put(path, Json.read(entry.text(), JobEntry.class));
            }
        });
        return shown;
    }

    private void shownBeforeLong(JobHost host, JobRecord record) {
        JobKeeperProcess keeper = host.keeper;
        sim.timeline.after(SHOWN_WITHIN, () -> {
            JobAgentProcess agent = host.agent;
            Job job = jobs.get(record.job());
            long quiet = sim.timeline.now() - SHOWN_WITHIN - 8 * Timeline.SECOND;
            if (job != null
                    && job.record.equals(record)
                    && !job.unwritten
                    && keeper == host.keeper
                    && keeper != null
                    && keeper.runs()
                    && !host.cut
                    && agent != null
                    && agent.runs()
                    && agent.begun < quiet
                    && host.hurt < quiet
                    && host.disturbed < quiet) {
                isShown(host, record);
            }
        });
    }

    private void isShown(JobHost host, JobRecord record) {
        JobEntry entry = shown().get(Paths.job(host.node(), record.job().value()));
        boolean right = record.state().over()
                ? entry == null
                : entry != null && entry.state().equals(record.state().word());
        require(
                right,
                "the tree says what the lead says",
                () -> record.job() + " is " + record.state().word() + ", and the tree says " + entry);
    }

    // When it is over.

    /** Those whose callers know them. */
    List<Job> called() {
        return jobs.values().stream().filter(job -> job.wish.isPresent()).toList();
    }

    /** Those that go on. */
    List<Job> living() {
        return jobs.values().stream()
                .filter(job -> scene.pool.has(job.lead) && runsAnywhere(job.id))
                .toList();
    }

    /** Nothing has failed for some minutes. */
    void settled() {
        require(scene.pool.settled(), "after the last fault all is well", () -> "nodes have not what they should");
        for (Job job : jobs.values()) {
            boolean runs = runsAnywhere(job.id);
            require(
                    !runs || !job.cancelAnswered,
                    "a cancel that was answered is honoured",
                    () -> job.id + " goes on: " + job.record.moves());
            require(
                    !runs
                            || job.wish
                                    .filter(wish -> wish.attachment == Attachment.BOUND && wish.callerGone >= 0)
                                    .isEmpty(),
                    "client gone, job cancelled",
                    () -> job.id + " goes on: " + job.record.moves());
            JobRecord kept = Optional.ofNullable(job.lead.disk.get(job.id.value()))
                    .map(text -> Json.read(text, JobRecord.class))
                    .orElse(job.record);
            require(
                    !runs || !kept.state().over(),
                    "an ended job has no process",
                    () -> job.id + " runs, and is " + kept.state());
            JobKeeperProcess keeper = job.lead.keeper;
            if (keeper != null && keeper.alive() && !job.excused && job.lead.disk.containsKey(job.id.value())) {
                require(
                        runs || kept.state().over(),
                        "what cannot be resumed ends with its reason",
                        () -> job.id + " is " + kept.state() + ", and does not run");
                isShown(job.lead, kept);
            }
            job.told.ifPresent(end -> require(
                    job.excused
                            || !job.lead.disk.containsKey(job.id.value())
                            || (kept.state() instanceof JobState.Ended ended
                                    && ended.outcome().end().equals(end)),
                    "what was told of a job stays so",
                    () -> job.id + " was told to be " + end + ", and is " + kept.state()));
        }
    }

    /** All have been cancelled. */
    void ended() {
        for (JobHost host : scene.hosts) {
            require(
                    scene.pool.has(host) || host.forgot || host.disk.isEmpty(),
                    "a node that leaves keeps no jobs",
                    () -> host + " keeps " + host.disk.keySet());
            require(host.processes.isEmpty(), "an ended job has no process", () -> host + " " + host.processes);
            JobKeeperProcess keeper = host.keeper;
            if (keeper != null && keeper.alive()) {
                for (JobRecord record : JobHistoryPromises.all(host)) {
                    require(
                            record.state().over(),
                            "what cannot be resumed ends with its reason",
                            () -> record.job() + " on " + host + " is " + record.state());
                }
            }
        }
        require(shown().isEmpty(), "the tree says what the lead says", () -> "it has " + shown());
    }

    void rest(boolean begins) {
        rest = begins;
    }

    boolean rest() {
        return rest;
    }
}
