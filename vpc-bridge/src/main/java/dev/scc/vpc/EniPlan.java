package dev.scc.vpc;

import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Mac;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All ENIs of one node in one VPC, that of its cluster among them, which share a VXLAN device. Pure. At most one is in the node's own
 * network namespace. The others
 * are handed over: each is an end of a cable of its own, or a tap, so that whose a frame is follows from where it comes from, and
 * not from anything that stands in it. Frames between two of them pass the VXLAN device, too.
 *
 * @param owner the VPC's mark on the links
 * @param everybody in the VPC, those of this node among them
 * @param own the one in the node's own namespace; empty if there is none
 * @param handed those that are handed over
 */
public record EniPlan(String owner, VpcNetwork vpc, List<VpcMember> everybody, Optional<Own> own, List<Handed> handed) {

    /**
     * An ENI in the node's own namespace.
     *
     * @param device name of its interface
     * @param owner the mark on it
     * @param address the primary one
     * @param known whom it reaches, and is reached by: a part of everybody
     */
    public record Own(String device, String owner, Ipv4 address, List<VpcMember> known) {
        public Own {
            known = List.copyOf(known);
        }
    }

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
        VpcPlan plan = VpcPlan.of(
                owner, Optional.of(owner), vpc, everybody, own.map(Own::device).orElse(overlay), cables);
        List<VpcMember> here = new ArrayList<>();
        own.ifPresent(eni -> here.add(member(eni.address())));
        handed.forEach(eni -> here.add(member(eni.filter().addresses().first())));
        VpcMember first = here.getFirst();
        if (handed.isEmpty()) {
            return plan.wanted(first, underlayNetdev, underlayMtu);
        }
        int mtu = plan.mtu(underlayMtu);
        List<NetObject> objects = new ArrayList<>();
        objects.add(plan.shield());
        objects.add(plan.vxlan(first, underlayNetdev, mtu));
        objects.add(rest(overlay));
        for (VpcMember member : everybody) {
            Mac mac = Mac.of(member.address());
            // Those of this node, too: what the device sends to itself comes in as from others.
            objects.add(new NetObject.Fdb(overlay, mac, vpc.place(member)));
            member.addresses().all().forEach(address -> objects.add(new NetObject.Neighbour(overlay, address, mac)));
        }
        own.ifPresent(eni -> own(eni, member(eni.address()), overlay, mtu, objects));
        for (Handed eni : handed) {
            objects.add(new NetObject.Link(eni.filter().device(), owner, eni.end(overlay), mtu, Optional.empty()));
            objects.add(eni.filter().table());
        }
        return NetState.of(objects);
    }

    private void own(Own eni, VpcMember me, String overlay, int mtu, List<NetObject> objects) {
        String device = eni.device();
        objects.add(new NetObject.Link(device, eni.owner(), new LinkKind.Macvlan(overlay), mtu, Optional.of(me.mac())));
        for (Ip address : me.addresses().all()) {
            objects.add(new NetObject.Address(device, address, vpc.prefixOf(address)));
        }
        for (VpcMember member : eni.known()) {
            member.addresses().all().stream()
                    .filter(address -> !member.address().equals(me.address())
                            && me.addresses().all().stream().anyMatch(address::like))
                    .forEach(address -> objects.add(new NetObject.Neighbour(device, address, member.mac())));
        }
    }

    private VpcMember member(Ipv4 address) {
        return everybody.stream()
                .filter(member -> member.address().equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(address + " is not a member of VPC " + vpc.name()));
    }

    /**
     * What comes in and is no ENI's that was handed over, is the own one's or nobody's. Whom that does not know has no way to it: the
     * table around the VPC lets in everybody whom another ENI of the node knows, each with its own Ethernet address.
     */
    private NetObject.NftTable rest(String overlay) {
        return new NetObject.NftTable(NetObject.NftTable.nameOn(overlay), """
                chain rest {
                    type filter hook ingress device "%s" priority 1; policy accept;
                %s}
                """.formatted(
                        overlay, own.map(this::others).orElse("    drop\n")));
    }

    private String others(Own eni) {
        Set<Mac> strangers = new TreeSet<>(Comparator.comparing(Mac::value));
        everybody.forEach(member -> strangers.add(member.mac()));
        eni.known().forEach(member -> strangers.remove(member.mac()));
        return "    ether daddr != " + Mac.of(eni.address()) + " drop\n"
                + (strangers.isEmpty()
                        ? ""
                        : "    ether saddr "
                                + strangers.stream().map(Mac::value).collect(Collectors.joining(", ", "{ ", " }"))
                                + " drop\n");
    }
}
