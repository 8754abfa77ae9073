package dev.scc.cluster.trust;

/**
 * What a server signs with: for each root its key and its certificate, as text. Secrets, which one server gives to another.
 *
 * @param servers of the root of servers
 * @param members of the root of members
 */
public record AuthorityKeys(String servers, String members) {
    String of(Root root) {
        return switch (root) {
            case SERVERS -> servers;
            case MEMBERS -> members;
        };
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "the keys of an authority";
    }
}
