package dev.scc.cluster.controller;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.reactor.Pass;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.Verifier;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller. A pass first finds out whether it leads, and then takes up requests, drives each cluster a step further,
 * frees nodes that have come back clean, and enrols new ones. All it keeps between passes is since when it has missed which
 * agent, which a successor learns anew.
 */
public final class Controller implements Pass {
    private static final Logger log = LoggerFactory.getLogger(Controller.class);
    private static final Duration WHILE_NOT_LEADING = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Tree tree;
    private final Election election;
    private final Verifier verifier;
    private final InstantSource clock;
    private final Timing timing;
    private final Map<NodeName, Instant> missing = new HashMap<>();

    /** @param server tells this server from all others, over its restarts */
    public Controller(Tree tree, String server, Verifier verifier, InstantSource clock, Timing timing) {
        this.tree = tree;
        this.election = new Election(tree, server);
        this.verifier = verifier;
        this.clock = clock;
        this.timing = timing;
    }

    @Override
    public Duration run() throws ConnectionLost, InterruptedException {
        Optional<Term> term = election.term();
        if (term.isEmpty()) {
            missing.clear();
            verifier.retain(List.of());
            return WHILE_NOT_LEADING;
        }
        try {
            return lead(term.get());
        } catch (Deposed e) {
            log.atWarn().addKeyValue("why", e.getMessage()).log("no longer leading");
            return Duration.ZERO;
        }
    }

    private Duration lead(Term term) throws Deposed, ConnectionLost, InterruptedException {
        Instant now = clock.instant();
        // Requests first: whatever a client saw before it asked is then in the world that its request is judged by.
        Requests requests = Requests.read(tree, now, timing.keepOutcomes());
        World world = World.read(tree);
        notice(world, now);
        if (enrol(term, world)) {
            return Duration.ZERO;
        }
        for (Map.Entry<String, String> request : requests.waiting().entrySet()) {
            takeUp(term, world, request.getKey(), request.getValue(), now);
            // What comes next has to be planned from what is true now.
            return Duration.ZERO;
        }
        if (!requests.old().isEmpty()) {
            term.commit(tree, requests.old());
        }
        Optional<Duration> wait = drive(term, world, now);
        if (wait.isEmpty() || welcomeBack(term, world)) {
            return Duration.ZERO;
        }
        return wait.get();
    }

    /** Remembers since when agents are missing. */
    private void notice(World world, Instant now) {
        missing.keySet().retainAll(world.nodes().keySet());
        for (Node node : world.nodes().values()) {
            if (node.alive()) {
                missing.remove(node.name());
            } else {
                missing.putIfAbsent(node.name(), now);
            }
        }
    }

    private boolean enrol(Term term, World world) throws Deposed, ConnectionLost, InterruptedException {
        List<Op> ops = new ArrayList<>();
        for (String name : tree.children(Paths.ENROL)) {
            NodeName node = new NodeName(name);
            if (!world.nodes().containsKey(node)) {
                ops.add(new Op.Create(Paths.node(node), Json.write(NodeRecord.enrolled(node))));
                ops.add(new Op.Create(Paths.assign(node), Json.write(new Assignment.Free(term.epoch(), 0))));
                log.atInfo().addKeyValue("node", node).log("enrolled");
            }
        }
        if (ops.isEmpty()) {
            return false;
        }
        term.commit(tree, ops);
        return true;
    }

    private void takeUp(Term term, World world, String id, String text, Instant now)
            throws Deposed, ConnectionLost, InterruptedException {
        Request request;
        try {
            request = Requests.parse(text);
        } catch (IllegalArgumentException e) {
            refuse(term, id, now, Refusal.INVALID, String.valueOf(e.getMessage()));
            return;
        }
        log.atInfo()
                .addKeyValue("request", id)
                .addKeyValue("what", request.title())
                .log("request taken up");
        Members members = new Members(world, Map.copyOf(missing), timing, now);
        switch (new Intake(members, term.epoch()).answer(request, id, roster(world, request))) {
            case Intake.Answer.Commit commit -> term.commit(tree, commit.ops());
            case Intake.Answer.Refuse refusal -> refuse(term, id, now, refusal.reason(), refusal.why());
        }
    }

