package dev.scc.job.keeper;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.host.Json;
import dev.scc.job.ExitCodes;
import dev.scc.job.JobEvent;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.TestCluster;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code scc run} is, for tests of a module that has no command line: {@code CREDENTIALS ROSTER PERMIT SCRIPT}. */
final class ClientMain {
    private ClientMain() {}

    /** A job of one rank, as this client asks for it. */
    static JobSpec spec(String script) {
        return TestCluster.spec(1, MpiChoice.NONE, "sh", "-c", script);
    }

    private static final class Streams implements OutputSink {
        @Override
        public void started(JobEvent.Started started) {
            // The job says so itself.
        }

        @Override
        public void output(boolean onErrors, byte[] bytes) {
            PrintStream stream = onErrors ? System.err : System.out;
            stream.writeBytes(bytes);
            stream.flush();
        }
    }

    public static void main(String[] args) throws Exception {
        Connections connections = Connections.as(new LiveCredentials(Credentials.read(Path.of(args[0]))));
        Roster roster = Json.read(Files.readString(Path.of(args[1])), Roster.class);
        JobOutcome outcome = new JobClient(connections).run(roster, spec(args[3]), Optional.of(args[2]), new Streams());
        System.exit(ExitCodes.of(outcome));
    }
}
