package dev.scc.cli.daemon;

import dev.scc.fabric.TrafficClass;

/**
 * How an agent handles its node's part of the fabric.
 *
 * @param withDevice whether the node has an RDMA device, or gets one in software
 * @param traffic the class of the segments' traffic
 */
public record FabricSettings(boolean withDevice, TrafficClass traffic) {}