    /** Of the cluster that the request is about. */
    private Optional<Roster> roster(World world, Request request) throws ConnectionLost, InterruptedException {
        if (!(request instanceof Request.Scale scale)) {
            return Optional.empty();
        }
        Held<ClusterRecord> held = world.clusters().get(scale.cluster());
        return held == null ? Optional.empty() : roster(held.value());
    }

    private Optional<Roster> roster(ClusterRecord cluster) throws ConnectionLost, InterruptedException {
        return tree.get(Paths.roster(cluster.name(), cluster.revision()))
                .map(entry -> Json.read(entry.text(), Roster.class));
    }

    private void refuse(Term term, String id, Instant now, Refusal reason, String why)
            throws Deposed, ConnectionLost, InterruptedException {
        log.atInfo().addKeyValue("request", id).addKeyValue("why", why).log("request refused");
        Outcome outcome = new Outcome.Refused(now.toEpochMilli(), reason, why);
        term.commit(tree, List.of(new Op.Create(Paths.outcome(id), Json.write(outcome))));
    }

    /** A step further with each cluster. Empty if something was done, else how long nothing will have to be. */
    private Optional<Duration> drive(Term term, World world, Instant now)
            throws Deposed, ConnectionLost, InterruptedException {
        ClusterPlanner planner = new ClusterPlanner(world, Map.copyOf(missing), timing, term.epoch(), now);
        Set<String> sessions = new HashSet<>();
        boolean done = false;
        Duration wait = LONGEST_WAIT;
        for (Held<ClusterRecord> held : world.clusters().values()) {
            Optional<VerificationResult> result = Optional.empty();
            if (held.value().phase() == ClusterPhase.VERIFYING) {
                String session = session(term, held.value());
                sessions.add(session);
                result = verification(session, held.value());
            }
            Turn next = planner.turn(held, result, Optional.empty());
            if (next instanceof Turn.Read) {
                next = planner.turn(held, result, roster(held.value()));
            }
            switch (next) {
                // The verifier signals when it is through. A roster that is not there belongs to a record that has
                // changed.
                case Turn.Verify _, Turn.Read _ -> {}
                case Turn.Wait turn -> wait = turn.atMost().compareTo(wait) < 0 ? turn.atMost() : wait;
                case Turn.Commit commit -> {
                    done = true;
                    if (term.commit(tree, commit.ops())) {
                        log.atInfo()
                                .addKeyValue("cluster", held.value().name())
                                .addKeyValue("from", held.value().phase())
                                .addKeyValue("event", commit.event())
                                .log("cluster moved on");
                    }
                }
            }
        }
        verifier.retain(sessions);
        return done ? Optional.empty() : Optional.of(wait);
    }

    private static String session(Term term, ClusterRecord cluster) {
        return cluster.name() + "-" + cluster.revision() + "-" + cluster.since() + "-" + term.epoch();
    }

    private Optional<VerificationResult> verification(String session, ClusterRecord cluster)
            throws ConnectionLost, InterruptedException {
        return roster(cluster)
                .flatMap(roster ->
                        verifier.result(session, roster, cluster.spec().verify()));
    }

    /** Frees nodes that were given up and have proved themselves clean since, and networks that no node carries any more. */
    private boolean welcomeBack(Term term, World world) throws Deposed, ConnectionLost, InterruptedException {
        List<Op> ops = new ArrayList<>();
        for (Node node : world.nodes().values()) {
            if (node.assignment().value() instanceof Assignment.Leave leave
                    && node.clean()
                    && !belongs(world, node.name(), leave)) {
                ops.add(Leaving.free(node, term.epoch()));
                log.atInfo().addKeyValue("node", node.name()).log("came back clean");
            }
        }
        if (ops.isEmpty()) {
            for (int network : world.pools().value().networks().keySet()) {
                if (!world.uses(network)) {
                    ops.add(new Op.Set(
                            Paths.POOLS,
                            Json.write(world.pools().value().without(network)),
                            world.pools().version()));
                    break;
                }
            }
        }
        if (ops.isEmpty()) {
            return false;
        }
        term.commit(tree, ops);
        return true;
    }

    private static boolean belongs(World world, NodeName node, Assignment.Leave leave) {
        Held<ClusterRecord> cluster = world.clusters().get(leave.cluster());
        return cluster != null
                && cluster.value().network() == leave.network()
                && cluster.value().members().contains(node);
    }
}
