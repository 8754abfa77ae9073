package dev.scc.cli.view;

import java.util.List;

/**
 * Where the ranks of a job would start.
 *
 * @param mpi and {@code transport} as in a receipt
 * @param nodes in rank order
 * @param why they would start there
 */
public record PlacementView(String cluster, String mpi, String transport, List<Node> nodes, String why)
        implements View {
    public PlacementView {
        nodes = List.copyOf(nodes);
    }

    /** @param cpus that each rank would be bound to; empty where the kernel decides */
    public record Node(String node, List<Integer> ranks, List<String> cpus, String device) {
        public Node {
            ranks = List.copyOf(ranks);
            cpus = List.copyOf(cpus);
        }
    }
}
