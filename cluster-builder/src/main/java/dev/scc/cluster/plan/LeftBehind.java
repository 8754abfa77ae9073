package dev.scc.cluster.plan;

import dev.scc.host.HostList;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes on which something may be left, and why: a thousand for the same reason are one line. */
final class LeftBehind {
    private final Map<String, List<NodeName>> nodes = new LinkedHashMap<>();

    void add(NodeName node, String why) {
        nodes.computeIfAbsent(why, _ -> new ArrayList<>()).add(node);
    }

    /** Number of nodes. */
    int count() {
        return nodes.values().stream().mapToInt(List::size).sum();
    }

    /** A line for each reason. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        nodes.forEach((why, where) ->
                lines.add((where.size() == 1 ? "node " : "nodes ") + HostList.format(where) + ": " + why));
        return lines;
    }
}
