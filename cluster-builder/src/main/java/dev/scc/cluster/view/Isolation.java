package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What keeps clusters out of each other's RDMA networks, for tenants are root on their nodes. */
public enum Isolation {
    /** The fabric's switches: they let through what a node's cluster needs and nothing else. */
    @JsonProperty("switch ports")
    SWITCH_PORTS,
    /** Only what is set on the nodes themselves. */
    @JsonProperty("nodes alone")
    NODES_ALONE
}
