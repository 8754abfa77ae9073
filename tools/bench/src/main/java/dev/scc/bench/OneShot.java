package dev.scc.bench;

import dev.scc.host.Mac;
import dev.scc.host.net.LinkKind;
import dev.scc.host.net.NetObject;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.NftTable;
import dev.scc.host.net.NetState;
import java.util.List;

/**
 * A node's network as somebody would write it down who knows that nothing is there yet: what {@code nft -f}, {@code ip
 * -batch} and {@code bridge -batch} read, with nothing checked and nothing to be taken back.
 */
record OneShot(String nft, String ip, String bridge) {

    /** That of a VPC, as wanted; only what a VPC is made of. */
    static OneShot of(NetState wanted) {
        StringBuilder nft = new StringBuilder();
        StringBuilder links = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        StringBuilder bridge = new StringBuilder();
        // From the bottom: what is on nothing of ours, then what is on that.
        for (NetObject object : sorted(wanted)) {
            switch (object) {
                case NftTable table ->
                    nft.append("table inet %s {\ncomment \"scc:%s\"\n%s\n}\n"
                            .formatted(table.name(), table.digest(), table.body()));
                case Link link -> links.append(link(link));
                case Address address ->
                    rest.append(
                            "addr add %s/%d dev %s\n".formatted(address.address(), address.prefix(), address.link()));
                case Neighbour neighbour ->
                    rest.append("neigh add %s lladdr %s dev %s nud permanent\n"
                            .formatted(neighbour.address(), neighbour.mac(), neighbour.link()));
                case NetObject.PriorityMap map ->
                    map.egress()
                            .forEach((from, to) -> rest.append("link set dev %s type vlan egress-qos-map %d:%d\n"
                                    .formatted(map.link(), from, to)));
                case NetObject.DefaultTos _, NetObject.TunnelEnd _, NetObject.TunnelPeer _ ->
                    throw new IllegalArgumentException("no part of a VPC that is not encrypted");
                case Fdb fdb ->
                    bridge.append(
                            "fdb add %s dev %s dst %s self permanent\n".formatted(fdb.mac(), fdb.link(), fdb.remote()));
            }
        }
        return new OneShot(nft.toString(), links.append(rest).toString(), bridge.toString());
    }

    private static List<NetObject> sorted(NetState wanted) {
        return wanted.objects().values().stream()
                .sorted(java.util.Comparator.comparing(
                        (NetObject object) -> object instanceof Link link && !(link.kind() instanceof LinkKind.Vxlan)))
                .toList();
    }

    private static String link(Link link) {
        String born = "name %s group 1484 mtu %d".formatted(link.name(), link.mtu())
                + link.mac().map(Mac::toString).map(mac -> " address " + mac).orElse("");
        String add = switch (link.kind()) {
            case LinkKind.Vxlan vxlan ->
                "link add %s type vxlan id %d local %s dev %s dstport %d nolearning\n"
                        .formatted(born, vxlan.vni(), vxlan.local(), vxlan.underlay(), vxlan.port());
            case LinkKind.Macvlan(String parent) ->
                "link add link %s %s type macvlan mode bridge\n".formatted(parent, born);
            case LinkKind.Veth _ ->
                "link add %s type veth peer name %s mtu %d\n"
                        .formatted(born, LinkKind.Veth.otherEnd(link.name()), link.mtu());
            case LinkKind.Tap _ ->
                "tuntap add dev " + link.name() + " mode tap\nlink set " + link.name() + " mtu " + link.mtu() + "\n";
            case LinkKind.Tunnel _ -> "link add %s type wireguard\n".formatted(born);
            case LinkKind.Vlan(String parent, int id) ->
                "link add link %s %s type vlan id %d\n".formatted(parent, born, id);
        };
        return add
                + "link set %1$s addrgenmode none\nlink set %1$s alias scc:%2$s up\n"
                        .formatted(link.name(), link.owner());
    }
}
