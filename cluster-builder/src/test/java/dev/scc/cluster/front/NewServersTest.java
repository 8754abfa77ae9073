package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewServersTest {
    private static final Principal S2 = new Principal(Role.SERVER, "s2");
    private static final Fingerprint FIRST = hash("first");
    private static final Fingerprint SECOND = hash("second");

    @TempDir
    Path parent;

    private Path directory;
    private NewServers tokens;
    private long now = 1_000;

    @BeforeEach
    void start() {
        directory = parent.resolve("new-servers");
        tokens = of(List.of("s1", "s2"));
    }

    private NewServers of(List<String> peers) {
        return new NewServers(directory, peers, () -> Instant.ofEpochMilli(now));
    }

    private static Fingerprint hash(String secret) {
        return Fingerprint.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    private static TrustRecords.Invited until(long endsMillis) {
        return new TrustRecords.Invited(S2, Optional.of("10.0.0.2"), endsMillis);
    }

    private int kept() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.count();
        }
    }

    @Test
    void onlyAPeerOfThisServerCanJoinIt() {
        assertThat(tokens.peers()).containsExactly("s1", "s2");
        assertThat(tokens.refusal(S2)).isEmpty();
        assertThat(tokens.refusal(new Principal(Role.SERVER, "s3")))
                .hasValueSatisfying(why -> assertThat(why).contains("s3").contains("s1,s2"));
        assertThat(of(List.of()).refusal(S2))
                .hasValueSatisfying(why -> assertThat(why).contains("alone").contains("s2"));
    }

    @Test
    void aTokenIsSpentOnceAndForGood() throws Exception {
        tokens.add(FIRST, until(2_000));

        assertThat(tokens.find(FIRST)).contains(until(2_000));
        assertThat(tokens.find(SECOND)).isEmpty();
        assertThat(tokens.spend(SECOND)).isFalse();
        assertThat(tokens.spend(FIRST)).isTrue();
        assertThat(tokens.spend(FIRST)).isFalse();
        assertThat(tokens.find(FIRST)).isEmpty();
        assertThat(kept()).isZero();
    }

    @Test
    void aTokenOutlivesItsServersProcess() throws Exception {
        tokens.add(FIRST, until(2_000));

        assertThat(of(List.of("s1", "s2")).find(FIRST)).contains(until(2_000));
    }

    @Test
    void expiredTokensGoWithTheNextThatIsMade() throws Exception {
        tokens.add(FIRST, until(2_000));
        now = 2_000;
        tokens.add(SECOND, until(9_000));
        assertThat(tokens.find(FIRST)).isPresent();

        now = 2_001;
        tokens.add(SECOND, until(9_000));

        assertThat(tokens.find(FIRST)).isEmpty();
        assertThat(tokens.find(SECOND)).contains(until(9_000));
        assertThat(kept()).isOne();
    }

    @Test
    void filesThatWereLookedThroughAreNotKeptOpen() throws Exception {
        for (int time = 0; time < 20; time++) {
            tokens.add(FIRST, until(9_000));
        }

        assertThat(open(directory.toRealPath())).isZero();
    }

    private static long open(Path path) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(each -> leadsTo(each, path)).count();
        }
    }

    private static boolean leadsTo(Path link, Path path) {
        try {
            return Files.readSymbolicLink(link).equals(path);
        } catch (IOException e) {
            return false; // It has been closed meanwhile.
        }
    }
}
