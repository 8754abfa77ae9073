package dev.scc.cluster.agent;

import dev.scc.cluster.Member;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Roster;
import java.util.Optional;

/** What a node serves at the moment: the roster, its own entry in it, and how its RDMA device is reached. */
public record ServedCluster(Roster roster, Member self, Optional<NodeStatus.SegmentAddress> segment) {}
