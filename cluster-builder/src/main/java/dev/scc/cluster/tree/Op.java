package dev.scc.cluster.tree;

/** One part of an all-or-nothing transaction. */
public sealed interface Op {
    /** Any version will do. */
    int ANY = -1;

    String path();

    /** Nothing changes, but the transaction fails unless the entry is there with this version. */
    record Check(String path, int version) implements Op {}

    /** Fails if the path is taken or its parent is not there. */
    record Create(String path, String text) implements Op {}

    /** Like {@link Create}; the entry goes when this session ends. */
    record CreateEphemeral(String path, String text) implements Op {}

    /** @param version that is replaced, or {@link #ANY} */
    record Set(String path, String text, int version) implements Op {}

    /**
     * Fails if the entry has children.
     *
     * @param version that is removed, or {@link #ANY}
     */
    record Delete(String path, int version) implements Op {}
}
