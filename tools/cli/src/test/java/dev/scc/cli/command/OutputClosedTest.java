package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cli.failure.Output;
import dev.scc.cli.failure.OutputClosed;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class OutputClosedTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);

    /** A pipe that nobody reads, as our process sees it. */
    private static PrintStream broken() {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                false,
                StandardCharsets.UTF_8);
    }

    @Test
    void aJobWhoseOutputNobodyReadsIsNotWaitedFor() {
        Session session = new Session(new GlobalOptions(), broken(), errors);
        JobOutput output = new JobOutput(session, new ClusterName("demo"));

        assertThatThrownBy(() -> output.output(false, new byte[] {'y', '\n'})).isInstanceOf(OutputClosed.class);
        output.output(true, new byte[] {'y', '\n'});

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("y\n");
    }

    @Test
    void eventsThatNobodyReadsAreNotFollowed(@TempDir Path data) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ServerProcess server = ServerProcess.embedded(data, any, any, Security.GUARDED, Timing.usual())) {
            String credentials = data.resolve(Administrator.CREDENTIALS).toString();
            String[] words = {"--server", server.address(), "--credentials", credentials, "events", "--follow"};

            assertThat(CommandLineRun.run(words, broken(), errors)).isEqualTo(141);
        }

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aFullDiskIsToldAndIsNoReaderThatWentAway() throws Exception {
        try (FileOutputStream full = new FileOutputStream("/dev/full")) {
            int status = CommandLineRun.run(new String[] {"--version"}, Output.on(full.getFD()), errors);

            assertThat(status).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("standard output", "No space left on device");
        }
    }

    @Test
    void aJobGoesOnWhenTheDiskOfItsOutputIsFull() throws Exception {
        try (FileOutputStream full = new FileOutputStream("/dev/full")) {
            JobOutput output = new JobOutput(
                    new Session(new GlobalOptions(), Output.on(full.getFD()), errors), new ClusterName("demo"));

            output.output(false, new byte[] {'y', '\n'});
            output.output(false, new byte[] {'y', '\n'});

            assertThat(err.size()).isZero();
        }
    }
}
