package dev.scc.host.net;

import dev.scc.host.net.NetObject.Link;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Consecutive steps that one process of one tool carries out: the steps {@code from} to before {@code to} of a list.
 *
 * @param covered the positions of removals that need no command of their own, because the link goes in the same batch and
 *     the kernel takes what sits on it
 */
record Batch(Tool tool, int from, int to, Set<Integer> covered) {

    /** The programs that change a network. */
    enum Tool {
        IP("links"),
        BRIDGE("forwarding"),
        NFT("filters");

        private final String phase;

        Tool(String phase) {
            this.phase = phase;
        }

        /** The command that reads a batch on standard input. */
        List<String> argv() {
            return switch (this) {
                case IP -> List.of("ip", "-batch", "-");
                case BRIDGE -> List.of("bridge", "-batch", "-");
                case NFT -> List.of("nft", "-f", "-");
            };
        }

        /** What people call the work of this tool. */
        String phase() {
            return phase;
        }
    }

    static List<Batch> split(List<Step> steps) {
        Set<Integer> covered = covered(steps);
        List<Batch> batches = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= steps.size(); to++) {
            Tool tool = tool(steps, from, covered);
            if (to == steps.size() || tool(steps, to, covered) != tool) {
                batches.add(new Batch(tool, from, to, covered));
                from = to;
            }
        }
        return batches;
    }

    private static Tool tool(List<Step> steps, int index, Set<Integer> covered) {
        return switch (steps.get(index).object()) {
            case NetObject.Fdb fdb -> covered.contains(index) ? Tool.IP : Tool.BRIDGE;
            case NetObject.NftTable table -> Tool.NFT;
            case NetObject.Link link -> Tool.IP;
            case NetObject.Address address -> Tool.IP;
            case NetObject.Neighbour neighbour -> Tool.IP;
        };
    }

    // From the end, remembering which links are removed later without a step of another tool in between.
    private static Set<Integer> covered(List<Step> steps) {
        Positions covered = new Positions();
        Set<String> doomed = new HashSet<>();
        for (int index = steps.size() - 1; index >= 0; index--) {
            switch (steps.get(index)) {
                case Step.Remove(Link link) -> doomed.add(link.name());
                case Step.Remove(NetObject object)
                when NetPlanner.below(object).filter(doomed::contains).isPresent() -> covered.put(index);
                case Step.Remove(NetObject.Address address) -> {}
                case Step.Remove(NetObject.Neighbour neighbour) -> {}
                case Step.Remove remove -> doomed.clear();
                case Step.Add add -> doomed.clear();
            }
        }
        return Collections.unmodifiableSet(covered);
    }
}
