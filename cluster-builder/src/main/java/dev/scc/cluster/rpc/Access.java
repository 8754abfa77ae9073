package dev.scc.cluster.rpc;

import dev.scc.cluster.trust.Role;
import java.util.Arrays;
import java.util.List;

/** Who may call a method. What he may ask for by it may be less: that is for its handler to decide. */
public enum Access {
    /** Those who join have no certificate yet. */
    ANYBODY("anybody"),
    KNOWN("whoever has a certificate"),
    SERVERS("servers"),
    AGENTS("agents"),
    KEEPERS("keepers"),
    FABRIC("servers, agents"),
    READERS("servers, people"),
    USERS("admins, operators, users"),
    JOBS("admins, operators, users, keepers"),
    OPERATORS("admins, operators"),
    ADMINS("admins");

    private final String title;

    Access(String title) {
        this.title = title;
    }

    /** Whether one of that role may call it. */
    public boolean admits(Role role) {
        return switch (this) {
            case ANYBODY, KNOWN -> true;
            case SERVERS -> role == Role.SERVER;
            case AGENTS -> role == Role.NODE;
            case KEEPERS -> role == Role.KEEPER;
            case FABRIC -> role == Role.SERVER || role == Role.NODE;
            case READERS -> role == Role.SERVER || role.isPerson();
            case USERS -> role.isPerson() && role != Role.VIEWER;
            case JOBS -> (role.isPerson() && role != Role.VIEWER) || role == Role.KEEPER;
            case OPERATORS -> role == Role.OPERATOR || role == Role.ADMIN;
            case ADMINS -> role == Role.ADMIN;
        };
    }

    public List<Role> roles() {
        return Arrays.stream(Role.values()).filter(this::admits).toList();
    }

    /** For messages and documentation: {@code admins, operators}. */
    @Override
    public String toString() {
        return title;
    }
}
