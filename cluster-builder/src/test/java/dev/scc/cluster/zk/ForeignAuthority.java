package dev.scc.cluster.zk;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that is none of scc's, with keys of RSA as many have. */
final class ForeignAuthority {
    private static final Duration LIFE = Duration.ofDays(1);
    private static final int BITS = 2048;

    private final Path directory;
    private final X500Principal name;
    private final KeyPair keys = pair();
    private final X509Certificate certificate;

    ForeignAuthority(Path directory, String name) throws GeneralSecurityException, IOException {
        this.directory = directory;
        this.name = new X500Principal("CN=" + name);
        JcaX509v3CertificateBuilder builder =
                builder(this.name, keys, Instant.now().plus(LIFE));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        certificate = signed(builder);
    }

    private static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(BITS);
        return generator.generateKeyPair();
    }

    private JcaX509v3CertificateBuilder builder(X500Principal subject, KeyPair pair, Instant end) {
        return new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(Instant.now().minus(Duration.ofDays(3))),
                Date.from(end),
                subject,
                pair.getPublic());
    }

    private X509Certificate signed(JcaX509v3CertificateBuilder builder) throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }

    /** Its certificate. */
    String pem() {
        return pem(certificate);
    }

    static String pem(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Path trust() throws IOException {
        return Files.writeString(directory.resolve(name.getName().substring(3) + "-ca.pem"), pem());
    }

    /** A file of a key and its certificate for a host. */
    Path identity(String host, Instant end) throws GeneralSecurityException, IOException {
        KeyPair pair = pair();
        JcaX509v3CertificateBuilder builder = builder(new X500Principal("CN=" + host), pair, end);
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
        Path file = Files.createFile(
                directory.resolve(host + "-" + end.getEpochSecond() + ".pem"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, block("PRIVATE KEY", pair.getPrivate().getEncoded()) + pem(signed(builder)));
    }
}
