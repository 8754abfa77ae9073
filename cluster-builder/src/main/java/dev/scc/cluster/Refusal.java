package dev.scc.cluster;

/** Why a request was not taken up. */
public enum Refusal {
    NOT_ENOUGH_NODES,
    /** There would be enough nodes for a cluster that is not verified: too few have an RDMA device. */
    NO_RDMA,
    NAME_TAKEN,
    /** An address range that is too small, overlaps another, or cannot be found. */
    ADDRESSES,
    /** There is no such cluster or node. */
    UNKNOWN,
    /** Not in this phase of the cluster. */
    BUSY,
    NOT_SUPPORTED,
    /** Entries of the tree are in the way, or missing, that no client and no server would have left so. */
    DOES_NOT_FIT,
    /** It is not for whoever asks. */
    NOT_ENTITLED,
    /** The owner of the cluster, or whoever asks, may not have so many nodes. */
    OVER_QUOTA,
    /** The request itself cannot be understood. */
    INVALID
}
