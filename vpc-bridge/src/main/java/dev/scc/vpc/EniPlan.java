package dev.scc.vpc;

import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All ENIs of one node in one VPC, which share a VXLAN device. Pure. At most one is in the node's own network namespace. The others
 * are handed over: each is an end of a cable of its own, or a tap, so that whose a frame is follows from where it comes from, and
 * not from anything that stands in it. Frames between two of them pass the VXLAN device, too.
 *
 * @param owner the mark on the links
 * @param everybody in the VPC, those of this node among them
 * @param own the one in the node's own namespace; empty if there is none
 * @param handed those that are handed over
 */
public record EniPlan(String owner, VpcNetwork vpc, List<VpcMember> everybody, Optional<Own> own, List<Handed> handed) {

    /** @param device name of its interface */
    public record Own(String device, Ipv4 address) {}

    /**
     * One that is handed over.
     *
     * @param filter what it may send and get, on our end
     * @param tap whether that end is a guest's tap, not a cable into a network namespace
     */
    public record Handed(HandedFilter filter, boolean tap) {
        private LinkKind end(String overlay) {
            return tap ? new LinkKind.Tap(overlay) : new LinkKind.Veth(overlay);
        }
    }

    public EniPlan {
        everybody = List.copyOf(everybody);
        handed = List.copyOf(handed);
        if (own.isEmpty() && handed.isEmpty()) {
            throw new IllegalArgumentException("no ENI of VPC " + vpc.name());
        }
    }

    /**
     * All that the node has to have for them, but the other ends of the cables.
     *
     * @param underlayNetdev the interface that carries the VXLAN packets
     * @param underlayMtu its MTU in bytes
     * @throws IllegalArgumentException if one of them is nobody in the VPC, or those who are there contradict each other
     */
    public NetState wanted(String underlayNetdev, int underlayMtu) {
        String overlay = VpcPlan.overlay(vpc);
        List<String> cables = handed.stream().map(eni -> eni.filter().device()).toList();
        VpcPlan plan = VpcPlan.of(owner, vpc, everybody, own.map(Own::device).orElse(overlay), cables);
        List<VpcMember> here = new ArrayList<>();
        own.ifPresent(eni -> here.add(member(eni.address())));
        handed.forEach(eni -> here.add(member(eni.filter().address())));
        VpcMember first = here.getFirst();
        if (handed.isEmpty()) {
            return plan.wanted(first, underlayNetdev, underlayMtu, true);
        }
        int mtu = plan.mtu(underlayMtu);
        List<NetObject> objects = new ArrayList<>();
        objects.add(plan.shield());
        objects.add(new NetObject.Link(overlay, owner, plan.vxlan(first, underlayNetdev, true), mtu, Optional.empty()));
        objects.add(rest(overlay));
        for (VpcMember member : everybody) {
            Mac mac = Mac.of(member.address());
            // Those of this node, too: what the device sends to itself comes in as from others.
            objects.add(new NetObject.Fdb(overlay, mac, member.underlay()));
            objects.add(new NetObject.Neighbour(overlay, member.address(), mac));
        }
        own.ifPresent(eni -> own(eni, overlay, mtu, objects));
        for (Handed eni : handed) {
            objects.add(new NetObject.Link(eni.filter().device(), owner, eni.end(overlay), mtu, Optional.empty()));
            objects.add(eni.filter().table());
        }
        return NetState.of(objects);
    }

    private void own(Own eni, String overlay, int mtu, List<NetObject> objects) {
        objects.add(new NetObject.Link(
                eni.device(), owner, new LinkKind.Macvlan(overlay), mtu, Optional.of(Mac.of(eni.address()))));
        objects.add(
                new NetObject.Address(eni.device(), eni.address(), vpc.cidr().prefix()));
        everybody.stream()
                .filter(member -> !member.address().equals(eni.address()))
                .forEach(member ->
                        objects.add(new NetObject.Neighbour(eni.device(), member.address(), Mac.of(member.address()))));
    }

    private VpcMember member(Ipv4 address) {
        return everybody.stream()
                .filter(member -> member.address().equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(address + " is not a member of VPC " + vpc.name()));
    }

    /** What comes in and is no ENI's that was handed over, is the own one's or nobody's. */
    private NetObject.NftTable rest(String overlay) {
        String others = own.map(eni -> "ether daddr != " + Mac.of(eni.address()) + " drop")
                .orElse("drop");
        return new NetObject.NftTable(NetObject.NftTable.nameOn(overlay), """
                chain rest {
                    type filter hook ingress device "%s" priority 1; policy accept;
                    %s
                }
                """.formatted(overlay, others));
    }
}
