package dev.scc.vpc;

import dev.scc.host.Ip;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import dev.scc.host.net.SharedObjects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the members of a VPC have in common, worked out once. Each member has all of it but the way to itself.
 *
 * @param owner the mark on the interfaces
 * @param shared the mark on the VXLAN devices, if ENIs of others come and go on them; empty if they are the owner's alone
 * @param overlay the name of the VXLAN device
 * @param eni the name of the interface that each of them has on it
 * @param neighbours by their primary addresses
 * @param further neighbours by other addresses of theirs
 * @param members by their nodes; of several of one node, the first
 */
public record VpcPlan(
        String owner,
        Optional<String> shared,
        VpcNetwork vpc,
        String overlay,
        String eni,
        NetObject.NftTable shield,
        SharedObjects entries,
        SharedObjects neighbours,
        List<NetObject.Neighbour> further,
        Map<NodeName, VpcMember> members) {
    /** The interface that a member of a cluster has in its VPC. */
    public static final String OF_CLUSTER = "eni0";

    /**
     * Works it out.
     *
     * @param owner the cluster's name; the mark on the links
     * @throws IllegalArgumentException if members contradict each other, an address is not a host address of the VPC, or an
     *     underlay address is inside the VPC
     */
    public static VpcPlan of(String owner, VpcNetwork vpc, List<VpcMember> members) {
        return of(owner, vpc, members, OF_CLUSTER);
    }

    /** The same for one whose interface in the VPC has another name. */
    public static VpcPlan of(String owner, VpcNetwork vpc, List<VpcMember> members, String eni) {
        return of(owner, Optional.empty(), vpc, members, eni, List.of());
    }

    /**
     * The same for members on whose VXLAN devices ENIs may come and go without a gap for them.
     *
     * @param mark of the VPC, on the VXLAN device
     */
    public static VpcPlan sharing(String owner, String mark, VpcNetwork vpc, List<VpcMember> members) {
        return of(owner, Optional.of(mark), vpc, members, OF_CLUSTER, List.of());
    }

    /** @param cables names of our ends of those that lead to ENIs in others' namespaces */
    static VpcPlan of(
            String owner,
            Optional<String> shared,
            VpcNetwork vpc,
            List<VpcMember> members,
            String eni,
            List<String> cables) {
        VpcPlanner.check(vpc, members);
        String overlay = overlay(vpc);
        List<NetObject.Fdb> entries = new ArrayList<>();
        List<NetObject.Neighbour> neighbours = new ArrayList<>();
        List<NetObject.Neighbour> further = new ArrayList<>();
        Map<NodeName, VpcMember> byNode = new HashMap<>();
        for (VpcMember member : members) {
            Mac mac = Mac.of(member.address());
            entries.add(new NetObject.Fdb(overlay, mac, vpc.place(member)));
            neighbours.add(new NetObject.Neighbour(eni, member.address(), mac));
            member.more().forEach(address -> further.add(new NetObject.Neighbour(eni, address, mac)));
            byNode.putIfAbsent(member.node(), member);
        }
        return new VpcPlan(
                owner,
                shared,
                vpc,
                overlay,
                eni,
                new NetObject.NftTable(shieldOf(vpc), VpcPlanner.shield(vpc, members, eni, cables)),
                SharedObjects.entries(entries),
                SharedObjects.neighbours(neighbours),
                List.copyOf(further),
                byNode);
    }

    /** The name of the table of nftables around a VPC's addresses. */
    public static String shieldOf(VpcNetwork vpc) {
        return "scc_" + overlay(vpc);
    }

    /** The name of the VXLAN device of a VPC. */
    public static String overlay(VpcNetwork vpc) {
        return "vpc" + vpc.vni();
    }

    private VpcMember member(NodeName self) {
        VpcMember me = members.get(self);
        if (me == null) {
            throw new IllegalArgumentException(self + " is not a member of VPC " + vpc.name());
        }
        return me;
    }

    int mtu(int underlayMtu) {
        int carried = underlayMtu - vpc.overhead();
        return Math.min(carried, vpc.mtu().orElse(carried));
    }

    /**
     * All that {@code self} has to have for this VPC, but the tunnels of one that is encrypted.
     *
     * @param underlayNetdev the interface that carries the VXLAN packets, or those of tunnels
     * @param underlayMtu its MTU in bytes; if it has become too small for that of the VPC, this member's part follows it
     * @throws IllegalArgumentException if {@code self} is no member
     */
    public NetState wanted(NodeName self, String underlayNetdev, int underlayMtu) {
        return wanted(member(self), underlayNetdev, underlayMtu);
    }

    /** A device that is shared answers ARP and neighbour solicitations, which it cannot learn later. */
    NetObject.Link vxlan(VpcMember me, String underlayNetdev, int mtu) {
        return new NetObject.Link(
                overlay,
                shared.orElse(owner),
                new LinkKind.Vxlan(
                        vpc.vni().value(),
                        vpc.encrypted() ? Tunnel.DEVICE : underlayNetdev,
                        vpc.place(me),
                        VpcPlanner.PORT,
                        shared.isPresent()),
                mtu,
                Optional.empty());
    }

    NetState wanted(VpcMember me, String underlayNetdev, int underlayMtu) {
        int mtu = mtu(underlayMtu);
        Mac mac = Mac.of(me.address());
        List<NetObject> own = new ArrayList<>(List.of(
                shield,
                vxlan(me, underlayNetdev, mtu),
                new NetObject.Link(eni, owner, new LinkKind.Macvlan(overlay), mtu, Optional.of(mac))));
        for (Ip address : me.addresses().all()) {
            own.add(new NetObject.Address(eni, address, vpc.prefixOf(address)));
        }
        further.stream()
                .filter(neighbour -> !neighbour.mac().equals(mac))
                .filter(neighbour -> me.addresses().all().stream().anyMatch(neighbour.address()::like))
                .forEach(own::add);
        return NetState.sharing(
                own,
                List.of(
                        entries.without(new NetObject.Fdb(overlay, mac, vpc.place(me)).key()),
                        neighbours.without(new NetObject.Neighbour(eni, me.address(), mac).key())));
    }
}
