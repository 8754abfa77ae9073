package dev.scc.host.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of objects, by key. Used for what is wanted and for what is observed. */
public record NetState(Map<String, NetObject> objects) {
    public NetState {
        objects = objects instanceof SharingMap ? objects : Collections.unmodifiableMap(new TreeMap<>(objects));
    }

    public static NetState empty() {
        return new NetState(Map.of());
    }

    /** @throws IllegalArgumentException if two different objects have the same key */
    public static NetState of(Collection<? extends NetObject> objects) {
        Map<String, NetObject> byKey = new TreeMap<>();
        for (NetObject object : objects) {
            NetObject before = byKey.put(object.key(), object);
            if (before != null && !before.equals(object)) {
                throw new IllegalArgumentException("two different objects are called " + object.key());
            }
        }
        return new NetState(byKey);
    }

    /** These objects of a node's own, and its parts of what it has in common with others. */
    public static NetState sharing(Collection<? extends NetObject> own, List<SharedObjects.Part> parts) {
        return of(own).sharing(parts);
    }

    NetState sharing(List<SharedObjects.Part> parts) {
        return parts.isEmpty() ? this : new NetState(new SharingMap(parts, objects));
    }

    /** What this node has in common with others; empty if nothing, or nobody knows. */
    List<SharedObjects.Part> parts() {
        return objects instanceof SharingMap sharing ? sharing.parts() : List.of();
    }

    /** All but the parts. */
    NetState own() {
        return objects instanceof SharingMap sharing ? new NetState(sharing.own()) : this;
    }

    /** The same without parts. */
    NetState spread() {
        return objects instanceof SharingMap sharing ? new NetState(sharing.spread()) : this;
    }

    /**
     * What the rest sits on and goes with: links and tables, which bear our mark themselves. Enough to tell what a node may
     * have on it.
     */
    public NetState marked() {
        List<NetObject> marked = new ArrayList<>();
        for (NetObject object : own().objects.values()) {
            switch (object) {
                case NetObject.Link link -> marked.add(link);
                case NetObject.NftTable table -> marked.add(table.brief());
                case NetObject.Address _, NetObject.Fdb _, NetObject.Neighbour _, NetObject.PriorityMap _ -> {}
                case NetObject.TunnelEnd _, NetObject.TunnelPeer _ -> {}
                // Its note tells that it is ours, and what was there before.
                case NetObject.DefaultTos _ -> {}
            }
        }
        return of(marked);
    }

    /** Both together. @throws IllegalArgumentException if they contradict each other */
    public NetState and(NetState other) {
        if (other.parts().isEmpty()
                && !parts().isEmpty()
                && other.objects.keySet().stream().noneMatch(objects::containsKey)) {
            return own().and(other).sharing(parts());
        }
        Collection<NetObject> all = new ArrayList<>(objects.values());
        all.addAll(other.objects.values());
        return of(all);
    }
}
