package dev.scc.cli.daemon;

import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.mesh.MeshBudget;
import java.util.Optional;

/**
 * How an agent handles its node's part of the fabric.
 *
 * @param withDevice whether the node has an RDMA device, or gets one in software
 * @param traffic the class of the segments' traffic
 * @param mesh what the node may send for its clusters' meshes; empty if it takes no part in them
 */
public record FabricSettings(boolean withDevice, TrafficClass traffic, Optional<MeshBudget> mesh) {}
