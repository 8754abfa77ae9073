package dev.scc.cluster.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermitTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant NOW = Instant.parse("2026-05-04T10:20:30Z");
    private static final Permit PERMIT =
            new Permit(new Principal(Role.USER, "ada"), "demo", Optional.of("ada"), false, NOW.toEpochMilli());

    @TempDir
    Path directory;

    private Authority authority;
    private Credentials server;

    @BeforeEach
    void make() throws Exception {
        authority = Authority.open(directory.resolve("own"), InstantSource.system());
        server = authority.issue(new Principal(Role.SERVER, "s1"), DAY);
    }

    private Permit check(String text, Instant at) {
        return Permit.check(text, authority.roots(), at);
    }

    @Test
    void whatAServerHasSignedIsBelieved() {
        assertThat(check(PERMIT.signed(server), NOW)).isEqualTo(PERMIT);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SERVER")
    void nobodyElseSigns(Role role) {
        Credentials other = authority.issue(new Principal(role, "x"), DAY);

        assertThatThrownBy(() -> PERMIT.signed(other)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Class of hole: a certificate of the right pool, with rights that it does not give. */
    @Test
    void aNodesSignatureUnderItsOwnOrAServersCertificateIsNotAServers() throws Exception {
        String[] honest = PERMIT.signed(server).split("\\.", -1);
        Credentials node = authority.issue(new Principal(Role.NODE, "n1"), DAY);
        String nodes = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(node.certificate().getEncoded());

        assertThatThrownBy(() -> check(honest[0] + "." + honest[1] + "." + nodes, NOW))
                .hasMessageContaining("no server of this pool has signed the permit");
        String other = PERMIT.signed(authority.issue(new Principal(Role.SERVER, "s2"), DAY))
                .split("\\.", -1)[1];
        assertThatThrownBy(() -> check(honest[0] + "." + other + "." + honest[2], NOW))
                .hasMessageContaining("not what a server has signed");
    }

    /** Class of hole: the content of one signed message under the signature of another. */
    @Test
    void whatIsChangedAfterwardsIsNotWhatWasSigned() {
        String[] honest = PERMIT.signed(server).split("\\.", -1);
        String root = new Permit(PERMIT.person(), "demo", Optional.empty(), true, NOW.toEpochMilli())
                .signed(server)
                .split("\\.", -1)[0];

        assertThatThrownBy(() -> check(root + "." + honest[1] + "." + honest[2], NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aServerOfAnotherPoolPermitsNothingHere() throws Exception {
        Authority other = Authority.open(directory.resolve("other"), InstantSource.system());
        Credentials foreign = other.issue(new Principal(Role.SERVER, "s1"), DAY);

        assertThatThrownBy(() -> check(PERMIT.signed(foreign), NOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPermitLastsForAnHour() {
        String text = PERMIT.signed(server);

        assertThat(check(text, NOW.plus(Permit.LIFE).minusSeconds(1))).isEqualTo(PERMIT);
        assertThatThrownBy(() -> check(text, NOW.plus(Permit.LIFE).plusSeconds(1)))
                .hasMessageContaining("the permit is of ");
        assertThatThrownBy(() -> check(text, NOW.minus(Duration.ofMinutes(6))))
                .hasMessageContaining("the permit is of ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "..", "a.b.c", "!.!.!", "a.b.c.d"})
    void whatIsNoPermitAtAllIsRefused(String text) {
        assertThatThrownBy(() -> check(text, NOW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> check("x".repeat(100_000), NOW)).isInstanceOf(IllegalArgumentException.class);
    }
}
