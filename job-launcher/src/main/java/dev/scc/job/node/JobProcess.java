package dev.scc.job.node;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.Cgroup;
import dev.scc.job.ProcessEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One process of a job on this node, in a cgroup of its own below the job's. */
final class JobProcess {
    /** How long a stream that someone else holds open is listened to after the process is gone. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    /** Where output goes. */
    @FunctionalInterface
    interface Output {
        void send(boolean errors, Bytes bytes) throws InterruptedException;
    }

    private final Process process;
    private final Cgroup cgroup;
    private final Path report;
    private final OutputPump output;
    private final OutputPump errors;

    private JobProcess(Process process, Cgroup cgroup, Path report, Output sink, String name) {
        this.process = process;
        this.cgroup = cgroup;
        this.report = report;
        output = OutputPump.start(process.getInputStream(), name + "-out", bytes -> sink.send(false, bytes));
        errors = OutputPump.start(process.getErrorStream(), name + "-err", bytes -> sink.send(true, bytes));
    }

    /**
     * Starts it.
     *
     * @param environment all of it
     * @throws IOException if not even our own starter can be executed, or the cgroup cannot be made
     */
    static JobProcess start(
            NodeSettings settings,
            Cgroup job,
            Path jobDirectory,
            NodeOrder.Start order,
            Map<String, String> environment,
            Output sink)
            throws IOException {
        String name = "p" + order.process();
        Cgroup cgroup = job.child(name);
        Path report = jobDirectory.resolve(name + ".failed");
        List<String> argv = new ArrayList<>(settings.location().enter());
        argv.add(settings.tools().exec().toString());
        argv.addAll(List.of("-c", cgroup.directory().toString()));
        argv.addAll(List.of("-d", order.directory()));
        argv.addAll(List.of("-r", report.toString(), "--"));
        argv.addAll(order.argv());
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new JobProcess(builder.start(), cgroup, report, sink, name);
    }

    /** Waits until it has ended and its output has been sent. */
    ProcessEnd await() throws InterruptedException {
        ProcessEnd end = ProcessEnd.ofExitValue(process.waitFor());
        output.drain(LAST_WORDS);
        errors.drain(LAST_WORDS);
        return failure(end);
    }

    /** The end, corrected by what the starter reports if it could not become the command. */
    private ProcessEnd failure(ProcessEnd end) {
        if (end.ok() || !Files.exists(report)) {
            return end;
        }
        try {
            String[] words = Files.readString(report).strip().split(" ", -1);
            ProcessEnd.Kind kind =
                    words[0].equals("exec") ? ProcessEnd.Kind.NOT_EXECUTED : ProcessEnd.Kind.NOT_PREPARED;
            return new ProcessEnd(kind, Integer.parseInt(words[1]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return end;
        }
    }

    /** Kills it and whatever it has started. */
    void kill() throws IOException {
        cgroup.kill();
        process.destroyForcibly();
    }

    void stopOutput() {
        output.stop();
        errors.stop();
    }
}
