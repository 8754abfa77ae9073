package dev.scc.cluster.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;

/** The key of a root. */
sealed interface RootKey {

    /** In this process, and in a file of its own. */
    record Held(PrivateKey key) implements RootKey {}

    /** Wherever the operator's program has it. */
    record Elsewhere(SignerProgram program, Root root, PublicKey key) implements RootKey {}

    /** By which this key signs. */
    private String algorithm() {
        try {
            return switch (this) {
                case Held _ -> "SHA256withECDSA";
                case Elsewhere(SignerProgram _, Root _, PublicKey key) -> SignerProgram.algorithm(key);
            };
        } catch (IOException e) {
            throw new SigningFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private byte[] sign(byte[] bytes, String who, Duration life) {
        try {
            return switch (this) {
                case Held(PrivateKey key) -> {
                    Signature signer = Signature.getInstance(algorithm());
                    signer.initSign(key);
                    signer.update(bytes);
                    yield signer.sign();
                }
                case Elsewhere(SignerProgram program, Root root, PublicKey key) ->
                    program.sign(root, key, bytes, who, life);
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        } catch (IOException e) {
            throw new SigningFailed(String.valueOf(e.getMessage()), e);
        }
    }

    /** As the builder of certificates wants it. */
    default ContentSigner signer(String who, Duration life) {
        AlgorithmIdentifier algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm());
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        return new ContentSigner() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return algorithm;
            }

            @Override
            public OutputStream getOutputStream() {
                return content;
            }

            @Override
            public byte[] getSignature() {
                return sign(content.toByteArray(), who, life);
            }
        };
    }
}
