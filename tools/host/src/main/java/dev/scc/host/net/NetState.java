package dev.scc.host.net;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A set of objects, by key. Used for what is wanted and for what is observed. */
public record NetState(Map<String, NetObject> objects) {
    public NetState {
        objects = Collections.unmodifiableMap(new TreeMap<>(objects));
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

    /** Both together. @throws IllegalArgumentException if they contradict each other */
    public NetState and(NetState other) {
        Collection<NetObject> all = new java.util.ArrayList<>(objects.values());
        all.addAll(other.objects.values());
        return of(all);
    }
}
