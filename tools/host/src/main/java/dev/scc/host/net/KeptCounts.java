package dev.scc.host.net;

import dev.scc.host.command.CommandFailed;
import dev.scc.host.net.NetObject.NftTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counters of tables of nftables that others take the place of, which go on with them. What passes between the look and the
 * replacement is not counted.
 *
 * @param counted by the names of such tables
 */
record KeptCounts(Map<String, FilterCounts> counted) {
    private static final Logger log = LoggerFactory.getLogger(KeptCounts.class);

    /** Who knows what tables have counted. */
    @FunctionalInterface
    interface Look {
        Map<String, FilterCounts> at(Collection<String> tables) throws CommandFailed;
    }

    /** Of the tables that are removed, and then added again. */
    static KeptCounts of(List<Step> steps, Look look) {
        Set<String> removed = new TreeSet<>();
        Set<String> replaced = new TreeSet<>();
        for (Step step : steps) {
            switch (step) {
                case Step.Remove(NftTable table) -> removed.add(table.name());
                case Step.Add(NftTable table) when removed.contains(table.name()) -> replaced.add(table.name());
                case Step.Remove _, Step.Add _ -> {}
            }
        }
        Map<String, FilterCounts> counted = Map.of();
        if (!replaced.isEmpty()) {
            try {
                counted = look.at(replaced);
            } catch (CommandFailed e) {
                // Rules matter more than numbers.
                log.atWarn().addKeyValue("why", e.getMessage()).log("counters begin anew");
            }
        }
        return new KeptCounts(counted);
    }

    /** The lines of a batch, with the counters in those that add such a table. */
    List<Line> in(List<Line> lines, List<Step> steps) {
        return counted.isEmpty()
                ? lines
                : lines.stream().map(line -> in(line, steps.get(line.step()))).toList();
    }

    private Line in(Line line, Step step) {
        return step instanceof Step.Add(NftTable table)
                ? line.goingOn(counted.getOrDefault(table.name(), FilterCounts.NONE))
                : line;
    }
}
