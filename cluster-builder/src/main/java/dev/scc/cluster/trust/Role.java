package dev.scc.cluster.trust;

import java.util.Locale;

/** What the holder of a certificate is. */
public enum Role {
    SERVER,
    NODE,
    KEEPER,
    ADMIN,
    OPERATOR,
    USER,
    VIEWER;

    /** Whether it is a person's. */
    public boolean isPerson() {
        return switch (this) {
            case ADMIN, OPERATOR, USER, VIEWER -> true;
            case SERVER, NODE, KEEPER -> false;
        };
    }

    /** The root that signs certificates of this role. A certificate of the other root is none. */
    public Root root() {
        return this == SERVER ? Root.SERVERS : Root.MEMBERS;
    }

    /** As certificates and people write it: {@code node}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
