package dev.scc.host.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.KeyAgreement;

/** The public half of a key of X25519 (RFC 7748), as WireGuard writes it: 32 bytes in Base64. */
public record TunnelKey(@JsonValue String value) {
    /** How many bytes either half has. */
    static final int LENGTH = 32;

    private static final Pattern NOTATION = Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=");
    private static final String CURVE = "X25519";
    private static final BigInteger BASE = BigInteger.valueOf(9);

    @JsonCreator
    public TunnelKey {
        if (!NOTATION.matcher(value).matches()) {
            throw new IllegalArgumentException("\"" + value + "\" is not a key of 32 bytes in Base64");
        }
    }

    /** @throws IllegalArgumentException if there are not 32 of them */
    static TunnelKey of(byte[] bytes) {
        return new TunnelKey(Base64.getEncoder().encodeToString(bytes));
    }

    /** The one that goes with a secret half of 32 bytes. */
    static TunnelKey ofSecret(byte[] secret) {
        if (secret.length != LENGTH) {
            throw new IllegalArgumentException("a secret half has " + secret.length + " bytes, not " + LENGTH);
        }
        try {
            KeyFactory factory = KeyFactory.getInstance(CURVE);
            KeyAgreement product = KeyAgreement.getInstance(CURVE);
            product.init(factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret)));
            product.doPhase(factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE)), true);
            return of(product.generateSecret());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has X25519", e);
        }
    }

    byte[] bytes() {
        return Base64.getDecoder().decode(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
