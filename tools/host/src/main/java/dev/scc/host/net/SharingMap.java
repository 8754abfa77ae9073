package dev.scc.host.net;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A node's objects, of which it shares some with others. Iterates in the order of keys, like the map that it stands for. */
final class SharingMap extends AbstractMap<String, NetObject> {
    private final List<SharedObjects.Part> parts;
    private final SortedMap<String, NetObject> own;

    SharingMap(List<SharedObjects.Part> parts, Map<String, NetObject> own) {
        // In whatever order they came: those with equal parts are to be seen as equal.
        this.parts = parts.stream()
                .sorted(Comparator.comparing(SharedObjects.Part::entries).reversed())
                .toList();
        this.own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
    }

    List<SharedObjects.Part> parts() {
        return parts;
    }

    SortedMap<String, NetObject> own() {
        return own;
    }

    /** The same without sharing. */
    SortedMap<String, NetObject> spread() {
        SortedMap<String, NetObject> all = new TreeMap<>(own);
        parts.forEach(part -> part.objects().forEach(object -> all.put(object.key(), object)));
        return all;
    }

    @Override
    public int size() {
        return own.size() + parts.stream().mapToInt(SharedObjects.Part::size).sum();
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable NetObject get(@Nullable Object key) {
        if (!(key instanceof String name)) {
            return null;
        }
        NetObject mine = own.get(name);
        return mine != null
                ? mine
                : parts.stream()
                        .flatMap(part -> part.get(name).stream())
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public Set<Entry<String, NetObject>> entrySet() {
        return Collections.unmodifiableSortedMap(spread()).entrySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other instanceof SharingMap sharing && parts.equals(sharing.parts)) {
            return own.equals(sharing.own);
        }
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
