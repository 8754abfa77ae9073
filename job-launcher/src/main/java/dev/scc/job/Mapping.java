package dev.scc.job;

/**
 * What of its node's processors a rank has. Each rank takes a core that no other rank of a job with a mapping has, and is
 * bound to that, or to all that ranks of its job have in the same socket, NUMA domain or node. By rail, each has an RDMA device of
 * its node for itself, in turn, and a core in the NUMA domain of that as long as there are any.
 *
 * @param by what the ranks of a node are spread over in turn, and bound to
 * @param oversubscribe whether ranks share cores, and rails, where there are not enough, also with ranks of other jobs that share; else such a
 *     job is refused
 */
public record Mapping(By by, boolean oversubscribe) {
    public enum By {
        CORE,
        SOCKET,
        NUMA,
        NODE,
        RAIL
    }
}
