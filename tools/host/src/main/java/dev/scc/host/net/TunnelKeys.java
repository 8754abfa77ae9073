package dev.scc.host.net;

import dev.scc.host.DurableText;
import dev.scc.host.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys by which other nodes know this machine's tunnels, in a file that only its owner may read: one, in whose place another one
 * comes after a day. The secret half leaves this class for the kernel alone. Thread-safe.
 */
public final class TunnelKeys {
    private static final Logger log = LoggerFactory.getLogger(TunnelKeys.class);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final DurableText file;
    private final InstantSource clock;
    private final RandomGenerator random;
    private Optional<Pair> current = Optional.empty();
    /** What is to be taken back may need it once more. */
    private Optional<Pair> former = Optional.empty();

    private boolean read;
    /** Whether the file says something, even if that is no key. */
    private boolean made;

    /**
     * What the file holds.
     *
     * @param secret in Base64
     * @param since when it was made, in milliseconds since 1970
     */
    private record Kept(String secret, long since) {
        @Override
        public String toString() {
            return "a key of " + Instant.ofEpochMilli(since);
        }
    }

    /** Both halves: that nobody has to work out the public one each time. */
    private record Pair(Kept kept, TunnelKey key) {
        static Pair of(Kept kept) {
            return new Pair(kept, TunnelKey.ofSecret(bytes(kept)));
        }

        private static byte[] bytes(Kept kept) {
            return Base64.getDecoder().decode(kept.secret());
        }

        byte[] secret() {
            return bytes(kept);
        }
    }

    /**
     * Those in that file.
     *
     * @param random nobody else may know what comes out of it
     */
    public TunnelKeys(DurableText file, InstantSource clock, RandomGenerator random) {
        this.file = file;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The one to be used now: another one than before if that was made more than a day ago, or if the file no longer holds a key.
     *
     * @throws IOException if the file cannot be read, or the first one not be written
     */
    public synchronized TunnelKey current() throws IOException {
        Optional<Pair> there = read();
        long now = clock.millis();
        if (there.isEmpty() || Math.abs(now - there.get().kept().since()) > LONGEST.toMillis()) {
            byte[] secret = new byte[TunnelKey.LENGTH];
            random.nextBytes(secret);
            Kept next = new Kept(Base64.getEncoder().encodeToString(secret), now);
            Arrays.fill(secret, (byte) 0);
            try {
                file.write(Json.write(next));
            } catch (IOException e) {
                if (there.isEmpty()) {
                    throw e;
                }
                log.atWarn()
                        .addKeyValue("why", e.toString())
                        .log("the key of this node's tunnels cannot be replaced yet");
                return there.get().key();
            }
            former = current;
            current = Optional.of(Pair.of(next));
            made = true;
        }
        return current.orElseThrow().key();
    }

    /** Whether there is one, which others may have been told of. */
    public synchronized boolean made() throws IOException {
        read();
        return made;
    }

    /** Has none from now on, until one is needed again. */
    public synchronized void forget() throws IOException {
        if (made()) {
            file.write("");
            former = current;
            current = Optional.empty();
            made = false;
        }
    }

    /** The half that nobody else has; empty if the key is not one of these. */
    synchronized Optional<byte[]> secretOf(TunnelKey key) {
        return current.filter(pair -> pair.key().equals(key))
                .or(() -> former.filter(pair -> pair.key().equals(key)))
                .map(Pair::secret);
    }

    private Optional<Pair> read() throws IOException {
        if (!read) {
            String text = file.read()
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElse("");
            made = !text.isEmpty();
            try {
                current = made ? Optional.of(Pair.of(Json.read(text, Kept.class))) : Optional.empty();
            } catch (IllegalArgumentException e) {
                // What it says would quote the secret.
                log.atWarn()
                        .addKeyValue("file", file.name())
                        .log("the file holds no key of a tunnel; another key is made when one is needed");
            }
            read = true;
        }
        return current;
    }
}
