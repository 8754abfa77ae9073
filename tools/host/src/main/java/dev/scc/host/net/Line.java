package dev.scc.host.net;

import dev.scc.host.Ip;
import dev.scc.host.Ipv6;
import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.NftTable;
import dev.scc.host.net.NetObject.PriorityMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A line of a batch file (of nft's, several: it does not say at which it stopped).
 *
 * @param step the position of the step that it belongs to
 * @param optional whether its failure does not matter
 * @param otherwise what does the same and takes longer, to be tried when the whole batch has failed; empty if there is none
 */
record Line(int step, String text, boolean optional, Optional<String> otherwise) {

    /** The lines of a batch. */
    static List<Line> of(List<Step> steps, Batch batch) {
        List<Line> lines = new ArrayList<>();
        for (int index = batch.from(); index < batch.to(); index++) {
            if (!batch.covered().contains(index)) {
                for (String text : texts(steps.get(index))) {
                    // Without IPv6 in the kernel there is no address generation to switch off.
                    lines.add(new Line(index, text, text.contains(" addrgenmode "), otherwise(steps.get(index))));
                }
            }
        }
        return lines;
    }

    private static List<String> texts(Step step) {
        return switch (step) {
            case Step.Add(Link link) -> addition(link);
            case Step.Add(Address address) -> List.of(addition(address.address(), address.prefix(), address.link()));
            case Step.Add(Neighbour n) ->
                List.of("neigh replace %s lladdr %s dev %s nud permanent".formatted(n.address(), n.mac(), n.link()));
            case Step.Add(Fdb fdb) ->
                List.of("fdb replace %s dev %s dst %s self permanent".formatted(fdb.mac(), fdb.link(), fdb.remote()));
            case Step.Add(PriorityMap map) -> List.of(priorities(map, header -> header));
            case Step.Add(NftTable table) -> List.of(creation(table));
            case Step.Add(NetObject.DefaultTos _), Step.Remove(NetObject.DefaultTos _) -> List.of();
            case Step.Add(NetObject.TunnelEnd _), Step.Remove(NetObject.TunnelEnd _) -> List.of();
            case Step.Add(NetObject.TunnelPeer _), Step.Remove(NetObject.TunnelPeer _) -> List.of();
            case Step.Remove(Link link) -> List.of("link del dev " + link.name());
            case Step.Remove(Address address) ->
                List.of("addr del %s dev %s".formatted(place(address), address.link()));
            case Step.Remove(Neighbour n) -> List.of("neigh del %s dev %s".formatted(n.address(), n.link()));
            case Step.Remove(Fdb fdb) ->
                List.of("fdb del %s dev %s dst %s self".formatted(fdb.mac(), fdb.link(), fdb.remote()));
            // Priority 0 is none: the kernel keeps the entry, and does not show it any more.
            case Step.Remove(PriorityMap map) -> List.of(priorities(map, _ -> 0));
            case Step.Remove(NftTable table) -> List.of(gone(table));
        };
    }

    /**
     * The kernel takes the group together with the link's birth, and ignores the alias there. So the group marks a link as
     * ours from its first instant, and the alias, which comes last, says that it is finished.
     */
    private static List<String> addition(Link link) {
        String born = " name %s group %d mtu %d".formatted(link.name(), LinuxMachine.GROUP, link.mtu())
                + link.mac().map(mac -> " address " + mac).orElse("");
        String add = switch (link.kind()) {
            case LinkKind.Vlan(String parent, int id) -> "link add link " + parent + born + " type vlan id " + id;
            case LinkKind.Veth _ ->
                "link add%s type veth peer name %s group %d mtu %d"
                        .formatted(born, LinkKind.Veth.otherEnd(link.name()), LinuxMachine.GROUP, link.mtu());
            case LinkKind.Tap _ -> "tuntap add dev " + link.name() + " mode tap";
            case LinkKind.Tunnel _ -> "link add" + born + " type wireguard";
            case LinkKind.Macvlan(String parent) -> "link add link " + parent + born + " type macvlan mode bridge";
            case LinkKind.Vxlan vxlan ->
                "link add%s type vxlan id %d local %s dev %s dstport %d nolearning%s"
                        .formatted(
                                born,
                                vxlan.vni(),
                                vxlan.local(),
                                vxlan.underlay(),
                                vxlan.port(),
                                vxlan.proxy() ? " proxy" : "");
        };
        List<String> lines = new ArrayList<>(List.of(add));
        if (link.kind() instanceof LinkKind.Tap) {
            // It is born by another call, which knows nothing of these.
            lines.add("link set dev %s group %d mtu %d".formatted(link.name(), LinuxMachine.GROUP, link.mtu()));
        }
        lines.addAll(List.of(
                "link set dev " + link.name() + " addrgenmode none",
                "link set dev " + link.name() + " alias " + LinuxMachine.MARK + link.owner() + " up"));
        return lines;
    }

    /** A table is created if it is not there: replacing waits for all processors to have left it (RCU), 20 ms and more. */
    private static String creation(NftTable table) {
        return "create table %1$s { comment \"%2$s%3$s\"; }\n%4$s"
                .formatted(named(table), LinuxMachine.MARK, table.digest(), whole(table));
    }

    private static Optional<String> otherwise(Step step) {
        return switch (step) {
            // Adding, deleting and adding again in one transaction replaces a table whether it was there or not.
            case Step.Add(NftTable table) -> Optional.of(gone(table) + whole(table));
            case Step.Add add -> Optional.empty();
            case Step.Remove remove -> Optional.empty();
        };
    }

    /** The line with the other words, if it has any. */
    Line reworded() {
        return new Line(step, otherwise.orElse(text), optional, Optional.empty());
    }

    /** The line for a table whose counters begin with that, instead of zero. */
    Line goingOn(FilterCounts counted) {
        return new Line(step, counted.into(text), optional, otherwise.map(counted::into));
    }

    private static String whole(NftTable table) {
        return "table %s {\n%s\n}".formatted(named(table), table.marked());
    }

    private static String priorities(PriorityMap map, UnaryOperator<Integer> header) {
        return map.egress().entrySet().stream()
                .map(entry -> entry.getKey() + ":" + header.apply(entry.getValue()))
                .collect(Collectors.joining(" ", "link set dev " + map.link() + " type vlan egress-qos-map ", ""));
    }

    /** Whose an address of IPv6 is follows from our tables: nobody has to be asked whether he has it, and it is there at once. */
    static String addition(Ip address, int prefix, String link) {
        return "addr replace %s/%d dev %s%s".formatted(address, prefix, link, address instanceof Ipv6 ? " nodad" : "");
    }

    private static String place(Address address) {
        return address.address() + "/" + address.prefix();
    }

    private static String gone(NftTable table) {
        return "table %1$s\ndelete table %1$s\n".formatted(named(table));
    }

    private static String named(NftTable table) {
        return NftTable.family(table.name()) + " " + table.name();
    }
}
