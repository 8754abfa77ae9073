package dev.scc.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void allPromisesAreKept() throws InterruptedException {
        assertKept(1, 300, Seed::run);
    }

    static Tally assertKept(long from, long to, Runner.Playing playing) throws InterruptedException {
        Runner.Summary summary = new Runner(from, to, 2, false, playing).run(System.err::println);

        assertThat(summary.failures())
                .as("seeds that break a promise; each is replayed by tools/simulation/run --seed N --trace")
                .extracting(
                        Seed.Result::seed,
                        failure -> failure.broken().orElseThrow().getMessage())
                .isEmpty();
        assertThat(summary.tally().seeds).isEqualTo(to - from + 1);
        return summary.tally();
    }

    private static List<String> digests(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seed ->
                        "%d %016x".formatted(seed, Seed.run(seed, Trace::silent).digest()))
                .toList();
    }

    @Test
    void whatHappensFollowsFromTheSeed() {
        assertThat(digests(1, 30)).isEqualTo(digests(1, 30)).doesNotHaveDuplicates();
    }

    @Test
    void aTraceInWordsIsTheSameRun() {
        Seed.Result silent = Seed.run(3, Trace::silent);

        Seed.Result wordy = Seed.run(3, timeline -> Trace.wordy(timeline, _ -> {}));

        assertThat(wordy.digest()).isEqualTo(silent.digest());
        assertThat(wordy.last()).isNotEmpty();
    }

    /** Another Java has another order of what has none, such as the elements of an immutable set. */
    @Test
    void whatHappensIsTheSameInAnotherJava() throws Exception {
        OtherJava other = new OtherJava();
        assertThat(other.digests(1, 60)).isEqualTo(digests(1, 60));
    }

    /** The simulation in a Java of its own. */
    private static final class OtherJava {
        List<String> digests(long from, long to) throws Exception {
            String java = ProcessHandle.current().info().command().orElseThrow();
            Process process = new ProcessBuilder(
                            java,
                            "-Dlogback.configurationFile=logback.xml",
                            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "--seeds",
                            from + ".." + to,
                            "--digests")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                List<String> lines = process.inputReader().lines().toList();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                return lines;
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
