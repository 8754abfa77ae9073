package dev.scc.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.AtomicFile;
import dev.scc.host.DurableText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunnelKeysTest {
    private final SplittableRandom random = new SplittableRandom(1);
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private Path file;
    private TunnelKeys keys;

    @BeforeEach
    void begin() {
        file = directory.resolve("tunnel.json");
        keys = again();
    }

    /** As an agent that is started anew has them. */
    private TunnelKeys again() {
        return new TunnelKeys(new AtomicFile(file), () -> now, random);
    }

    @Test
    void thePublicHalfIsThatOfRfc7748() {
        // Section 6.1: Alice's.
        byte[] secret = HexFormat.of().parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");

        assertThat(HexFormat.of().formatHex(TunnelKey.ofSecret(secret).bytes()))
                .isEqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    }

    @Test
    void aKeyStaysOverRestartsAndOnlyItsOwnerReadsIt() throws IOException {
        TunnelKey key = keys.current();

        assertThat(keys.current()).isEqualTo(key);
        assertThat(again().current()).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(keys.secretOf(key)).hasValueSatisfying(secret -> {
            assertThat(TunnelKey.ofSecret(secret)).isEqualTo(key);
            assertThat(key.bytes()).isNotEqualTo(secret);
        });
    }

    @Test
    void anotherKeyComesAfterADayAndTheOneBeforeCanStillBePutBack() throws IOException {
        TunnelKey first = keys.current();
        now = now.plus(Duration.ofDays(1));
        assertThat(keys.current()).isEqualTo(first);

        now = now.plusMillis(1);
        TunnelKey second = keys.current();

        assertThat(second).isNotEqualTo(first);
        assertThat(again().current()).isEqualTo(second);
        assertThat(keys.secretOf(first)).isPresent();
        now = now.plus(Duration.ofDays(2));
        keys.current();
        assertThat(keys.secretOf(first)).isEmpty();
    }

    /** Other nodes know the one that there is, and nothing is gained where the node's work stops for the next. */
    @Test
    void aKeyServesOnWhileTheDiskIsFull() throws IOException {
        AtomicFile disk = new AtomicFile(file);
        AtomicBoolean full = new AtomicBoolean(true);
        TunnelKeys own = new TunnelKeys(
                new DurableText() {
                    @Override
                    public String name() {
                        return disk.name();
                    }

                    @Override
                    public Optional<byte[]> read() throws IOException {
                        return disk.read();
                    }

                    @Override
                    public void write(String text) throws IOException {
                        if (full.get()) {
                            throw new IOException("no space left");
                        }
                        disk.write(text);
                    }
                },
                () -> now,
                random);
        assertThatThrownBy(own::current).as("there is none").hasMessage("no space left");
        full.set(false);
        TunnelKey first = own.current();
        full.set(true);
        now = now.plus(Duration.ofDays(2));

        assertThat(own.current()).isEqualTo(first);
        full.set(false);
        assertThat(own.current()).isNotEqualTo(first);
        assertThat(own.secretOf(first)).isPresent();
    }

    @Test
    void aClockThatWasSetBackIsNoReasonToKeepAKeyForEver() throws IOException {
        TunnelKey first = keys.current();

        now = now.minus(Duration.ofDays(2));

        assertThat(keys.current()).isNotEqualTo(first);
    }

    @Test
    void aKeyThatNobodyNeedsIsForgotten() throws IOException {
        assertThat(keys.made()).isFalse();
        TunnelKey first = keys.current();
        assertThat(again().made()).isTrue();

        keys.forget();

        assertThat(keys.made()).isFalse();
        assertThat(Files.readString(file)).isEmpty();
        assertThat(again().made()).isFalse();
        assertThat(again().current()).isNotEqualTo(first);
    }

    @Test
    void inPlaceOfWhatIsNoKeyComesAnotherKey() throws IOException {
        TunnelKey first = keys.current();
        Files.writeString(file, Files.readString(file).replaceFirst("\"secret\":\"....", "\"secret\":\""));
        TunnelKeys next = again();
        assertThat(next.made()).as("others may know the first").isTrue();

        TunnelKey second = next.current();

        assertThat(second).isNotEqualTo(first);
        assertThat(again().current()).isEqualTo(second);
    }

    @Test
    void whatIsNoKeyIsForgottenAsAKeyIs() throws IOException {
        Files.writeString(file, "nonsense");

        keys.forget();

        assertThat(keys.made()).isFalse();
        assertThat(Files.readString(file)).isEmpty();
    }

    @Test
    void whatIsNoKeyIsRefused() {
        for (String text :
                new String[] {"", "A".repeat(44), "A".repeat(42) + "B=", "\u001b[2J", "a".repeat(43) + "=="}) {
            assertThatThrownBy(() -> new TunnelKey(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a key of 32 bytes");
        }
    }
}
