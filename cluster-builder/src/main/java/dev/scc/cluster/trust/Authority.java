package dev.scc.cluster.trust;

import dev.scc.host.AtomicFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * Signs certificates with the keys of both roots, or has a program do so that has them. Lives in servers only. A root is replaced in three steps: {@link #prepare}
 * makes the new one and trusts it, {@link #change} has it sign, {@link #drop} forgets the old one. Thread-safe.
 */
public final class Authority {
    private static final Duration LIFE_OF_ROOTS = Duration.ofDays(3650);

    private static final int SERIAL_BITS = 127;

    private static final SecureRandom CHANCE = new SecureRandom();

    private final Path directory;
    private final Map<Root, Keys> keys;
    private final Optional<SignerProgram> program;
    private final InstantSource clock;

    /** @param also certificates of roots that are trusted and do not sign: one that is to come, or one that was */
    private record Keys(RootKey key, X509Certificate certificate, List<X509Certificate> also) {
        List<X509Certificate> certificates() {
            return Stream.concat(Stream.of(certificate), also.stream()).toList();
        }
    }

    private Authority(Path directory, Map<Root, Keys> keys, Optional<SignerProgram> program, InstantSource clock) {
        this.program = program;
        this.directory = directory;
        this.keys = new ConcurrentHashMap<>(keys);
        this.clock = clock;
    }

    /**
     * That of this directory; makes both roots if there is none.
     *
     * @throws IOException if a file cannot be read or written; the message names it
     */
    public static Authority open(Path directory, InstantSource clock) throws IOException {
        return open(directory, Optional.empty(), clock);
    }

    /**
     * The same with keys that may be elsewhere.
     *
     * @param program has the keys of both roots; empty if they are in the directory
     * @throws IOException also if the program does not sign, or has other keys than those of the roots
     */
    public static Authority open(Path directory, Optional<SignerProgram> program, InstantSource clock)
            throws IOException {
        Map<Root, Keys> keys = new EnumMap<>(Root.class);
        if (program.isPresent()) {
            program.get().check();
        }
        for (Root root : Root.values()) {
            Path file = file(directory, root);
            if (Files.notExists(file)) {
                write(
                        file,
                        program.isPresent() ? make(root, program.get(), clock.instant()) : make(root, clock.instant()));
            }
            keys.put(root, read(file, root, program));
        }
        return new Authority(directory, keys, program, clock);
    }

    /** Whether the keys of the roots are not in this process. */
    public boolean isElsewhere() {
        return program.isPresent();
    }

    /** Whether the directory holds one. */
    public static boolean isIn(Path directory) {
        return Files.exists(file(directory, Root.SERVERS)) && Files.exists(file(directory, Root.MEMBERS));
    }

    /** What another server of the pool needs in order to sign as this one does. Secrets. */
    public AuthorityKeys keys() {
        return new AuthorityKeys(text(keys(Root.SERVERS)), text(keys(Root.MEMBERS)));
    }

    /**
     * Keeps in a directory what another server has given of its authority: the next {@link #open} finds it.
     *
     * @throws IOException if those are no such keys, or the directory holds some; nothing was changed then
     */
    public static void keep(Path directory, AuthorityKeys given) throws IOException {
        for (Root root : Root.values()) {
            Path file = file(directory, root);
            if (Files.exists(file)) {
                throw new IOException("there is a key of an authority in " + file + " already");
            }
            try {
                String text = given.of(root);
                certificates(text, root);
                if (Pem.hasKey(text)) {
                    Pem.key(text);
                }
            } catch (IOException e) {
                throw new IOException(
                        "what the server gave of its authority's root of " + root + ": " + e.getMessage(), e);
            }
        }
        for (Root root : Root.values()) {
            new AtomicFile(file(directory, root)).write(given.of(root));
        }
    }

    /** Has another server of the pool share it. */
    public static void copy(Path from, Path to) throws IOException {
        for (Root root : Root.values()) {
            new AtomicFile(file(to, root)).write(Files.readAllBytes(file(from, root)));
        }
    }

    private static Path file(Path directory, Root root) {
        return directory.resolve(root + ".pem");
    }

    private static Keys read(Path file, Root root, Optional<SignerProgram> program) throws IOException {
        try {
            return keys(Files.readString(file), root, program);
        } catch (IOException e) {
            throw new IOException("cannot use the authority's root in " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> certificates(String text, Root root) throws IOException {
        List<X509Certificate> certificates = Pem.certificates(text);
        if (certificates.isEmpty() || !Roots.among(certificates).of(root).equals(certificates)) {
            throw new IOException("it does not hold certificates of the root of " + root + " and nothing else");
        }
        return certificates;
    }

    private static Keys keys(String text, Root root, Optional<SignerProgram> program) throws IOException {
        List<X509Certificate> certificates = certificates(text, root);
        return new Keys(
                key(text, root, certificates.getFirst(), program),
                certificates.getFirst(),
                certificates.subList(1, certificates.size()));
    }

    private static RootKey key(String text, Root root, X509Certificate certificate, Optional<SignerProgram> program)
            throws IOException {
        if (Pem.hasKey(text)) {
            if (program.isPresent()) {
                throw new IOException(
                        "its key is in the file, and --signer is for pools whose keys were elsewhere from the"
                                + " beginning: start without it");
            }
            return new RootKey.Held(Pem.key(text));
        }
        SignerProgram signs = program.orElseThrow(
                () -> new IOException("its key is elsewhere: start with --signer PROGRAM, which has it"));
        if (!signs.key(root).equals(certificate.getPublicKey())) {
            throw new IOException(
                    signs + " has another key than that of this root, to which all members of the pool hold");
        }
        return new RootKey.Elsewhere(signs, root, certificate.getPublicKey());
    }

    private static void write(Path file, Keys keys) throws IOException {
        new AtomicFile(file).write(text(keys));
    }

    private static String text(Keys keys) {
        String key = switch (keys.key()) {
            case RootKey.Held(PrivateKey held) -> Pem.of(held);
            case RootKey.Elsewhere _ -> "";
        };
        return key + keys.certificates().stream().map(Pem::of).collect(Collectors.joining());
    }

    private static Keys make(Root root, Instant now) {
        KeyPair pair = Credentials.newKeys();
        return make(root, new RootKey.Held(pair.getPrivate()), pair.getPublic(), now);
    }

    private static Keys make(Root root, SignerProgram program, Instant now) throws IOException {
        PublicKey key = program.key(root);
        try {
            return make(root, new RootKey.Elsewhere(program, root, key), key, now);
        } catch (SigningFailed e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Keys make(Root root, RootKey key, PublicKey published, Instant now) {
        X500Principal name = new X500Principal("O=scc,CN=root of " + root + " " + Long.toHexString(CHANCE.nextLong()));
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(name, name, now, LIFE_OF_ROOTS, published, Principal.uri(root));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            return new Keys(key, signed(builder, key, "root of " + root, LIFE_OF_ROOTS), List.of());
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot write a certificate", e);
        }
    }

    /** What whoever trusts this authority trusts: of each root first the one that signs. */
    public Roots roots() {
        return new Roots(keys(Root.SERVERS).certificates(), keys(Root.MEMBERS).certificates());
    }

    /** Of the root that signs. */
    public Fingerprint signs(Root root) {
        return Fingerprint.of(keys(root).certificate());
    }

    private Path next(Root root) {
        return directory.resolve(root + ".next.pem");
    }

    /**
     * Makes a new root and trusts it from now on; the old one signs. One that was prepared before and never signed is forgotten.
     *
     * @throws IOException if the directory cannot be written
     */
    public synchronized Fingerprint prepare(Root root) throws IOException {
        Keys old = keys(root);
        Keys made = make(root, clock.instant());
        write(next(root), new Keys(made.key(), made.certificate(), List.of(vouched(old, made.certificate(), root))));
        keep(root, new Keys(old.key(), old.certificate(), List.of(made.certificate())));
        return Fingerprint.of(made.certificate());
    }

    /** The new root's certificate, signed by the old one: who missed the rotation knows by it whom to trust. */
    private X509Certificate vouched(Keys old, X509Certificate made, Root root) {
        try {
            JcaX509v3CertificateBuilder builder = builder(
                    old.certificate().getSubjectX500Principal(),
                    made.getSubjectX500Principal(),
                    clock.instant(),
                    LIFE_OF_ROOTS,
                    made.getPublicKey(),
                    Principal.uri(root));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            return signed(builder, old.key(), "root of " + root, LIFE_OF_ROOTS);
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot write a certificate", e);
        }
    }

    /** Whether a new root of this authority is prepared, and does not sign yet. */
    public boolean isPrepared(Root root) {
        return Files.exists(next(root));
    }

    /**
     * From now on the prepared root signs. The old one's key is gone; it is trusted still.
     *
     * @throws IOException if none is prepared, or the directory cannot be written
     */
    public synchronized void change(Root root) throws IOException {
        Keys next = read(next(root), root, program);
        List<X509Certificate> also = Stream.concat(Stream.of(keys(root).certificate()), next.also().stream())
                .toList();
        keep(root, new Keys(next.key(), next.certificate(), also));
        new AtomicFile(next(root)).delete();
    }

    /** From now on only the root that signs is trusted. @throws IOException if the directory cannot be written */
    public synchronized void drop(Root root) throws IOException {
        keep(root, new Keys(keys(root).key(), keys(root).certificate(), List.of()));
        new AtomicFile(next(root)).delete();
    }

    /** From now on this is what another server's authority is. @throws IOException if those are no such keys */
    public synchronized void replace(AuthorityKeys given) throws IOException {
        for (Root root : Root.values()) {
            keep(root, keys(given.of(root), root, program));
        }
    }

    private void keep(Root root, Keys next) throws IOException {
        write(file(directory, root), next);
        keys.put(root, next);
    }

    private Keys keys(Root root) {
        Keys found = keys.get(root);
        if (found == null) {
            throw new IllegalStateException("an authority has both roots");
        }
        return found;
    }

    /**
     * A certificate of that key for somebody, from now on. The caller has made sure that the key is his.
     *
     * @throws SigningFailed if the key of the root is elsewhere, and the program that has it does not sign
     */
    public X509Certificate sign(Principal principal, PublicKey key, Duration life) {
        Keys root = keys(principal.role().root());
        X500Principal subject = new X500Principal("O=scc,CN=" + principal.role() + " " + principal.name());
        try {
            JcaX509v3CertificateBuilder builder = builder(
                    root.certificate().getSubjectX500Principal(), subject, clock.instant(), life, key, principal.uri());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(
                            principal.role().isPerson()
                                    ? new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}
                                    : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
                                    }));
            return signed(builder, root.key(), principal.toString(), life);
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot write a certificate", e);
        }
    }

    /** The same as text, with the roots after it: what {@link Credentials#of} takes. */
    public String signedPem(Principal principal, PublicKey key, Duration life) {
        StringBuilder pem = new StringBuilder(Pem.of(sign(principal, key, life)));
        roots().all().map(Pem::of).forEach(pem::append);
        return pem.toString();
    }

    /** A new key and its certificate. */
    public Credentials issue(Principal principal, Duration life) {
        KeyPair pair = Credentials.newKeys();
        return new Credentials(pair.getPrivate(), sign(principal, pair.getPublic(), life), roots());
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, Instant now, Duration life, PublicKey key, String uri)
            throws CertIOException {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, CHANCE),
                Date.from(now.minus(Credentials.BACK)),
                Date.from(now.plus(life)),
                subject,
                key);
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        return builder;
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, RootKey key, String who, Duration life) {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(key.signer(who, life)));
        } catch (CertificateException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        }
    }
}
