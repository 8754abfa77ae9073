package dev.scc.vpc;

import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;

/** One node's part of a VPC: where its VXLAN packets go on the underlay, and its first ENI's address. */
public record VpcMember(NodeName node, Ipv4 underlay, Ipv4 address) {}
