package dev.scc.vpc;

import dev.scc.host.Cidr;

/** A VPC: its name, the overlay that carries it, and its addresses. */
public record VpcNetwork(String name, Vni vni, Cidr cidr) {}
