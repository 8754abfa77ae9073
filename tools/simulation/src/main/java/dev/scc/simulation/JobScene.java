package dev.scc.simulation;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import dev.scc.job.Attachment;
import dev.scc.job.JobSpec;
import dev.scc.job.JobTimes;
import dev.scc.job.MpiChoice;
import dev.scc.simulation.zk.SessionGone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Jobs on one cluster under one seed: people run, cancel and list them while nodes, keepers, agents, servers and commands
 * fail; then nothing fails any more, and all has to come to rest.
 */
final class JobScene {
    private static final long TO_SETTLE = 150 * Timeline.SECOND;
    private static final long TO_END = 60 * Timeline.SECOND;
    private static final long AT_REST = 20 * Timeline.SECOND;
    private static final List<String> PEOPLE = List.of("ada", "bob");

    final Simulation sim;
    final JobNet net;
    final List<JobHost> hosts = new ArrayList<>();
    final JobPool pool;
    final JobPromises promises;
    final JobFaults faults;
    private final List<JobHost> desks = new ArrayList<>();
    private final List<JobCaller> callers = new ArrayList<>();
    private final List<JobWish> wishes = new ArrayList<>();
    private int number;

    JobScene(long seed, Simulation.Tracing tracing) {
        List<JobPromises> told = new ArrayList<>();
        sim = new Simulation(
                seed * 31 + 5,
                1 + Math.floorMod(seed, 3),
                tracing,
                Optional.of(transaction -> told.forEach(one -> one.committed(transaction))));
        net = new JobNet(sim);
        int nodes = 3 + sim.chance.below(3);
        for (int i = 1; i <= nodes; i++) {
            hosts.add(new JobHost("n" + i));
        }
        pool = new JobPool(this, hosts.subList(0, 2 + sim.chance.below(nodes - 1)));
        promises = new JobPromises(this);
        faults = new JobFaults(this);
        prepareTree();
        told.add(promises);
    }

    private void prepareTree() {
        try {
            long session = sim.zk.openSession(0);
            sim.zk.commit(session, List.of(new Op.Create(Paths.ROOT, ""), new Op.Create(Paths.JOBS, "")));
            for (int replica = 0; replica < sim.replicas; replica++) {
                sim.zk.catchUp(replica, Integer.MAX_VALUE);
            }
        } catch (Conflict | SessionGone e) {
            throw new IllegalStateException(e);
        }
    }

    int nextNumber() {
        return ++number;
    }

