package dev.scc.cluster.controller;

import dev.scc.cluster.Alive;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.plan.ClusterPlanner;
import dev.scc.cluster.plan.EniCare;
import dev.scc.cluster.plan.NextStep;
import dev.scc.cluster.plan.NodeCare;
import dev.scc.cluster.plan.Situation;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.port.Ports;
import dev.scc.cluster.reactor.Pass;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.cluster.verify.Verifier;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.cluster.world.WorldReader;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller. A pass first finds out whether it leads, and then enrols new nodes, frees those that are clean, takes up
 * requests, and drives each cluster a step further. All it keeps between passes is since when it has missed which
 * agent, and what has not fitted the tree how often, which a successor learns anew.
 */
public final class Controller implements Pass {
    private static final Logger log = LoggerFactory.getLogger(Controller.class);
    private static final String FREEING = "nodes that are clean";
    private static final Duration WHILE_NOT_LEADING = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Tree tree;
    private final Election election;
    private final Verifier verifier;
    private final WorldReader worlds;
    private final RequestReader requestReader;
    private final InstantSource clock;
    private final Timing timing;
    private final Map<NodeName, Instant> missing = new HashMap<>();
    private final RepeatedConflicts conflicts = new RepeatedConflicts();
    private final IgnoredEntries ignored = new IgnoredEntries();
    private final Hearing hearing = new Hearing();
    private final Decisions decisions;
    private final RequestDesk desk;
    private final Optional<PortCare> ports;

    /** One that leaves switch ports alone. */
    public Controller(Tree tree, String server, Verifier verifier, InstantSource clock, Timing timing) {
        this(tree, server, verifier, Optional.empty(), clock, timing);
    }

    /**
     * @param server tells this server from all others, over its restarts
     * @param ports is told what is wanted of the nodes' switch ports
     */
    public Controller(
            Tree tree, String server, Verifier verifier, Optional<Ports> ports, InstantSource clock, Timing timing) {
        this.tree = tree;
        this.ports = ports.map(set -> new PortCare(tree, set));
        this.election = new Election(tree, server);
        this.decisions = new Decisions(tree, server, conflicts);
        this.desk = new RequestDesk(tree, server, decisions, conflicts);
        this.verifier = verifier;
        this.worlds = WorldReader.watching(tree);
        this.requestReader = new RequestReader(tree);
        this.clock = clock;
        this.timing = timing;
    }

