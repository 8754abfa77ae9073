package dev.scc.simulation;

/** What may be wrong with an RDMA device, though its port is up. */
enum DeviceHarm {
    NONE,
    /** What it sends itself does not arrive. */
    FAILS,
    /** It arrives, and the device counts errors. */
    COUNTS_ERRORS,
    /** Nothing that is begun on it ends. */
    HANGS,
    /** There is nothing to try it with, which says nothing of the device. */
    CANNOT_BE_TRIED
}
