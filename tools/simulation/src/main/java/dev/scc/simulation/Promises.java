package dev.scc.simulation;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Holding;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.PhaseTime;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Roster;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.verify.VerificationResult;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.Step;
import dev.scc.simulation.zk.Change;
import dev.scc.simulation.zk.Transaction;
import dev.scc.vpc.VpcName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The promises that hold at every moment. They are checked whenever something changes: the newest tree, a machine, a
 * ledger. The first one that is broken ends the simulation.
 */
final class Promises {
    private final Simulation sim;
    final Mirror tree = new Mirror();
    final NodePromises nodes;
    private final Roles roles;
    private final ClusterPromises clusters;
    private final RequestPromises requests;
    final LedgerPromises ledgers = new LedgerPromises();
    final CarePromises care;
    private final VpcPromises vpcs;
    private final EntitlementPromises entitlement;
    private final JournalPromises journal;

    Promises(Simulation sim) {
        this.sim = sim;
        this.roles = new Roles(sim);
        this.nodes = new NodePromises(sim, tree);
        this.clusters = new ClusterPromises(sim, tree);
        this.requests = new RequestPromises(sim, tree, clusters);
        this.care = new CarePromises(sim, tree);
        this.vpcs = new VpcPromises(sim, tree);
        this.entitlement = new EntitlementPromises(tree);
        this.journal = new JournalPromises(tree);
    }

    void committed(Transaction transaction) {
        sim.tally.transactions++;
        SimProcess writer = Optional.ofNullable(sim.owners.get(transaction.session()))
                .orElseThrow(() -> new IllegalStateException("whose session is " + transaction.session()));
        sim.trace.mix(transaction.changes().size());
        roles.check(transaction, writer);
        Map<NodeName, Optional<Assignment>> assignments = new TreeMap<>();
        Map<ClusterName, Optional<ClusterRecord>> records = new TreeMap<>();
        Map<String, Optional<Outcome>> outcomes = new TreeMap<>();
        Map<NodeName, Optional<NodeRecord>> nodeRecords = new TreeMap<>();
        Map<String, Optional<Holding>> holdings = new TreeMap<>();
        Set<NodeName> bearing = new TreeSet<>();
        Pools pools = tree.pools;
        boolean decided = false;
        for (Change change : transaction.changes()) {
            String path = change.path();
            sim.trace.mix(path.hashCode()
                    + 31L * change.after().map(entry -> entry.text().hashCode()).orElse(0));
            if (Mirror.under(path, Paths.ASSIGN)) {
                NodeName node = new NodeName(Mirror.last(path));
                assignments.put(
                        node, Optional.ofNullable(tree.assignments.get(node)).map(Mirror.Held::value));
            } else if (Mirror.under(path, Paths.CLUSTERS)) {
                ClusterName name = new ClusterName(Mirror.last(path));
                records.put(name, Optional.ofNullable(tree.clusters.get(name)));
            } else if (Mirror.under(path, Paths.NODES)) {
                NodeName node = new NodeName(Mirror.last(path));
                nodeRecords.put(node, Optional.ofNullable(tree.nodes.get(node)));
            } else if (path.endsWith("/outcome")) {
                String id = path.substring(Paths.REQUESTS.length() + 1, path.lastIndexOf('/'));
                outcomes.put(id, Optional.ofNullable(tree.outcomes.get(id)));
            }
            if (Mirror.under(path, Paths.VPCS) && change.after().isEmpty()) {
                Optional.ofNullable(tree.vpcs.get(new VpcName(Mirror.last(path))))
                        .ifPresent(vpcs::gone);
            }
            if (path.startsWith(Paths.VPCS + "/") && !Mirror.under(path, Paths.VPCS)) {
                holdings.put(path, Optional.ofNullable(tree.holdings.get(path)));
            }
            if (Mirror.under(path, Paths.PLUGS) && change.after().isEmpty()) {
                NodeName node = new NodeName(Mirror.last(path));
                Optional.ofNullable(tree.plugs.get(node))
                        .filter(held -> !held.value().plugs().isEmpty())
                        .ifPresent(_ -> bearing.add(node));
            }
            decided |= path.startsWith(Paths.ASSIGN)
                    || path.startsWith(Paths.CLUSTERS)
                    || path.startsWith(Paths.ROSTERS)
                    || path.startsWith(Paths.VPCS)
                    || path.startsWith(Paths.PLUGS)
                    || path.startsWith(Paths.GROUPS)
                    || path.equals(Paths.POOLS);
            tree.apply(change);
        }
        holdings.forEach(vpcs::held);
        if (!pools.equals(tree.pools)) {
            clusters.pools(pools, tree.pools);
        }
        assignments.forEach((node, before) -> {
            if (!tree.assignments.containsKey(node) && before.orElse(null) instanceof Assignment.Leave leave) {
                clusters.forgotten(node, leave.network());
                requests.forgotten(node, transaction);
            }
        });
        bearing.forEach(node -> requests.forgotten(node, transaction));
        assignments.forEach((node, before) -> nodes.assigned(
                node,
                before,
                Optional.ofNullable(tree.assignments.get(node)).map(Mirror.Held::value),
                roles.epoch(),
                transaction.changes().stream().anyMatch(change -> change.path().equals(Paths.node(node)))));
        assignments.forEach(this::given);
        nodeRecords.forEach(
                (node, before) -> Optional.ofNullable(tree.nodes.get(node)).ifPresent(record -> {
                    care.recorded(record);
                    nodes.recorded(record, before);
                }));
        records.forEach((name, before) ->
                clusters.changed(name, before, Optional.ofNullable(tree.clusters.get(name)), roles.epoch()));
        outcomes.forEach((id, before) -> {
            Optional<Outcome> after = Optional.ofNullable(tree.outcomes.get(id));
            requests.changed(id, before, after, transaction);
            if (before.isEmpty() && after.isPresent() && !(after.get() instanceof Outcome.Refused)) {
                entitlement.takenUp(id, records, transaction);
            }
        });
        if (writer instanceof ControllerProcess) {
            journal.committed(
                    transaction,
                    new JournalPromises.Before(nodeRecords, assignments, records, outcomes),
                    roles.epoch());
        }
        if (decided) {
            clusters.consistent();
            vpcs.consistent();
        }
        if (writer instanceof AgentProcess agent) {
            transaction.changes().stream()
                    .filter(change -> change.path().equals(Paths.plugged(agent.hardware.node)))
                    .flatMap(change -> change.after().stream())
                    .forEach(entry -> vpcs.said(agent.hardware, entry.read(PlugStatus.class)));
            String status = Paths.status(agent.hardware.node);
            NodeStatus said = tree.statuses.get(agent.hardware.node);
            if (said != null
                    && transaction.changes().stream()
                            .anyMatch(change -> change.path().equals(status))) {
                nodes.said(agent.hardware, said);
                long passed = (sim.timeline.now() - agent.begun) / Timeline.MILLI;
                for (PhaseTime phase : said.phases()) {
                    Roles.require(
                            phase.millis() >= 0 && phase.millis() <= passed,
                            "times that are told have passed",
                            () -> agent + " has been there for " + passed + " ms, and says " + said);
                }
                ledgers.said(agent.hardware, said);
            }
        }
    }

