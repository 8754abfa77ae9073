package dev.scc.simulation;

import static dev.scc.simulation.Roles.require;

import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.TreeEntry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A while in which nobody asks for anything and nothing fails. Nothing is changed then, what was read before is remembered, and
 * yet everybody looks again from time to time.
 */
final class Rest {
    /** Until all have looked once more at what was last changed. */
    private static final long BEFORE = 40 * Timeline.SECOND;

    /** Shorter than the time after which a server reads everything twice. */
    private static final long LENGTH = 58 * Timeline.SECOND;

    private static final String PROMISE = "rest costs next to nothing";

    /** Agents and who leads look each 20 to 30 s. */
    private static final int MOST_PASSES = 4;

    /** Those over an agent's ENIs have a clock of their own. */
    private static final int MOST_OVER_ENIS = 2;

    /** That a namespace of somebody's is there again nobody tells. */
    private static final long FOR_NAMESPACES = 3 * Timeline.SECOND;

    private static final long WHILE_NOT_LEADING = 2 * Timeline.SECOND;

    /** Each entry may be read once meanwhile, by who leads. */
    private static final List<TreeEntry> REMEMBERED_BY_SERVERS = List.of(
            TreeEntry.NODE,
            TreeEntry.INVENTORY,
            TreeEntry.ALIVE,
            TreeEntry.ASSIGN_NODE,
            TreeEntry.STATUS_NODE,
            TreeEntry.CLUSTER,
            TreeEntry.VPC,
            TreeEntry.HOLDING,
            TreeEntry.PLUGS_NODE,
            TreeEntry.PLUGGED_NODE,
            TreeEntry.GROUP);

    private final Simulation sim;
    private final Quiet quiet;
    private final Map<SimProcess, Count> counts = new HashMap<>();

    private static final class Count {
        int passes;
        final Map<TreeEntry, Integer> reads = new EnumMap<>(TreeEntry.class);

        int of(TreeEntry kind) {
            return reads.getOrDefault(kind, 0);
        }
    }

    Rest(Simulation sim, Quiet quiet) {
        this.sim = sim;
        this.quiet = quiet;
    }

    void passes(SimProcess process) {
        count(process).passes++;
    }

    void reads(SimProcess process, String path) {
        TreeEntry.at(path).ifPresent(kind -> count(process).reads.merge(kind, 1, Integer::sum));
    }

    private Count count(SimProcess process) {
        return counts.computeIfAbsent(process, _ -> new Count());
    }

    void keep() {
        sim.run(BEFORE);
        quiet.settle(BEFORE);
        long transactions = sim.tally.transactions;
        sim.rest = Optional.of(this);
        sim.run(LENGTH);
        sim.rest = Optional.empty();
        long written = sim.tally.transactions - transactions;
        require(written == 0, PROMISE, () -> written + " transactions");
        for (SimProcess process : sim.processes()) {
            Count count = count(process);
            switch (process) {
                case AgentProcess agent -> agent(agent, count);
                case ControllerProcess _ -> {
                    boolean leads = sim.promises.leader().equals(Optional.of(process));
                    int passes = leads ? MOST_PASSES : (int) (LENGTH / WHILE_NOT_LEADING) + 1;
                    between(process, "passes", count.passes, leads ? 1 : passes / 2, passes);
                    for (TreeEntry kind : REMEMBERED_BY_SERVERS) {
                        between(process, "reads of " + kind, count.of(kind), 0, leads ? there(kind) : 0);
                    }
                    for (TreeEntry kind : List.of(TreeEntry.REQUEST, TreeEntry.OUTCOME)) {
                        between(process, "reads of " + kind, count.of(kind), 0, 0);
                    }
                    between(process, "reads of rosters", count.of(TreeEntry.ROSTER), 0, leads ? passes * unwell() : 0);
                }
                default -> {}
            }
        }
    }

    /** Clusters that wait for a repair: what their members have to have is looked at in each pass. */
    private long unwell() {
        return sim.promises.tree.clusters.values().stream()
                .filter(cluster -> cluster.phase() != ClusterPhase.READY)
                .count();
    }

    /** How many there may be of that kind: of each node one, though it does not stand there. */
    private long there(TreeEntry kind) {
        return switch (kind) {
            case NODE, INVENTORY, ALIVE, ASSIGN_NODE, STATUS_NODE -> number(TreeEntry.NODE);
            case PLUGS_NODE, PLUGGED_NODE -> Math.max(number(TreeEntry.PLUGS_NODE), number(TreeEntry.PLUGGED_NODE));
            default -> number(kind);
        };
    }

    private long number(TreeEntry kind) {
        return sim.zk.newest().keySet().stream()
                .filter(path -> TreeEntry.at(path).equals(Optional.of(kind)))
                .count();
    }

    private void agent(AgentProcess process, Count count) {
        boolean handed = sim.promises.tree.plugs(process.hardware.node).stream()
                .anyMatch(plug -> plug.namespace().isPresent());
        long retries = handed ? LENGTH / FOR_NAMESPACES : 0;
        between(process, "passes", count.passes, 1, retries + MOST_PASSES + MOST_OVER_ENIS);
        between(process, "reads of its roster", count.of(TreeEntry.ROSTER), 0, 0);
        // They come with the assignment, which is read before and after stock is taken.
        between(process, "reads of its ENIs", count.of(TreeEntry.PLUGS_NODE), 0, 2L * count.passes + 2);
        for (TreeEntry kind : List.of(TreeEntry.NODE, TreeEntry.INVENTORY, TreeEntry.ALIVE)) {
            between(process, "reads of " + kind, count.of(kind), 0, count.passes + 2L);
        }
        for (TreeEntry kind : List.of(TreeEntry.ASSIGN_NODE, TreeEntry.STATUS_NODE)) {
            between(process, "reads of " + kind, count.of(kind), 0, 2L * count.passes + 3);
        }
    }

    private static void between(SimProcess process, String what, long count, long least, long most) {
        require(
                count >= least && count <= most,
                PROMISE,
                () -> count + " " + what + " of " + process + ", not " + least + " to " + most);
    }
}
