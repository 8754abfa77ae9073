package dev.scc.fabric.segment;

import dev.scc.fabric.VlanId;
import dev.scc.host.Cidr;

/** One cluster's isolated part of the fabric. */
public record Segment(VlanId vlan, Cidr cidr) {}
