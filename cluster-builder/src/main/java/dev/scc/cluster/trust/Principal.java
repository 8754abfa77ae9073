package dev.scc.cluster.trust;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a certificate names, such as {@code node:n7}. Certificates carry it as their only alternative name, a URI
 * (RFC 5280, 4.2.1.6): {@code scc:node:n7}.
 *
 * @param name 1 to 63 letters, digits, dots, hyphens and underscores, with a letter or digit first
 */
public record Principal(Role role, String name) {
    private static final String SCHEME = "scc:";
    private static final int URI = 6;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /** @throws IllegalArgumentException if the name is not one */
    public Principal {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is no name for a " + role
                    + ": 1 to 63 letters, digits, dots, hyphens and underscores, with a letter or digit first");
        }
    }

    /**
     * What {@link #toString} writes.
     *
     * @throws IllegalArgumentException if the text is nothing of that kind
     */
    @JsonCreator
    public static Principal of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("that names nobody"));
    }

    /** The same; empty if the text is nothing of that kind. */
    public static Optional<Principal> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || !NAME.matcher(text.substring(colon + 1)).matches()) {
            return Optional.empty();
        }
        return Arrays.stream(Role.values())
                .filter(role -> role.toString().equals(text.substring(0, colon)))
                .findFirst()
                .map(role -> new Principal(role, text.substring(colon + 1)));
    }

    /** Whom the certificate names; empty if it names nobody of scc's, or several. Does not say that it is to be trusted. */
    public static Optional<Principal> of(X509Certificate certificate) {
        return uri(certificate).flatMap(uri -> parse(uri.substring(SCHEME.length())));
    }

    /** The only alternative name of a certificate, if it is a URI of ours. */
    static Optional<String> uri(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null || names.size() != 1) {
                return Optional.empty();
            }
            List<?> only = names.iterator().next();
            return only.get(0).equals(URI) && only.get(1) instanceof String uri && uri.startsWith(SCHEME)
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }

    String uri() {
        return SCHEME + this;
    }

    static String uri(Root root) {
        return SCHEME + "root:" + root;
    }

    /** {@code node:n7}. */
    @JsonValue
    @Override
    public String toString() {
        return role + ":" + name;
    }
}
