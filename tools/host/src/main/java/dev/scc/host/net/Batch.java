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

    /** What changes a network. */
    enum Tool {
        IP("links"),
        BRIDGE("forwarding"),
        NFT("filters"),
        /** No program: files of the kernel, see {@link ServiceTypes}. */
        FILE("types of service"),
        /** No program: the kernel's WireGuard, see {@link Tunnels}. */
        TUNNEL("tunnels");

        private final String phase;

        Tool(String phase) {
            this.phase = phase;
        }

        /** The command that reads a batch on standard input; empty if there is none. */
        List<String> argv() {
            return switch (this) {
                case IP -> List.of("ip", "-batch", "-");
                case BRIDGE -> List.of("bridge", "-batch", "-");
                case NFT -> List.of("nft", "-f", "-");
                case FILE, TUNNEL -> List.of();
            };
        }

        /** What people call the work of this tool. */
        String phase() {
            return phase;
        }
    }

    static List<Batch> split(List<Step> steps) {
        List<Run> runs = runs(steps);
        Set<Integer> covered = covered(steps, runs);
        List<Batch> batches = new ArrayList<>();
        int from = 0;
        for (Run run : runs) {
            if (run.from() > from && tool(steps, run.from(), covered) != tool(steps, from, covered)) {
                batches.add(new Batch(tool(steps, from, covered), from, run.from(), covered));
                from = run.from();
            }
        }
        if (!steps.isEmpty()) {
            batches.add(new Batch(tool(steps, from, covered), from, steps.size(), covered));
        }
        return batches;
    }

    /** Steps of one kind on one link, which need not be looked at one by one. */
    private record Run(int from, int to) {}

    private static List<Run> runs(List<Step> steps) {
        List<Run> runs = new ArrayList<>();
        int from = 0;
        for (List<Step> segment : StepList.segments(steps)) {
            int length = segment instanceof SharedSteps shared
                            && shared.part().links().size() == 1
                    ? segment.size()
                    : 1;
            for (int index = 0; index < segment.size(); index += length) {
                runs.add(new Run(from + index, from + index + length));
            }
            from += segment.size();
        }
        return runs;
    }

    private static Tool tool(List<Step> steps, int index, Set<Integer> covered) {
        return switch (steps.get(index).object()) {
            case NetObject.Fdb fdb -> covered.contains(index) ? Tool.IP : Tool.BRIDGE;
            case NetObject.NftTable table -> Tool.NFT;
            case NetObject.Link link -> Tool.IP;
            case NetObject.Address address -> Tool.IP;
            case NetObject.Neighbour neighbour -> Tool.IP;
            case NetObject.PriorityMap map -> Tool.IP;
            case NetObject.DefaultTos tos -> Tool.FILE;
            case NetObject.TunnelEnd _, NetObject.TunnelPeer _ -> covered.contains(index) ? Tool.IP : Tool.TUNNEL;
        };
    }

    // From the end, remembering which links are removed later without a step of another tool in between.
    private static Set<Integer> covered(List<Step> steps, List<Run> runs) {
        Positions covered = new Positions();
        Set<String> doomed = new HashSet<>();
        for (Run run : runs.reversed()) {
            switch (steps.get(run.from())) {
                case Step.Remove(Link link) -> doomed.add(link.name());
                // With its link the kernel takes what a table has there, not the table.
                case Step.Remove(NetObject.NftTable table) -> doomed.clear();
                case Step.Remove(NetObject object)
                when NetPlanner.below(object).filter(doomed::contains).isPresent() -> covered.put(run.from(), run.to());
                case Step.Remove(NetObject.Address address) -> {}
                case Step.Remove(NetObject.Neighbour neighbour) -> {}
                case Step.Remove(NetObject.PriorityMap map) -> {}
                case Step.Remove remove -> doomed.clear();
                case Step.Add add -> doomed.clear();
            }
        }
        return Collections.unmodifiableSet(covered);
    }
}
