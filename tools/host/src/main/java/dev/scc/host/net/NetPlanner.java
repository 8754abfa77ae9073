package dev.scc.host.net;

import dev.scc.host.net.NetObject.Address;
import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Link;
import dev.scc.host.net.NetObject.Neighbour;
import dev.scc.host.net.NetObject.NftTable;
import dev.scc.host.net.NetObject.PriorityMap;
import dev.scc.host.net.NetObject.TunnelPeer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Plans the way from one state of a node's network to another. Pure: no clock, no I/O, the same answer to the same question.
 *
 * <p>A plan first removes what is not wanted or not as wanted, then adds. Removals go from the leaves down: what sits on a
 * link goes before it, and the nft tables, which shield all of it, go last. Additions are the other way round. When a
 * link goes, all that sits on it goes by steps of its own (the kernel would take it silently, and an undo would not bring
 * it back), and comes back by steps of its own if it is wanted.
 */
public final class NetPlanner {
    private NetPlanner() {}

    /**
     * The steps from {@code observed} to {@code wanted}; none if they agree. Both are the whole of what bears our mark: an
     * observed object that is not wanted is removed, whoever its owner.
     */
    public static List<Step> plan(NetState observed, NetState wanted) {
        return SharedPlan.of(observed, wanted).orElseGet(() -> each(observed.spread(), wanted.spread()));
    }

    /** Looks at each object. */
    static List<Step> each(NetState observed, NetState wanted) {
        Set<String> going = leaving(observed, wanted);
        List<Step> steps = new ArrayList<>();
        removals(pick(observed, going)).forEach(object -> steps.add(new Step.Remove(object)));

        Set<String> coming = new TreeSet<>(wanted.objects().keySet());
        coming.removeIf(key -> observed.objects().containsKey(key) && !going.contains(key));
        additions(pick(wanted, coming)).forEach(object -> steps.add(new Step.Add(object)));
        return List.copyOf(steps);
    }

    /**
     * Whether what is there serves as what is wanted: equal, but an Ethernet address is compared only if one is wanted, and where the
     * other end of a tunnel is only as to whether somebody has said it: the kernel follows an end that shows itself elsewhere.
     */
    static boolean serves(NetObject there, NetObject wanted) {
        if (there instanceof Link link
                && wanted instanceof Link like
                && like.mac().isEmpty()) {
            return new Link(link.name(), link.owner(), link.kind(), link.mtu(), Optional.empty()).equals(like);
        }
        if (there instanceof TunnelPeer peer
                && wanted instanceof TunnelPeer like
                && peer.port() != 0
                && like.port() != 0) {
            return new TunnelPeer(peer.link(), peer.peer(), peer.address(), like.endpoint(), like.port()).equals(like);
        }
        return there.equals(wanted);
    }

    /** The link that an object sits on, whether ours or not; none for an nft table of all links, and for what is a device's. */
    static Optional<String> below(NetObject object) {
        return switch (object) {
            case Link link -> Optional.of(link.kind().below()).filter(below -> !below.isEmpty());
            case Address address -> Optional.of(address.link());
            case Fdb fdb -> Optional.of(fdb.link());
            case Neighbour neighbour -> Optional.of(neighbour.link());
            case PriorityMap map -> Optional.of(map.link());
            case NftTable table -> table.link();
            case NetObject.TunnelEnd end -> Optional.of(end.link());
            case TunnelPeer peer -> Optional.of(peer.link());
            case NetObject.DefaultTos tos -> Optional.empty();
        };
    }

