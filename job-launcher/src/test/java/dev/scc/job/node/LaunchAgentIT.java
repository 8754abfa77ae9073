package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.job.ProcessEnd;
import dev.scc.job.TestPrograms;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small C programs against the socket that they talk to. */
@Timeout(240)
class LaunchAgentIT {
    private static final int MOST = 4;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AgentSocket.Listener listener = new AgentSocket.Listener() {
        @Override
        public void rshWanted(int request, String host, String command) {
            heard.add(request + " " + host + " " + command);
        }

        @Override
        public void exceeded(String why) {
            heard.add(why);
        }

        @Override
        public void rshGone(int request) {
            heard.add(request + " gone");
        }

        @Override
        public void rankStarted(int rank) {
            // Its output is somebody else's test.
        }

        @Override
        public void rankEnded(int rank, Optional<ProcessEnd> end) {
            end.ifPresent(bad -> heard.add("rank " + rank + " " + bad.describe("app")));
        }
    };

    private final Path path;
    private final AgentSocket socket;

    LaunchAgentIT() throws IOException {
        path = Files.createTempDirectory("scc-socket").resolve("s");
        socket = AgentSocket.listen(path, MOST, listener);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        assertThat(Files.exists(path)).isFalse();
        Files.delete(path.getParent());
    }

    private Process start(Map<String, String> environment, Path program, String... arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of(program.toString()));
        argv.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Process rsh(String... arguments) throws IOException {
        return start(socket.environment(), JobTools.installed().rsh(), arguments);
    }

    private Process rank(String... arguments) throws IOException {
        return start(socket.environment(), JobTools.installed().rank(), arguments);
    }

    @Test
    void argumentsAreJoinedAsSshJoinsThemAndTheStatusComesBack() throws Exception {
        Process process = rsh("n2", " orted", "-mca", "ess", "\"env\"", "x y");
        await().until(() -> !heard.isEmpty());

        socket.answer(1, 42);

        assertThat(process.waitFor()).isEqualTo(42);
        assertThat(heard.getFirst()).isEqualTo("1 n2  orted -mca ess \"env\" x y");
        assertThat(heard).doesNotContain("1 gone");
    }

    @Test
    void killedLaunchAgentIsNoticed() throws Exception {
        Process process = rsh("n2", "sleep 1000");
        await().until(() -> !heard.isEmpty());

        process.destroyForcibly();

        await().until(() -> heard.contains("1 gone"));
    }

    @Test
    void launchAgentFailsWhenTheAgentGoesAway() throws Exception {
        Process process = rsh("n2", "sleep 1000");
        await().until(() -> !heard.isEmpty());

        socket.close();

        assertThat(process.waitFor()).isEqualTo(255);
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("the agent gave up on the process on n2");
    }

    /** Class of hole: callers that say nothing, until there is no place for those who have something to say. */
    @Test
    void callersThatSayNothingAreGivenUp() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        for (int i = 0; i < 2 * MOST; i++) {
            silent.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        }

        Process process = rsh("n2", "true");

        await().atMost(Duration.ofSeconds(28)).until(() -> !heard.isEmpty());
        socket.answer(1, 0);
        assertThat(process.waitFor()).isZero();
        for (SocketChannel each : silent) {
            each.close();
        }
    }

    /** Class of hole: an oversized field. */
    @Test
    void aCommandThatIsTooLongIsToldAndNotRead() throws Exception {
        Process process = rsh("n2", "x".repeat(100_000));

        await().until(() -> heard.stream().anyMatch(what -> what.contains("a command of 100000 bytes")));

        assertThat(process.waitFor()).isEqualTo(255);
    }

    /** Seeded garbage: whatever comes, who knows the token is heard afterwards. */
    @Test
    void garbageIsTurnedAwayAndOthersAreHeard() throws Exception {
        Random random = new Random(1);
        String token = socket.environment().get("SCC_JOB_TOKEN");
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(700)];
            random.nextBytes(bytes);
            String text = random.nextBoolean()
                    ? token + " " + List.of("rsh", "ended", "streams", "?").get(random.nextInt(4)) + " "
                            + random.nextInt() + " " + random.nextLong() + " 1\n"
                    : "";
            try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                caller.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                caller.write(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
                assertThat(e).isNotNull(); // It was turned away before it had said all.
            }
        }
        heard.clear();

        Process process = rank("sh", "-c", "exit 5");

        assertThat(process.waitFor()).isEqualTo(5);
        assertThat(heard).contains("rank 0 ended with exit status 5");
    }

    /** Class of hole: a socket on the machine that believes whoever reaches it. */
    @Test
    void callerWithoutTheTokenIsTurnedAway() throws Exception {
        Process process = start(
                Map.of("SCC_JOB_SOCKET", path.toString(), "SCC_JOB_TOKEN", "0123"),
                JobTools.installed().rsh(),
                "n2",
                "true");

        assertThat(process.waitFor()).isEqualTo(255);
        assertThat(heard).isEmpty();
    }

    @Test
    void launchAgentOutsideAJobSaysSo() throws Exception {
        Process process = start(Map.of(), JobTools.installed().rsh(), "n2", "true");

        assertThat(process.waitFor()).isEqualTo(255);
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("cannot reach this node's agent");
    }

    @Test
    void badEndsOfRanksAreReportedAndGoodOnesAreNot() throws Exception {
        assertThat(rank("sh", "-c", "exit 0").waitFor()).isZero();
        assertThat(heard).isEmpty();

        assertThat(rank("sh", "-c", "exit 4").waitFor()).isEqualTo(4);
        assertThat(rank("sh", "-c", "kill -ABRT $$").waitFor()).isEqualTo(134);
        assertThat(rank("/no/such/program").waitFor()).isEqualTo(127);

        assertThat(heard)
                .containsExactly(
                        "rank 0 ended with exit status 4",
                        "rank 0 was killed by SIGABRT (abort)",
                        "rank 0 could not be started: app: No such file or directory");
    }

    @Test
    void endThatTheLauncherAskedForIsNoCause() throws Exception {
        Process process = rank("sh", "-c", "echo up; exec sleep 1000");
        assertThat(process.getInputStream().read()).isEqualTo('u');

        process.destroy();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(heard).isEmpty();
    }

    @Test
    void signalReachesTheRankHoweverEarlyItComes() throws Exception {
        for (int i = 0; i < 40; i++) {
            Process process = rank("sleep", "1000");
            List<ProcessHandle> started = process.descendants().toList();

            process.destroy();

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
            await().until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
        }
        assertThat(heard).isEmpty();
    }

    /** At moments that a signal from outside hits once in a thousand times. */
    @ParameterizedTest
    @ValueSource(strings = {"pipe2", "fork", "forked"})
    void signalBeforeTheRankIsKnownIsKeptForIt(String moment) throws Exception {
        Map<String, String> environment = new HashMap<>(socket.environment());
        environment.put("LD_PRELOAD", TestPrograms.library("early-signal").toString());
        environment.put("SIGNAL_AT", moment);

        Process process = start(environment, JobTools.installed().rank(), "sleep", "1000");

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(heard).isEmpty();
    }
}
