package dev.scc.cluster.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as text (RFC 7468). */
final class Pem {
    private static final String KEY = "PRIVATE KEY";
    private static final String PUBLIC_KEY = "PUBLIC KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final int LINE = 64;

    private Pem() {}

    static String of(PrivateKey key) {
        return block(KEY, key.getEncoded());
    }

    static String of(X509Certificate certificate) {
        try {
            return block(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    private static String block(String label, byte[] content) {
        String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    /** The certificates in the text, in their order. @throws IOException if one of them is not one */
    static List<X509Certificate> certificates(String text) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        for (byte[] content : blocks(text, CERTIFICATE)) {
            found.add(certificate(content));
        }
        return found;
    }

    static X509Certificate certificate(byte[] encoded) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException e) {
            throw new IOException("not a certificate: " + e.getMessage(), e);
        }
    }

    static boolean hasKey(String text) throws IOException {
        return !blocks(text, KEY).isEmpty();
    }

    /** The only public key in the text, of RSA or of an elliptic curve. @throws IOException if there is none */
    static PublicKey publicKey(String text) throws IOException {
        List<byte[]> keys = blocks(text, PUBLIC_KEY);
        if (keys.size() != 1) {
            throw new IOException(keys.isEmpty() ? "there is no public key in it" : "there are several public keys");
        }
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(keys.getFirst()));
            } catch (GeneralSecurityException e) {
                // Of the other kind, or of none.
            }
        }
        throw new IOException("the public key in it is neither of RSA nor of an elliptic curve");
    }

    /** The only key in the text, as PKCS #8 encodes it. @throws IOException if there is none, or more than one */
    static byte[] keyBytes(String text) throws IOException {
        List<byte[]> keys = blocks(text, KEY);
        if (keys.size() != 1) {
            throw new IOException(keys.isEmpty() ? "there is no private key in it" : "there are several private keys");
        }
        return keys.getFirst();
    }

    /** The only key in the text. @throws IOException if there is none, or more than one, or not of an elliptic curve */
    static PrivateKey key(String text) throws IOException {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keyBytes(text)));
        } catch (GeneralSecurityException e) {
            // Without what the library says: that may quote the key.
            throw new IOException("the private key in it cannot be read");
        }
    }

    private static List<byte[]> blocks(String text, String label) throws IOException {
        List<byte[]> found = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                try {
                    found.add(Base64.getMimeDecoder().decode(matcher.group(2).getBytes(StandardCharsets.US_ASCII)));
                } catch (IllegalArgumentException e) {
                    throw new IOException("a block of it is not in base64");
                }
            }
        }
        return found;
    }
}
