package dev.scc.cluster.world;

/** A value with the version of the entry that it was read from. */
public record Held<T>(T value, int version) {

    /** The same value, seen as what it is. */
    public <U extends T> Held<U> as(U same) {
        return new Held<>(same, version);
    }
}
