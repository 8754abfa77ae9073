package dev.scc.cluster.trust;

import dev.scc.host.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What a server lets a person do on the nodes of one cluster, with the server's signature: nodes cannot read what the tree
 * holds of people, and need not believe each other. Written as {@code CONTENT.SIGNATURE.CERTIFICATE}, each part in Base64
 * (RFC 4648, section 5).
 *
 * @param cluster whose nodes it is for
 * @param unixUser who the person's jobs run as; empty for the account that each node has for all who have none
 * @param root whether the person asked for root's rights, and may have them
 * @param issuedMillis when it was signed, in milliseconds since 1970
 */
public record Permit(Principal person, String cluster, Optional<String> unixUser, boolean root, long issuedMillis) {
    /** Long enough to start a job on nodes that are slow. Who was put out meanwhile is stopped by that. */
    static final Duration LIFE = Duration.ofHours(1);

    /** Clocks of machines differ a little. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private static final String ALGORITHM = "SHA256withECDSA";
    private static final String PURPOSE = "scc permit\n";
    private static final int LONGEST = 8 << 10;
    private static final int PARTS = 3;

    /** Signs it. @throws IllegalArgumentException if the credentials are no server's */
    public String signed(Credentials server) {
        if (server.principal().role() != Role.SERVER) {
            throw new IllegalArgumentException(server.principal() + " signs no permits");
        }
        byte[] content = Json.writeBytes(this);
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(server.key());
            update(signature, content);
            return text(content) + "." + text(signature.sign()) + "."
                    + text(server.certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with this curve", e);
        }
    }

    private static void update(Signature signature, byte[] content) throws GeneralSecurityException {
        signature.update(PURPOSE.getBytes(StandardCharsets.US_ASCII));
        signature.update(content);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * What a server has signed.
     *
     * @param text by {@link #signed}
     * @throws IllegalArgumentException if no server of this pool has signed it, or too long ago; the message says why
     */
    public static Permit check(String text, Roots roots, Instant now) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("the permit is too long");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("that is no permit");
        }
        byte[] content = bytes(parts[0]);
        try {
            X509Certificate server = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(bytes(parts[2])));
            new PeerTrust(() -> roots, who -> who.role() == Role.SERVER, "a server")
                    .check(new X509Certificate[] {server});
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(server.getPublicKey());
            update(signature, content);
            if (!signature.verify(bytes(parts[1]))) {
                throw new IllegalArgumentException("the permit is not what a server has signed");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no server of this pool has signed the permit: " + e.getMessage(), e);
        }
        return Json.read(content, Permit.class).timely(now);
    }

    /** This one. @throws IllegalArgumentException if it was signed too long ago, or will be */
    Permit timely(Instant now) {
        Instant issued = Instant.ofEpochMilli(issuedMillis);
        if (now.isAfter(issued.plus(LIFE)) || now.isBefore(issued.minus(AHEAD))) {
            throw new IllegalArgumentException("the permit is of " + issued + ", and it is " + now);
        }
        return this;
    }

    private static byte[] bytes(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
