package dev.scc.cluster.trust;

import dev.scc.host.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a process shows and trusts: its key, the certificate of that key, and the roots. Kept in one file, readable for its
 * owner alone, so that it is replaced in one step.
 */
public record Credentials(PrivateKey key, X509Certificate certificate, Roots roots) {
    /** How long before it is signed a certificate begins: clocks of machines differ a little. */
    static final Duration BACK = Duration.ofMinutes(5);

    /** Of its life, the part after which a certificate is renewed. */
    private static final double RENEWED_AFTER = 2.0 / 3;

    /** @throws IllegalArgumentException if the certificate names nobody */
    public Credentials {
        if (Principal.of(certificate).isEmpty()) {
            throw new IllegalArgumentException("the certificate names nobody of scc's");
        }
    }

    /** A new key pair: of the curve P-256, which every TLS library knows. */
    public static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has this curve", e);
        }
    }

    /**
     * What an authority has answered to somebody who made {@code pair}.
     *
     * @param pem the certificate, then the roots
     * @throws IOException if it is something else, or a certificate for another key
     */
    public static Credentials of(KeyPair pair, String pem) throws IOException {
        Credentials answered = parse(Pem.of(pair.getPrivate()) + pem);
        if (!answered.certificate().getPublicKey().equals(pair.getPublic())) {
            throw new IOException("the certificate is for another key");
        }
        return answered;
    }

    /** When an authority has signed the certificate, to the second. */
    static Instant signedAt(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plus(BACK);
    }

    /** When the certificate was signed, to the second. */
    public Instant signed() {
        return signedAt(certificate);
    }

    public Principal principal() {
        return Principal.of(certificate).orElseThrow();
    }

    /** Whether so much of the certificate's life is over that it is to be renewed. */
    public boolean agesAt(Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, ends());
        return now.isAfter(from.plusMillis((long) (life.toMillis() * RENEWED_AFTER)));
    }

    /** From then on nobody accepts it. */
    public Instant ends() {
        return certificate.getNotAfter().toInstant();
    }

    /** @throws IOException if the file is not there or holds something else; the message names it */
    public static Credentials read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IOException("there are no credentials in " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read the credentials in " + file + ": " + e.getMessage(), e);
        }
    }

    /** The content of a file of credentials. */
    static Credentials parse(String text) throws IOException {
        List<X509Certificate> certificates = Pem.certificates(text);
        if (certificates.isEmpty()) {
            throw new IOException("there is no certificate in it");
        }
        try {
            return new Credentials(Pem.key(text), certificates.getFirst(), Roots.among(certificates));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** As a file has them: the key, its certificate, the roots. A secret. */
    public String text() {
        return Pem.of(key) + Pem.of(certificate) + roots.all().map(Pem::of).collect(Collectors.joining());
    }

    /** The key and its certificate without any root, as ZooKeeper wants them. A secret. */
    public String keyAndCertificate() {
        return Pem.of(key) + Pem.of(certificate);
    }

    /** The roots of servers alone. */
    public String rootsOfServers() {
        return roots.servers().stream().map(Pem::of).collect(Collectors.joining());
    }

    /** Replaces the file, which only its owner may read. */
    public void write(Path file) throws IOException {
        new AtomicFile(file).write(text());
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "credentials of " + principal() + " until " + ends();
    }
}
