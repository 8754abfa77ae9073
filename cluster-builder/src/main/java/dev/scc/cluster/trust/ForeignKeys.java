package dev.scc.cluster.trust;

import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates in files that are not of scc's making. */
public final class ForeignKeys {
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private static final char[] NONE = new char[0];

    private ForeignKeys() {}

    /** @throws UserMistake if the file does not hold certificates of authorities */
    public static void checkTrust(Path file) {
        try {
            certificates(file);
        } catch (IOException e) {
            throw new UserMistake(file + " does not hold certificates of authorities in PEM: " + e.getMessage());
        }
    }

    /** @throws UserMistake if the file does not hold a key with its certificate, or is for others' eyes, too */
    public static void checkIdentity(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new UserMistake(file + " holds a key, and others may read or write it: chmod 600 " + file);
            }
            identity(file);
        } catch (IOException e) {
            throw new UserMistake(file + " does not hold a key and its certificate in PEM: " + e.getMessage());
        }
    }

    /** Believes whom the authorities in that file have signed. */
    public static TrustManager[] trust(Path file) throws IOException {
        try {
            KeyStore store = empty();
            int number = 0;
            for (X509Certificate each : certificates(file)) {
                store.setCertificateEntry("authority" + number++, each);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Shows what that file has. */
    public static KeyManager[] identity(Path file) throws IOException {
        String text = Files.readString(file);
        List<X509Certificate> chain = certificates(file);
        return keys(key(text, chain.getFirst()), chain);
    }

    /** Shows what a process shows others of scc. */
    public static KeyManager[] identity(Credentials credentials) throws IOException {
        return keys(credentials.key(), List.of(credentials.certificate()));
    }

    private static KeyManager[] keys(PrivateKey key, List<X509Certificate> chain) throws IOException {
        try {
            KeyStore store = empty();
            store.setKeyEntry("own", key, NONE, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NONE);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NONE);
        return store;
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> all = Pem.certificates(Files.readString(file));
        if (all.isEmpty()) {
            throw new IOException("there is no certificate in it");
        }
        return all;
    }

    private static PrivateKey key(String text, X509Certificate certificate) throws IOException {
        try {
            return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(Pem.keyBytes(text)));
        } catch (GeneralSecurityException e) {
            // Without what the library says: that may quote the key.
            throw new IOException(
                    "the private key in it (PKCS #8, not encrypted) is not that of the first certificate");
        }
    }
}
