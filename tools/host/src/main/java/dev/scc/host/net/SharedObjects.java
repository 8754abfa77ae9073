package dev.scc.host.net;

import dev.scc.host.net.NetObject.Fdb;
import dev.scc.host.net.NetObject.Neighbour;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Forwarding entries, or neighbours, that all members of a cluster have but for one each: its own. A member's part of them is
 * the whole and a position, so that a thousand members in one process need not each hold, compare and plan a thousand.
 */
public final class SharedObjects {
    private final Class<? extends NetObject> kind;
    /** By their keys. */
    private final List<NetObject> objects;

    private final List<Step> additions;
    private final List<Step> removals;
    private final Map<String, Integer> positions = new HashMap<>();
    private final Set<String> links = new HashSet<>();

    private SharedObjects(Class<? extends NetObject> kind, Collection<NetObject> sorted) {
        this.kind = kind;
        objects = List.copyOf(sorted);
        additions = objects.stream().<Step>map(Step.Add::new).toList();
        removals = objects.stream().<Step>map(Step.Remove::new).toList();
        for (NetObject object : objects) {
            positions.put(object.key(), positions.size());
            NetPlanner.below(object).ifPresent(links::add);
        }
    }

    public static SharedObjects entries(Collection<Fdb> entries) {
        return new SharedObjects(Fdb.class, sorted(entries));
    }

    public static SharedObjects neighbours(Collection<Neighbour> neighbours) {
        return new SharedObjects(Neighbour.class, sorted(neighbours));
    }

    private static Collection<NetObject> sorted(Collection<? extends NetObject> some) {
        Map<String, NetObject> byKey = new TreeMap<>();
        for (NetObject object : some) {
            if (byKey.put(object.key(), object) != null) {
                throw new IllegalArgumentException("two objects are called " + object.key());
            }
        }
        return byKey.values();
    }

    /** Whether something of this kind is shared at all. */
    static boolean sharable(NetObject object) {
        return object instanceof Fdb || object instanceof Neighbour;
    }

    /** All but the one with that key. @throws IllegalArgumentException if there is none */
    public Part without(String key) {
        return new Part(
                this,
                Optional.ofNullable(positions.get(key))
                        .orElseThrow(() -> new IllegalArgumentException(key + " is not among what is shared")));
    }

    /**
     * What one member has of them.
     *
     * @param all held once for all members: parts are equal if it is the same, not only equal
     * @param left the position of the one that this member has not
     */
    public record Part(SharedObjects all, int left) {
        boolean entries() {
            return all.kind == Fdb.class;
        }

        boolean sameKind(Part other) {
            return all.kind == other.all.kind;
        }

        boolean sameKind(NetObject object) {
            return all.kind.isInstance(object);
        }

        /** The names of the links that these sit on. */
        Set<String> links() {
            return all.links;
        }

        int size() {
            return all.objects.size() - 1;
        }

        Optional<NetObject> get(String key) {
            return Optional.ofNullable(all.positions.get(key))
                    .filter(position -> position != left)
                    .map(all.objects::get);
        }

        Stream<NetObject> objects() {
            return Stream.concat(
                    all.objects.subList(0, left).stream(), all.objects.subList(left + 1, all.objects.size()).stream());
        }

        List<Step> additions() {
            return new SharedSteps(this, true);
        }

        List<Step> removals() {
            return new SharedSteps(this, false);
        }

        Step step(boolean add, int index) {
            return (add ? all.additions : all.removals).get(index < left ? index : index + 1);
        }
    }
}
