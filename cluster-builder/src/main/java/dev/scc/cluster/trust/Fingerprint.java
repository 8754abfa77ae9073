package dev.scc.cluster.trust;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * What tells a certificate, or a secret, from all others: its SHA-256.
 *
 * @param hex 64 digits
 */
public record Fingerprint(String hex) {
    private static final int DIGITS = 64;

    /** @throws IllegalArgumentException if that is not one */
    public Fingerprint {
        if (hex.length() != DIGITS || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("not a fingerprint");
        }
    }

    /** Of the certificate's encoding. */
    public static Fingerprint of(X509Certificate certificate) {
        try {
            return of(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    /** Of any bytes. */
    public static Fingerprint of(byte[] content) {
        try {
            return new Fingerprint(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
