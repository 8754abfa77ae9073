package dev.scc.cluster.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Credentials that do not count, and TLS of those who believe everybody and show nothing. */
final class Strangers {
    private Strangers() {}

    /** A certificate for somebody, signed by the root that signs others: what whoever has the wrong one of two keys can make. */
    static Credentials ofTheOtherRoot(Path authority, Principal principal) throws Exception {
        Root other = principal.role().root() == Root.SERVERS ? Root.MEMBERS : Root.SERVERS;
        String text = Files.readString(authority.resolve(other + ".pem"));
        KeyPair pair = Credentials.newKeys();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                Pem.certificates(text).getFirst().getSubjectX500Principal(),
                BigInteger.TEN,
                Date.from(Instant.now().minus(Duration.ofHours(1))),
                Date.from(Instant.now().plus(Duration.ofHours(1))),
                new X500Principal("O=scc,CN=" + principal.name()),
                pair.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, principal.uri())));
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(Pem.key(text))));
        return new Credentials(
                pair.getPrivate(),
                certificate,
                Authority.open(authority, InstantSource.system()).roots());
    }

    /** One that was good yesterday. */
    static Credentials expired(Path authority, Principal principal) throws IOException {
        Instant then = Instant.now().minus(Duration.ofDays(2));
        return Authority.open(authority, () -> then).issue(principal, Duration.ofDays(1));
    }

    /** Another pool's, with the right name. */
    static Credentials foreign(Path other, Authority ours, Principal principal) throws IOException {
        Credentials theirs = Authority.open(other, InstantSource.system()).issue(principal, Duration.ofDays(1));
        return new Credentials(theirs.key(), theirs.certificate(), ours.roots());
    }

    static SSLSocketFactory tls() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Gullible()}, null);
        return context.getSocketFactory();
    }

    private static final class Gullible implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
