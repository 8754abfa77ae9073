package dev.scc.cli.view;

import java.util.List;
import java.util.Optional;

/**
 * Where the ranks of a job would start.
 *
 * @param mpi and {@code transport} as in a receipt
 * @param nodes in rank order
 * @param launcher that starts ranks of Open MPI: {@code pmix} or {@code mpirun}; empty for others
 * @param why they would start there
 */
public record PlacementView(
        String cluster, String mpi, String transport, Optional<String> launcher, List<Node> nodes, String why)
        implements View {
    public PlacementView {
        nodes = List.copyOf(nodes);
    }

    /**
     * The ranks of one node.
     *
     * @param cpus that each rank would be bound to; empty where the kernel decides
     * @param device that they would talk over
     * @param seats one for each rank
     */
    public record Node(String node, List<Integer> ranks, List<String> cpus, String device, List<Seat> seats) {
        public Node {
            ranks = List.copyOf(ranks);
            cpus = List.copyOf(cpus);
            seats = List.copyOf(seats);
        }
    }

    /**
     * Where on its node a rank would be.
     *
     * @param numa the domain of its processors; empty where the kernel decides, or they are in several
     * @param nearest of several RDMA devices the one nearest to them; empty where there is one at most, or nobody knows
     * @param why it would be there
     */
    public record Seat(int rank, Optional<Integer> numa, Optional<String> nearest, String why) {}
}
