package dev.scc.cluster.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process trusts: the certificates of both authorities. Each has one, or while it is being replaced two.
 *
 * @param servers sign servers
 * @param members sign nodes, keepers and people
 */
public record Roots(List<X509Certificate> servers, List<X509Certificate> members) {
    public Roots {
        servers = List.copyOf(servers);
        members = List.copyOf(members);
    }

    /** Those among the certificates that say they are roots. */
    static Roots among(List<X509Certificate> certificates) {
        return new Roots(of(Root.SERVERS, certificates), of(Root.MEMBERS, certificates));
    }

    private static List<X509Certificate> of(Root root, List<X509Certificate> certificates) {
        return certificates.stream()
                .filter(certificate -> Principal.uri(certificate)
                        .filter(Principal.uri(root)::equals)
                        .isPresent())
                .toList();
    }

    /** First the one that signs. */
    public List<X509Certificate> of(Root root) {
        return switch (root) {
            case SERVERS -> servers;
            case MEMBERS -> members;
        };
    }

    Stream<X509Certificate> all() {
        return Stream.concat(servers.stream(), members.stream());
    }
}
