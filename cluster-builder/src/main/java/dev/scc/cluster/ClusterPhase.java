package dev.scc.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a cluster is in its life. */
public enum ClusterPhase {
    /** Nodes are assigned; their agents are building. */
    @JsonProperty("Creating")
    CREATING("Creating"),
    /** All nodes are built; pairs are being probed. */
    @JsonProperty("Verifying")
    VERIFYING("Verifying"),
    /** In use. */
    @JsonProperty("Ready")
    READY("Ready"),
    /** In use, but a member is lost or reports a failure. */
    @JsonProperty("Degraded")
    DEGRADED("Degraded"),
    /** Nodes join or leave because a client asked for it. Those that stay keep their addresses, networks and jobs. */
    @JsonProperty("Scaling")
    SCALING("Scaling"),
    /** Members that are lost or fail are being replaced. */
    @JsonProperty("Repairing")
    REPAIRING("Repairing"),
    /** Building failed; agents are taking everything back. */
    @JsonProperty("RollingBack")
    ROLLING_BACK("RollingBack"),
    /** Building failed, and the spec says to keep what is there. */
    @JsonProperty("Failed")
    FAILED("Failed"),
    /** Agents are taking everything back because a client asked for it. */
    @JsonProperty("Deleting")
    DELETING("Deleting");

    private final String title;

    ClusterPhase(String title) {
        this.title = title;
    }

    /** As shown to people, and in JSON. */
    @Override
    public String toString() {
        return title;
    }
}