    private void given(NodeName node, Optional<Assignment> before) {
        Mirror.Held<Assignment> now = tree.assignments.get(node);
        if (before.isPresent()
                && before.get() instanceof Assignment.Free free
                && now != null
                && now.value() instanceof Assignment.Serve serve) {
            care.given(node, free, serve);
        }
    }

    /** The controller that began the latest epoch, whatever has become of it. */
    Optional<SimProcess> leader() {
        return roles.leader();
    }

    void machineChanged(Hardware hardware, Step step) {
        ledgers.changed(hardware, step);
        nodes.changed(hardware, step);
        if (step instanceof Step.Add(NetObject.Address address)) {
            vpcs.addressed(hardware, address);
        }
        if (step instanceof Step.Add(NetObject.Link link) && link.kind() instanceof LinkKind.Vxlan overlay) {
            vpcs.carried(hardware, overlay);
        }
    }

    /** The tree is copied, and may come back. */
    void backedUp() {
        clusters.backedUp();
    }

    /** The tree is an older one; what agents have obeyed since, and what their machines bear, is not. */
    void setBack(Map<String, Entry> entries) {
        tree.replace(entries);
        roles.setBack(Optional.ofNullable(entries.get(Paths.EPOCH))
                .map(entry -> Long.parseLong(entry.text()))
                .orElse(0L));
        requests.setBack();
        clusters.setBack();
        vpcs.setBack();
    }

    /** Its agent will find an older page of its ledger, or none. */
    void diskReplaced(Hardware hardware) {
        nodes.diskReplaced(hardware);
        ledgers.written(hardware);
    }

    void applying(AgentProcess agent) {
        nodes.applying(agent);
        ledgers.applying(agent.hardware);
    }

    void ledgerWritten(AgentProcess agent) {
        nodes.ledgerWritten(agent.hardware);
        ledgers.written(agent.hardware);
    }

    /**
     * What a controller that does not lead any more finds out, nobody learns.
     *
     * @param epoch in which it began: in a later one the same process begins anew, and does not ask what came of this
     */
    void verified(SimProcess controller, Roster roster, VerificationResult.Judged result, long epoch) {
        if (leader().equals(Optional.of(controller))) {
            clusters.verified(roster, result, epoch);
        }
    }

    /** The latest that was begun. */
    long epoch() {
        return roles.epoch();
    }

    void gaveUp(ClientProcess client) {
        requests.gaveUp(client);
    }

    void told(ClientProcess client, Outcome outcome) {
        requests.told(client, outcome);
    }
}
