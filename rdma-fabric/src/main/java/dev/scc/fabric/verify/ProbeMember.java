package dev.scc.fabric.verify;

import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;

/** A node as verification sees it: its name and its address on the segment. */
public record ProbeMember(NodeName node, Ipv4 address) {}
