package dev.scc.cluster;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses of a VPC that somebody in it has, and where they are. It stays until no machine can bear them any more.
 *
 * @param who such as {@code cluster demo}
 * @param members by rank
 * @param groups security groups that it is in; with none it lets everybody in whom its node knows
 */
public record Holding(
        String who, List<VpcMember> members, @Later List<GroupName> groups) {
    public Holding {
        members = List.copyOf(members);
        groups = List.copyOf(groups);
    }

    /** The same in other groups. */
    public Holding in(List<GroupName> next) {
        return new Holding(who, members, next);
    }

    /** The same addresses of one ENI, on another node. */
    public Holding movedTo(NodeName node, Ipv4 underlay) {
        VpcMember now = members.getFirst();
        return new Holding(who, List.of(new VpcMember(node, underlay, now.address(), now.more())), groups);
    }

    /** Name of the entry of a cluster, by the number of its networks: one of the same name may come before it is gone. */
    public static String ofCluster(int network) {
        return "cluster-" + network;
    }

    /** What a cluster has in its VPC, with those who have left and may bear its addresses still. */
    public static Holding of(ClusterName cluster, VpcNetwork vpc, List<Member> members, List<Member> leaving) {
        return new Holding(
                "cluster " + cluster,
                Stream.concat(members.stream(), leaving.stream())
                        .map(member -> member.in(vpc))
                        .toList(),
                List.of());
    }

    /** Whether one of them is on that node. */
    public boolean isOn(NodeName node) {
        return members.stream().anyMatch(member -> member.node().equals(node));
    }

    /** The addresses themselves. */
    public List<Ip> addresses() {
        return members.stream()
                .flatMap(member -> member.addresses().all().stream())
                .toList();
    }
}
