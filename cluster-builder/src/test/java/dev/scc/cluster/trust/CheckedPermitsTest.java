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

class CheckedPermitsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant NOW = Instant.parse("2026-05-04T10:20:30Z");

    @TempDir
    Path directory;

    private final CheckedPermits permits = new CheckedPermits();
    private Authority authority;
    private Credentials server;

    @BeforeEach
    void make() throws Exception {
        authority = Authority.open(directory.resolve("own"), InstantSource.system());
        server = authority.issue(new Principal(Role.SERVER, "s1"), DAY);
    }

    private static Permit permit(String person, Instant issued) {
        return new Permit(new Principal(Role.USER, person), "demo", Optional.of(person), false, issued.toEpochMilli());
    }

    @Test
    void aPermitThatIsShownAgainIsReadOnce() {
        String text = permit("ada", NOW).signed(server);

        Permit first = permits.check(text, authority.roots(), NOW);

        assertThat(first).isEqualTo(permit("ada", NOW));
        assertThat(permits.check(text, authority.roots(), NOW.plusSeconds(59))).isSameAs(first);
        assertThat(permits.check(text, authority.roots(), NOW.plusSeconds(60)))
                .isEqualTo(first)
                .isNotSameAs(first);
    }

    /** Class of hole: a check whose result outlives what it was about. */
    @Test
    void whatIsRememberedIsForgottenWithTheRootsThatItWasCheckedBy() throws Exception {
        String text = permit("ada", NOW).signed(server);
        permits.check(text, authority.roots(), NOW);
        Authority other = Authority.open(directory.resolve("other"), InstantSource.system());

        assertThatThrownBy(() -> permits.check(text, other.roots(), NOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPermitEndsThoughItIsRemembered() {
        String text = permit("ada", NOW.minus(Permit.LIFE)).signed(server);
        permits.check(text, authority.roots(), NOW);

        assertThatThrownBy(() -> permits.check(text, authority.roots(), NOW.plusMillis(1)))
                .hasMessageContaining("the permit is of");
        assertThatThrownBy(() -> permits.check(text, authority.roots(), NOW.minus(Duration.ofHours(2))))
                .as("a clock that was set back")
                .hasMessageContaining("the permit is of");
        assertThatThrownBy(() -> permits.check(text, authority.roots(), NOW.plusSeconds(60)))
                .as("one that is checked anew")
                .hasMessageContaining("the permit is of");
    }

    @Test
    void whatIsWrongIsNotRemembered() {
        assertThatThrownBy(() -> permits.check("no permit", authority.roots(), NOW))
                .hasMessageContaining("that is no permit");
        assertThat(permits.remembered()).isZero();
    }

    /** One who shows many leaves no more than this. */
    @Test
    void theLatestAreRemembered() {
        String first = permit("first", NOW).signed(server);
        Permit read = permits.check(first, authority.roots(), NOW);
        for (int i = 0; i < CheckedPermits.MOST; i++) {
            permits.check(permit("p" + i, NOW).signed(server), authority.roots(), NOW);
        }

        assertThat(permits.remembered()).isEqualTo(CheckedPermits.MOST);
        assertThat(permits.check(first, authority.roots(), NOW)).isEqualTo(read).isNotSameAs(read);
    }
}
