package dev.scc.host.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every way to run commands has to do. */
abstract class CommandsContract {
    private final Commands commands;

    CommandsContract(Commands commands) {
        this.commands = commands;
    }

    @TempDir
    Path directory;

    @Test
    void bothStreamsAndTheStatusComeBack() throws CommandFailed {
        CommandResult result = commands.run(Command.of("sh", "-c", "cat; echo $WORD >&2; exit 7")
                .withInput("in")
                .withEnvironment(Map.of("WORD", "w")));

        assertThat(result).isEqualTo(new CommandResult(7, "in", "w\n"));
    }

    @Test
    void outputsLargerThanAPipeAreDrainedAtOnce() throws CommandFailed {
        String program = "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2";

        CommandResult result = commands.run(Command.of("sh", "-c", program));

        assertThat(result.output()).hasSize(1_000_000);
        assertThat(result.errors()).hasSize(1_000_000);
    }

    @Test
    void nothingIsInheritedButTheStreams() throws Exception {
        try (ServerSocket _ = new ServerSocket(0)) {
            String open = commands.check(Command.of("sh", "-c", "readlink /proc/$$/fd/*; true"));

            assertThat(open).doesNotContain("socket:");
            assertThat(open.lines()).hasSizeLessThanOrEqualTo(4);
        }
    }

    @Test
    void commandsOfManyThreadsDoNotMixTheirStreams() throws Exception {
        List<Future<String>> running = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < 40; number++) {
                Command command = Command.of("cat").withInput("word " + number);
                running.add(threads.submit(() -> commands.check(command)));
            }
        }

        for (int number = 0; number < running.size(); number++) {
            assertThat(running.get(number).get()).isEqualTo("word " + number);
        }
    }

    @Test
    void inputThatNobodyReadsIsNoFailure() throws CommandFailed {
        assertThat(commands.run(Command.of("true").withInput("x".repeat(1_000_000)))
                        .ok())
                .isTrue();
    }

    @Test
    void aSignalIsSeenInTheStatus() throws CommandFailed {
        assertThat(commands.run(Command.of("sh", "-c", "kill -9 $$")).status()).isEqualTo(128 + 9);
    }

    @Test
    void theDeadlineKillsTheWholeTree() throws Exception {
        Path pids = directory.resolve("pids");
        String program = "sh -c 'echo $$ >> " + pids + "; sleep 600; true' & echo $$ >> " + pids + "; wait";

        assertThatThrownBy(() -> commands.run(Command.of("sh", "-c", program).within(Duration.ofMillis(500))))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("sh -c")
                .hasMessageContaining("did not end within 500 ms and was killed");

        assertThat(Files.readAllLines(pids))
                .hasSize(2)
                .allSatisfy(pid -> await().untilAsserted(() -> assertThat(
                                ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                        .isEmpty()));
    }

    @Test
    void whatCannotBeStartedIsNamed() {
        assertThatThrownBy(() -> commands.run(Command.of("/no/such/program", "--flag")))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("cannot start \"/no/such/program --flag\"");
    }

    @Test
    void checkSaysArgvStatusAndTheLastWords() {
        assertThatThrownBy(() -> commands.check(Command.of("sh", "-c", "echo one >&2; echo two >&2; exit 3")))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("sh -c")
                .hasMessageContaining("exited with status 3: one / two");
    }

    @Test
    void anInterruptedCallerStopsItsCommand() throws Exception {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> commands.run(Command.of("sleep", "600")))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
    }
}