    JobHost host(String name) {
        return machines().stream()
                .filter(host -> host.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Nodes, and what people's commands run on. */
    List<JobHost> machines() {
        return Stream.concat(hosts.stream(), desks.stream()).toList();
    }

    /** Commands that run now. */
    List<JobCaller> callers() {
        callers.removeIf(one -> !one.alive());
        return List.copyOf(callers);
    }

    void startAgent(JobHost host) {
        host.agent = new JobAgentProcess(this, host);
    }

    void play() {
        Chance chance = sim.chance;
        hosts.forEach(this::startAgent);
        pool.begin();
        sim.run(3 * Timeline.SECOND);
        long busy = chance.between(40, 150) * Timeline.SECOND;
        int wishes = 3 + chance.below(8);
        for (int i = 0; i < wishes; i++) {
            sim.timeline.after(chance.between(0, busy), this::wish);
        }
        for (int i = 0; i < 8; i++) {
            sim.timeline.after(chance.between(0, busy), this::meddle);
        }
        if (!chance.oneIn(12)) {
            sim.timeline.after(chance.between(0, 10 * Timeline.SECOND), faults::begin);
        }
        sim.run(busy);
        faults.end();
        sim.run(TO_SETTLE);
        promises.settled();
        for (JobPromises.Job job : promises.living()) {
            JobCaller caller = caller("admin", Role.ADMIN);
            promises.cancelAsked(caller.who, job);
            caller.cancel(job.id, new NodeName(job.lead.name));
        }
        sim.run(TO_END);
        promises.ended();
        promises.rest(true);
        sim.run(AT_REST);
        promises.rest(false);
    }

    private JobCaller caller(String person, Role role) {
        JobHost desk = new JobHost("c" + nextNumber());
        desks.add(desk);
        JobCaller caller = new JobCaller(this, desk, desk.name, new Principal(role, person));
        callers.add(caller);
        return caller;
    }

    private void wish() {
        Chance chance = sim.chance;
        Attachment attachment =
                chance.of(List.of(Attachment.BOUND, Attachment.BOUND, Attachment.LOOSE, Attachment.DETACHED));
        int restarts = attachment == Attachment.DETACHED ? 0 : chance.of(List.of(0, 0, 1, 2));
        long millis = chance.oneIn(3) ? 1_000_000 : chance.between(10, 40_000);
        int status = chance.oneIn(4) ? 1 + chance.below(100) : 0;
        long limit = chance.oneIn(5) ? chance.between(1_000, 60_000) : 0;
        String person = chance.of(PEOPLE);
        long grace = chance.oneIn(3) ? 1 + chance.below(3_000) : 0;
        JobSpec spec = new JobSpec(
                        List.of("run", Long.toString(millis), Integer.toString(status)),
                        Optional.of(1 + chance.below(6)),
                        Optional.empty(),
                        MpiChoice.NONE,
                        false,
                        Map.of(),
                        "/",
                        false)
                .within(new JobTimes(limit == 0 ? Optional.empty() : Optional.of(limit), Optional.empty(), grace));
        if (!chance.oneIn(6)) {
            spec = spec.under("r" + nextNumber());
        }
        JobWish wish = new JobWish("user:" + person, attachment, restarts, millis, status, limit, spec);
        sim.tally.requests.merge("job " + attachment, 1L, Long::sum);
        wishes.add(wish);
        command(wish);
    }

    private void command(JobWish wish) {
        JobCaller caller = caller(wish.owner.substring("user:".length()), Role.USER);
        promises.wishes(caller, wish);
        sim.trace.mark(
                caller.name,
                "runs",
                wish.attachment + " " + wish.restarts + " " + wish.spec.argv() + " " + wish.spec.times() + " "
                        + wish.spec.request());
        caller.run(wish, wish.spec, wish.restarts);
    }

    /** Whoever wants that has lost the command that was to see to it. */
    void asksAgainPerhaps(JobWish wish) {
        if (wish.mayAskAgain() && sim.chance.oneIn(2)) {
            sim.timeline.after(sim.chance.between(Timeline.MILLI, 8 * Timeline.SECOND), () -> {
                if (wish.callerGone >= 0) {
                    sim.tally.ends.merge("job asked for again", 1L, Long::sum);
                    wish.asksAgain();
                    command(wish);
                }
            });
        }
    }

    /** Somebody asks for something else under an id that is taken. */
    private void asksForOther() {
        List<JobWish> taken = wishes.stream().filter(JobWish::mayAskAgain).toList();
        if (!taken.isEmpty()) {
            JobWish wish = sim.chance.of(taken);
            JobWish other = wish.other(new JobSpec(
                            List.of("run", Integer.toString(70_000 + nextNumber()), "0"),
                            wish.spec.ranks(),
                            wish.spec.perNode(),
                            MpiChoice.NONE,
                            false,
                            Map.of(),
                            "/",
                            false)
                    .under(wish.spec.request().orElseThrow()));
            sim.tally.ends.merge("another job asked for under the same id", 1L, Long::sum);
            command(other);
        }
    }

    private void meddle() {
        if (sim.chance.oneIn(5)) {
            asksForOther();
            return;
        }
        List<JobPromises.Job> all = promises.called();
        if (all.isEmpty()) {
            return;
        }
        JobPromises.Job job = sim.chance.of(all);
        JobCaller caller = sim.chance.oneIn(4)
                ? caller("root", sim.chance.oneIn(2) ? Role.ADMIN : Role.OPERATOR)
                : caller(sim.chance.of(PEOPLE), Role.USER);
        NodeName lead = new NodeName(job.lead.name);
        if (sim.chance.oneIn(3)) {
            caller.list(lead);
        } else {
            promises.cancelAsked(caller.who, job);
            caller.cancel(job.id, lead);
        }
    }
}
