package dev.scc.cluster.controller;

import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Happening;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.controller.RepeatedConflicts.Streak;
import dev.scc.cluster.leftover.Remains;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.RequestPlanner;
import dev.scc.cluster.plan.Situation;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.People;
import dev.scc.cluster.world.World;
import dev.scc.host.NodeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up the requests of clients: each is refused, or what is planned for it is committed together with its outcome. */
final class RequestDesk {
    private static final Logger log = LoggerFactory.getLogger(RequestDesk.class);
    private static final String DEFECT = "a defect in scc";

    private final Tree tree;
    private final String server;
    private final Decisions decisions;
    private final RepeatedConflicts conflicts;

    /** @param server the controller's */
    RequestDesk(Tree tree, String server, Decisions decisions, RepeatedConflicts conflicts) {
        this.tree = tree;
        this.server = server;
        this.decisions = decisions;
        this.conflicts = conflicts;
    }

    /**
     * Takes up one of those that wait. Returns false if there was none, or none that fitted the tree; after true, what comes
     * next has to be planned from what is true then.
     *
     * @param waiting by ids
     */
    boolean takeUpOne(Term term, Situation situation, Map<String, Entry> waiting)
            throws Deposed, ConnectionLost, InterruptedException {
        for (Map.Entry<String, Entry> request : waiting.entrySet()) {
            String id = request.getKey();
            takeUp(term, situation, id, request.getValue());
            Optional<Streak> streak = conflicts.attempted("request " + id);
            if (streak.isPresent() && streak.get().times() >= RepeatedConflicts.MANY) {
                String why = streak.get().why();
                refuse(term, id, situation.now(), Refusal.DOES_NOT_FIT, why, List.of());
                streak = conflicts.attempted("refusal of request " + id);
            }
            if (streak.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void takeUp(Term term, Situation situation, String id, Entry entry)
            throws Deposed, ConnectionLost, InterruptedException {
        RequestRecord record;
        Asker asker;
        try {
            record = entry.read(RequestRecord.class);
            asker = asker(situation.world(), record);
        } catch (IllegalArgumentException e) {
            refuse(term, id, situation.now(), Refusal.INVALID, String.valueOf(e.getMessage()), List.of());
            return;
        }
        Request request = record.request();
        Optional<Remains> remains = remains(request);
        Optional<Roster> roster = roster(situation.world(), request);
        RequestPlanner.Answer answer;
        try {
            answer = new RequestPlanner(situation, term.epoch()).answer(request, id, asker, roster, remains);
        } catch (RuntimeException e) {
            // One request that cannot be planned must not keep all others from being taken up.
            log.atError().addKeyValue("request", id).setCause(e).log("a defect in scc: a request cannot be planned");
            answer = new RequestPlanner.Answer.Refuse(
                    Refusal.DOES_NOT_FIT, DEFECT + ": " + e + "; the log of server " + server + " has its trace");
        }
        switch (answer) {
            case RequestPlanner.Answer.Commit commit ->
                decisions.commit(
                        term,
                        situation.now(),
                        commit.changes(),
                        List.of(new Happening.RequestTakenUp(id, request, server)));
            case RequestPlanner.Answer.Refuse refusal ->
                refuse(
                        term,
                        id,
                        situation.now(),
                        refusal.reason(),
                        refusal.why(),
                        List.of(new Happening.RequestRefused(id, request, server, refusal.reason(), refusal.why())));
        }
    }

    /** @throws IllegalArgumentException if the request does not say who asks */
    private Asker asker(World world, RequestRecord record) throws ConnectionLost, InterruptedException {
        if (record.caller().equals(RequestRecord.UNPROVEN)) {
            return new Asker.Unproven();
        }
        Principal who = Principal.of(record.caller());
        Optional<Principal> owner = record.request()
                .about()
                .map(world.clusters()::get)
                .flatMap(held -> held.value().owner());
        Set<String> names = Asker.concerned(who, owner);
        Map<String, Integer> putOuts = People.putOuts(tree, names);
        return new Asker.Proven(who, People.read(tree, names), putOuts);
    }

    private Optional<Remains> remains(Request request) throws ConnectionLost, InterruptedException {
        Optional<List<NodeName>> nodes = RequestPlanner.concerns(request);
        return nodes.isEmpty()
                ? Optional.empty()
                : Optional.of(Remains.read(
                        tree, nodes.get().stream().map(NodeName::value).collect(Collectors.toSet())));
    }

    private void refuse(Term term, String id, Instant now, Refusal reason, String why, List<Happening> happenings)
            throws Deposed, ConnectionLost, InterruptedException {
        Outcome outcome = new Outcome.Refused(now.toEpochMilli(), reason, why);
        decisions.commit(term, now, List.of(new RequestChange.TakeUp(id, outcome)), happenings);
    }

    /** Of the cluster that the request is about. */
    private Optional<Roster> roster(World world, Request request) throws ConnectionLost, InterruptedException {
        if (!(request instanceof Request.Scale scale)) {
            return Optional.empty();
        }
        Held<ClusterRecord> held = world.clusters().get(scale.cluster());
        return held == null ? Optional.empty() : Rosters.of(tree, held.value());
    }
}
