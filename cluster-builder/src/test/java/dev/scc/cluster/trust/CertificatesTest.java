package dev.scc.cluster.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    private static final Duration LIFE = Duration.ofHours(24);
    private static final Principal N7 = new Principal(Role.NODE, "n7");

    @TempDir
    Path directory;

    private Authority authority;

    @BeforeEach
    void makeAuthority() throws IOException {
        authority = Authority.open(directory.resolve("authority"), InstantSource.system());
    }

    private static X509Certificate[] chain(Credentials credentials) {
        return new X509Certificate[] {credentials.certificate()};
    }

    private static PeerTrust trust(Roots roots) {
        return new PeerTrust(() -> roots, _ -> true, "anybody");
    }

    @Test
    void whomAnAuthorityHasSignedIsWhoHisCertificateSaysHeIs() throws CertificateException {
        for (Role role : Role.values()) {
            Principal principal = new Principal(role, "a.b-c_1");

            Credentials credentials = authority.issue(principal, LIFE);

            assertThat(trust(authority.roots()).check(chain(credentials))).isEqualTo(principal);
        }
    }

    @Test
    void theSameFilesAreTheSameAuthority() throws Exception {
        Authority again = Authority.open(directory.resolve("authority"), InstantSource.system());

        assertThat(trust(again.roots()).check(chain(authority.issue(N7, LIFE)))).isEqualTo(N7);
    }

    /** Class of hole: any authority is taken for the right one. */
    @Test
    void anotherPoolsCertificateIsRefused() throws IOException {
        Authority other = Authority.open(directory.resolve("other"), InstantSource.system());

        assertThatThrownBy(() -> trust(authority.roots()).check(chain(other.issue(N7, LIFE))))
                .isInstanceOf(CertificateException.class)
                .hasMessage("the certificate of node:n7 is not signed by the root of members of this pool");
    }

    /** Class of hole: confusion of two authorities of one system, as where a quorum port takes a node's certificate. */
    @Test
    void theRootOfMembersMakesNoServers() {
        Roots roots = authority.roots();
        Roots exchanged = new Roots(/* servers= */ roots.members(), /* members= */ roots.servers());

        for (Principal principal : List.of(N7, new Principal(Role.SERVER, "s1"))) {
            assertThatThrownBy(() -> trust(exchanged).check(chain(authority.issue(principal, LIFE))))
                    .isInstanceOf(CertificateException.class);
        }
    }

    /** Class of hole: a good certificate of somebody else. */
    @Test
    void whoIsSomebodyElseThanExpectedIsRefused() {
        PeerTrust expecting = new PeerTrust(authority::roots, new Principal(Role.NODE, "n8")::equals, "node:n8");

        assertThatThrownBy(() -> expecting.check(chain(authority.issue(N7, LIFE))))
                .isInstanceOf(CertificateException.class)
                .hasMessage("this is node:n7, not node:n8");
    }

    /** Class of hole: a certificate that has ended. */
    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        Authority then = Authority.open(directory.resolve("authority"), InstantSource.fixed(yesterday));

        assertThatThrownBy(() -> trust(authority.roots()).check(chain(then.issue(N7, Duration.ofHours(1)))))
                .isInstanceOf(CertificateException.class);
    }

    /** Class of hole: a certificate without rights to sign, used as if it had them. */
    @Test
    void aMemberCannotSignForOthers() {
        Credentials node = authority.issue(N7, LIFE);
        Roots nodeAsRoot = new Roots(authority.roots().servers(), List.of(node.certificate()));

        assertThat(Roots.among(List.of(node.certificate())).members()).isEmpty();
        assertThatThrownBy(() -> trust(nodeAsRoot).check(chain(authority.issue(new Principal(Role.ADMIN, "a"), LIFE))))
                .isInstanceOf(CertificateException.class);
    }

    /** Class of hole: keys that others on the machine can read. */
    @Test
    void credentialsComeBackFromTheirFileWhichNobodyElseMayRead() throws IOException {
        Path file = directory.resolve("c.pem");
        Files.writeString(directory.resolve(".c.pem.next"), "left by a crash, and readable for all");
        Credentials written = authority.issue(N7, LIFE);

        written.write(file);

        assertThat(Credentials.read(file).principal()).isEqualTo(N7);
        assertThat(Credentials.read(file).roots()).isEqualTo(authority.roots());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory.resolve("authority"))
                .satisfies(authorities -> assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(authorities.resolve("members.pem"))))
                        .isEqualTo("rw-------"));
    }

    /** Class of hole: secrets in messages. */
    @Test
    void whatCannotBeReadIsNotRepeated() throws IOException {
        Path file = directory.resolve("c.pem");
        String text = authority.issue(N7, LIFE).text();
        Files.writeString(file, text.replace("BEGIN PRIVATE KEY-----\nM", "BEGIN PRIVATE KEY-----\nx"));

        assertThatThrownBy(() -> Credentials.read(file))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot read the credentials in " + file + ": the private key in it cannot be read");
        assertThat(authority.issue(N7, LIFE).toString()).doesNotContain("KEY");
    }

    @Test
    void anAnswerForAnotherKeyIsNotTaken() {
        KeyPair mine = Credentials.newKeys();
        String forOther = authority.signedPem(N7, Credentials.newKeys().getPublic(), LIFE);

        assertThatThrownBy(() -> Credentials.of(mine, forOther)).hasMessage("the certificate is for another key");
    }

    @Test
    void aCertificateIsRenewedAfterTwoThirdsOfItsLife() throws IOException {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Authority fixed = Authority.open(directory.resolve("authority"), InstantSource.fixed(now));
        Credentials credentials = fixed.issue(N7, LIFE);

        assertThat(credentials.agesAt(now.plus(Duration.ofHours(15)))).isFalse();
        assertThat(credentials.agesAt(now.plus(Duration.ofHours(17)))).isTrue();
    }

    /** Class of hole: a certificate for a key that the caller does not have. */
    @Test
    void aKeyIsProvenByWhoHasItAndForWhomItIsMeant() {
        KeyPair pair = Credentials.newKeys();
        byte[] key = pair.getPublic().getEncoded();

        assertThat(KeyProof.check(key, KeyProof.of(pair, N7), N7)).isEqualTo(pair.getPublic());
        assertThatThrownBy(() -> KeyProof.check(key, KeyProof.of(pair, N7), new Principal(Role.NODE, "n8")))
                .hasMessage("the key is not proven");
        assertThatThrownBy(() -> KeyProof.check(key, KeyProof.of(Credentials.newKeys(), N7), N7))
                .hasMessage("the key is not proven");
        assertThatThrownBy(() -> KeyProof.check(new byte[] {1}, new byte[] {2}, N7))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenIsOneWordThatComesBackAndDoesNotShowItsSecret() {
        JoinToken token = JoinToken.create(
                N7,
                "10.0.0.1:7443,10.0.0.2:7443",
                Fingerprint.of(authority.roots().servers().getFirst()));

        assertThat(JoinToken.parse(token.text())).isEqualTo(token);
        assertThat(token.text()).matches("scc1\\.[A-Za-z0-9_-]+");
        assertThat(token.toString()).isEqualTo("token for node:n7");
        for (String damaged :
                List.of("", "x", "scc1.", "scc1.AAAA", token.text().substring(0, 60), "scc1.\u001b[31m")) {
            assertThatThrownBy(() -> JoinToken.parse(damaged)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Class of hole: secrets that several share, or that can be guessed. */
    @Test
    void noTwoKeysOrSecretsAreTheSame() {
        Fingerprint root = Fingerprint.of(authority.roots().servers().getFirst());
        Set<Object> all = new HashSet<>();
        int times = 20;
        for (int i = 0; i < times; i++) {
            all.add(JoinToken.create(N7, "10.0.0.1:7443", root).secret());
            all.add(authority.issue(N7, LIFE).key());
            all.add(authority.issue(N7, LIFE).certificate().getSerialNumber());
        }

        assertThat(all).hasSize(3 * times);
    }
}
