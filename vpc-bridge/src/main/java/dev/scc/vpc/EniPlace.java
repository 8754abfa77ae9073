package dev.scc.vpc;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where the interface of an ENI is on its node, if it is not in the node's own network namespace. */
public sealed interface EniPlace permits NamespaceFile, GuestTap {

    /** As it is written in the tree: the path of a namespace's file, or {@code tap}. */
    @JsonValue
    String text();

    /** What {@link #text} has written. */
    @JsonCreator
    static EniPlace of(String text) {
        return text.equals(GuestTap.TEXT) ? new GuestTap() : new NamespaceFile(text);
    }

    /** As people call it. */
    String words();
}