    @Override
    public Duration run() throws ConnectionLost, InterruptedException {
        Optional<Term> term = election.term();
        if (term.isEmpty()) {
            missing.clear();
            verifier.retain(List.of());
            ports.ifPresent(PortCare::rest);
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
        conflicts.beginPass();
        ignored.beginPass();
        Instant now = clock.instant();
        // Requests first: whatever a client saw before it asked is then in the world that its request is judged by.
        RequestQueue requests = requestReader.read(now, timing.keepOutcomes());
        World read = worlds.read(now);
        notice(read, now);
        read.unread().forEach(ignored::add);
        if (ports.isPresent()) {
            ports.get().want(read, term.epoch());
        }
        World world = ports.map(care -> care.closing(read)).orElse(read);
        Situation situation = new Situation(world, Map.copyOf(missing), timing, now);
        NodeCare care = new NodeCare(situation, term.epoch(), hearing.heard(now));
        if (enrol(term, now, care, asking())) {
            return Duration.ZERO;
        }
        // Before any request is judged: whoever was told that a cluster is gone may have its nodes.
        if (attend(term, now, FREEING, care.welcomeBack())) {
            return Duration.ZERO;
        }
        if (conflicts.racing(FREEING)) {
            return again();
        }
        if (desk.takeUpOne(term, situation, requests.waiting())) {
            return Duration.ZERO;
        }
        term.commit(tree, requests.old());
        if (attend(term, now, "ENIs", new EniCare(situation).next())) {
            return Duration.ZERO;
        }
        Optional<Duration> wait = drive(term, situation, care);
        if (wait.isEmpty() || attend(term, now, "health of nodes", care.watch())) {
            return Duration.ZERO;
        }
        List<Happening> news = ignored.news(now);
        if (!news.isEmpty()) {
            decisions.commit(term, now, List.of(), news);
        }
        decisions.keepJournal(term, now);
        Duration untilAgain = again();
        conflicts.endPass();
        return Stream.of(wait.get(), situation.untilNextLoss(), untilAgain, hearing.untilNext(now))
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /** After how long to try again what did not fit. What is known of the tree may have to be read anew by then. */
    private Duration again() {
        if (conflicts.doubtful()) {
            worlds.doubt();
        }
        return conflicts.pause();
    }

    /** Returns whether some were enrolled. One that does not fit must not keep the others out. */
    private boolean enrol(Term term, Instant now, NodeCare care, Map<NodeName, Alive> asking)
            throws Deposed, ConnectionLost, InterruptedException {
        care.refused(asking).forEach((node, why) -> ignored.add(Paths.enrol(node), why));
        NodeCare.Care all = care.enrol(asking);
        if (attend(term, now, "nodes that ask to be enrolled", all)) {
            return true;
        }
        boolean some = false;
        if (!all.nothing()) {
            for (Map.Entry<NodeName, Alive> one : asking.entrySet()) {
                some |= attend(
                        term, now, "enrolment of " + one.getKey(), care.enrol(Map.of(one.getKey(), one.getValue())));
            }
        }
        return some;
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

    private Map<NodeName, Alive> asking() throws ConnectionLost, InterruptedException {
        List<String> names = tree.children(Paths.ENROL);
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<NodeName, Alive> asking = new TreeMap<>();
        tree.get(names.stream().map(TreeEntry.ENROL_NODE::path).toList()).forEach((path, entry) -> {
            try {
                asking.put(new NodeName(TreeEntry.ENROL_NODE.named(path)), entry.read(Alive.class));
            } catch (IllegalArgumentException e) {
                ignored.add(path, "is " + String.valueOf(e.getMessage()));
            }
        });
        return asking;
    }

    /** Returns whether something was done. */
    private boolean attend(Term term, Instant now, String what, NodeCare.Care care)
            throws Deposed, ConnectionLost, InterruptedException {
        if (care.nothing()) {
            return false;
        }
        decisions.commit(term, now, care.changes(), care.happenings());
        boolean done = conflicts.attempted(what).isEmpty();
        if (done) {
            hearing.note(care.happenings(), now);
        }
        return done;
    }

    /** A step further with each cluster. Empty if something was done, else how long nothing will have to be. */
    private Optional<Duration> drive(Term term, Situation situation, NodeCare care)
            throws Deposed, ConnectionLost, InterruptedException {
        ClusterPlanner planner = new ClusterPlanner(situation, term.epoch());
        Set<String> sessions = new HashSet<>();
        boolean done = false;
        Duration wait = LONGEST_WAIT;
        for (Held<ClusterRecord> held : situation.world().clusters().values()) {
            ClusterRecord cluster = held.value();
            Optional<VerificationResult> result = Optional.empty();
            if (cluster.phase() == ClusterPhase.VERIFYING) {
                String session = session(term, cluster);
                sessions.add(session);
                result = verification(session, cluster);
            }
            NextStep next = planner.next(held, result, Optional.empty());
            if (next instanceof NextStep.Read) {
                next = planner.next(held, result, Rosters.of(tree, cluster));
            }
            switch (next) {
                // The verifier signals when it is through. A roster that is not there belongs to a record that has
                // changed.
                case NextStep.Verify _, NextStep.Read _ -> {}
                case NextStep.Wait pause -> wait = Collections.min(List.of(wait, pause.atMost()));
                case NextStep.Commit commit -> {
                    move(term, situation.now(), cluster, commit, care.blame(commit.blame()));
                    done |= conflicts.attempted("cluster " + cluster.name()).isEmpty();
                }
            }
        }
        verifier.retain(sessions);
        return done ? Optional.empty() : Optional.of(wait);
    }

    private void move(Term term, Instant now, ClusterRecord cluster, NextStep.Commit step, NodeCare.Care blame)
            throws Deposed, ConnectionLost, InterruptedException {
        List<Change> changes = new ArrayList<>(step.changes());
        changes.addAll(blame.changes());
        List<Happening> happenings = new ArrayList<>(blame.happenings());
        happenings.add(new Happening.ClusterMoved(cluster.name(), cluster.phase(), step.move()));
        decisions.commit(term, now, changes, happenings);
    }

    private static String session(Term term, ClusterRecord cluster) {
        return cluster.name() + "-" + cluster.revision() + "-" + cluster.since() + "-" + term.epoch();
    }

    private Optional<VerificationResult> verification(String session, ClusterRecord cluster)
            throws ConnectionLost, InterruptedException {
        return Rosters.of(tree, cluster)
                .flatMap(roster ->
                        verifier.result(session, roster, cluster.spec().verify()));
    }
}