    private static Set<String> leaving(NetState observed, NetState wanted) {
        Set<String> going = new TreeSet<>();
        observed.objects().forEach((key, there) -> {
            NetObject like = wanted.objects().get(key);
            if (like == null || !serves(there, like)) {
                going.add(key);
            }
        });
        // Of a table whose link has gone the kernel has kept what it could.
        observed.objects().values().stream()
                .filter(object -> object instanceof NftTable)
                .filter(object -> below(object)
                        .map(Link::keyOf)
                        .filter(link -> wanted.objects().containsKey(link)
                                && !observed.objects().containsKey(link))
                        .isPresent())
                .forEach(object -> going.add(object.key()));
        // What sits on something that goes, goes; until nothing more follows.
        boolean more = !going.isEmpty();
        while (more) {
            more = false;
            for (NetObject object : observed.objects().values()) {
                if (below(object).map(Link::keyOf).filter(going::contains).isPresent()) {
                    more |= going.add(object.key());
                }
            }
        }
        // With the last address of a link the kernel forgets its neighbours, permanent ones too (fib_disable_ip). A
        // link
        // that gets its first address would lose them when that is undone.
        Set<Side> losing = addressed(wanted.objects().values().stream());
        losing.removeAll(addressed(observed.objects().values().stream()));
        losing.addAll(addressed(observed.objects().values().stream().filter(object -> going.contains(object.key()))));
        observed.objects().values().stream()
                .filter(object -> object instanceof Neighbour neighbour
                        && losing.contains(
                                new Side(neighbour.link(), neighbour.address().length())))
                .forEach(object -> going.add(object.key()));
        return going;
    }

    /**
     * What a link has of one version of IP.
     *
     * @param length of its addresses in bits
     */
    private record Side(String link, int length) {}

    /** The links that have an address. */
    private static Set<Side> addressed(Stream<NetObject> objects) {
        Set<Side> sides = new HashSet<>();
        objects.forEach(object -> {
            if (object instanceof Address address) {
                sides.add(new Side(address.link(), address.address().length()));
            }
        });
        return sides;
    }

    private static List<NetObject> pick(NetState state, Set<String> keys) {
        return keys.stream().map(state.objects()::get).toList();
    }

    private static List<NetObject> removals(List<NetObject> objects) {
        Map<String, Link> links = links(objects);
        // Forwarding entries of a link that goes too stand with it, so that one batch takes all of them.
        return objects.stream()
                .sorted(Comparator.comparingInt((NetObject object) -> switch (object) {
                            case Fdb fdb -> links.containsKey(fdb.link()) ? 1 : 0;
                            case TunnelPeer peer -> 1;
                            case NetObject.TunnelEnd end -> 1;
                            case Neighbour neighbour -> 1;
                            case PriorityMap map -> 1;
                            case NetObject.DefaultTos tos -> 6;
                            case Address address -> 2;
                            case Link link -> 4;
                            case NftTable table -> table.link().isPresent() ? 3 : 5;
                        })
                        .thenComparingInt(object -> object instanceof Link link ? -depth(link, links) : 0)
                        .thenComparing(NetObject::key))
                .toList();
    }

    private static List<NetObject> additions(List<NetObject> objects) {
        Map<String, Link> links = links(objects);
        return objects.stream()
                .sorted(Comparator.comparingInt((NetObject object) -> switch (object) {
                            case NftTable table -> table.link().isPresent() ? 2 : 0;
                            case Link link -> 1;
                            case Address address -> 3;
                            case Neighbour neighbour -> 6;
                            case PriorityMap map -> 2;
                            case Fdb fdb -> 7;
                            case NetObject.TunnelEnd end -> 4;
                            case TunnelPeer peer -> 5;
                            case NetObject.DefaultTos tos -> -1;
                        })
                        .thenComparingInt(object -> object instanceof Link link ? depth(link, links) : 0)
                        .thenComparing(NetObject::key))
                .toList();
    }

    private static Map<String, Link> links(List<NetObject> objects) {
        Map<String, Link> links = new TreeMap<>();
        for (NetObject object : objects) {
            if (object instanceof Link link) {
                links.put(link.name(), link);
            }
        }
        return links;
    }

    /** How many of the links in {@code among} lie under this one. Bounded, so that even a state with a cycle has a plan. */
    private static int depth(Link link, Map<String, Link> among) {
        int depth = 0;
        Link under = among.get(link.kind().below());
        while (under != null && depth < among.size()) {
            depth++;
            under = among.get(under.kind().below());
        }
        return depth;
    }
}
