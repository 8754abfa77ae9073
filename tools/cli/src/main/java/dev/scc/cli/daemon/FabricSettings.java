package dev.scc.cli.daemon;

import dev.scc.fabric.segment.PriorityPairs;

/**
 * How an agent handles its node's part of the fabric.
 *
 * @param withDevice whether the node has an RDMA device, or gets one in software
 * @param priorities the class of the segments' traffic
 */
public record FabricSettings(boolean withDevice, PriorityPairs priorities) {}
