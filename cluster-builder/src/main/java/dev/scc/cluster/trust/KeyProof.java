package dev.scc.cluster.trust;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** A signature by which somebody shows that he has the key for which he wants a certificate, and for whom. */
public final class KeyProof {
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final int BITS = 256;
    private static final int LARGEST = 512;

    private KeyProof() {}

    /** Proves that whoever has the pair wants a certificate for {@code principal}. */
    public static byte[] of(KeyPair pair, Principal principal) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(pair.getPrivate());
            signature.update(content(pair.getPublic().getEncoded(), principal));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with this curve", e);
        }
    }

    private static byte[] content(byte[] key, Principal principal) {
        byte[] text = ("scc certificate for " + principal + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(text, text.length + key.length);
        System.arraycopy(key, 0, all, text.length, key.length);
        return all;
    }

    /**
     * The key, if the proof holds.
     *
     * @param key as {@link PublicKey#getEncoded} has it
     * @throws IllegalArgumentException if it does not, or the key is none of the curve P-256
     */
    public static PublicKey check(byte[] key, byte[] proof, Principal principal) {
        if (key.length > LARGEST || proof.length > LARGEST) {
            throw new IllegalArgumentException("the key or its proof is too long");
        }
        try {
            PublicKey read = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key));
            if (!(read instanceof ECPublicKey curve)
                    || curve.getParams().getCurve().getField().getFieldSize() != BITS) {
                throw new IllegalArgumentException("the key is not of the curve P-256");
            }
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(read);
            signature.update(content(key, principal));
            if (!signature.verify(proof)) {
                throw new IllegalArgumentException("the key is not proven");
            }
            return read;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key or its proof cannot be read", e);
        }
    }
}
