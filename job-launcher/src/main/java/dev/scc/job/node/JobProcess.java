package dev.scc.job.node;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.Cgroup;
import dev.scc.host.TerminalSize;
import dev.scc.host.libc.KernelText;
import dev.scc.job.ProcessEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One process of a job on this node, in a cgroup of its own below the job's. */
final class JobProcess {
    /** How long a stream that someone else holds open is listened to after the process is gone. */
    static final Duration LAST_WORDS = Duration.ofMillis(500);
    /** What Java adds to the number of the signal that has killed a child. */
    private static final int KILLED = 128;

    private static final int SIGKILL = 9;
    private static final int LONGEST_FRAME = 32 << 10;

    /** Where output goes. */
    @FunctionalInterface
    interface Output {
        void send(boolean errors, Bytes bytes) throws InterruptedException;
    }

    private final Process process;
    private final Cgroup cgroup;
    private final Cgroup job;
    private final NodeSettings settings;
    private final Path report;
    private final boolean terminal;
    private final OutputPump output;
    private final OutputPump errors;
    private final LatestSize sizes = new LatestSize(this::writeSize);

    private JobProcess(
            Process process,
            Cgroup cgroup,
            Cgroup job,
            NodeSettings settings,
            Path report,
            boolean terminal,
            Output sink,
            String name) {
        this.process = process;
        this.cgroup = cgroup;
        this.job = job;
        this.settings = settings;
        this.report = report;
        this.terminal = terminal;
        output = OutputPump.start(process.getInputStream(), name + "-out", bytes -> sink.send(false, bytes));
        errors = OutputPump.start(process.getErrorStream(), name + "-err", bytes -> sink.send(true, bytes));
    }

    /**
     * Starts it.
     *
     * @param enter the words that make it run on the node
     * @param orders a directory of this process alone, for what it tells the starter and the other way round
     * @param environment all of it
     * @param cpus that it may run on, such as {@code 0,2}; empty for all
     * @throws IOException if not even our own starter can be executed, or the cgroup cannot be made
     */
    static JobProcess start(
            NodeSettings settings,
            List<String> enter,
            Cgroup job,
            Path orders,
            JobUser user,
            NodeOrder.Start order,
            Map<String, String> environment,
            Optional<String> cpus,
            Output sink)
            throws IOException {
        String name = "p" + order.process();
        Cgroup cgroup = job.child(name);
        Path report = orders.resolve(name + ".end");
        Path command = orders.resolve(name + ".order");
        Files.write(command, order(order, environment));
        List<String> argv = new ArrayList<>(enter);
        argv.add(settings.tools().exec().toString());
        argv.addAll(List.of("-c", cgroup.directory().toString()));
        argv.addAll(List.of("-m", Cgroup.root().toString()));
        argv.addAll(user.words());
        argv.addAll(List.of("-p", Long.toString(settings.policy().processes())));
        cpus.ifPresent(list -> argv.addAll(List.of("-b", list)));
        order.terminal().ifPresent(size -> argv.addAll(List.of("-t", size.toString())));
        argv.addAll(List.of("-r", report.toString(), "-o", command.toString()));
        ProcessBuilder builder = new ProcessBuilder(argv);
        if (!order.reads()) {
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        }
        // The job's variables are for the command alone: until that is started, what runs is root's.
        builder.environment().clear();
        return new JobProcess(
                builder.start(), cgroup, job, settings, report, order.terminal().isPresent(), sink, name);
    }

    /** What {@code scc-exec} reads: directory, number of words, words and variables, each ended by a zero byte. */
    private static byte[] order(NodeOrder.Start order, Map<String, String> environment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        put(bytes, order.directory());
        put(bytes, Integer.toString(order.argv().size()));
        order.argv().forEach(word -> put(bytes, word));
        environment.forEach((name, value) -> put(bytes, name + "=" + value));
        return bytes.toByteArray();
    }

    private static void put(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes(KernelText.encode(text));
        bytes.write(0);
    }

    /** Waits until it has ended and its output has been sent. */
    ProcessEnd await() throws InterruptedException {
        int status = process.waitFor();
        output.drain(LAST_WORDS);
        errors.drain(LAST_WORDS);
        ProcessEnd end = end(status);
        boolean killed = end instanceof ProcessEnd.Killed signal && signal.signal() == SIGKILL;
        return killed && job.events("memory.events", "oom_kill") > 0
                ? new ProcessEnd.OutOfMemory(settings.policy().memory())
                : end;
    }

    /** What the starter has reported. One that was killed together with the command reports nothing. */
    private ProcessEnd end(int status) {
        try {
            String[] words = Files.readString(report).strip().split(" ", -1);
            int number = Integer.parseInt(words[1]);
            return switch (words[0]) {
                case "exit" -> new ProcessEnd.Exited(number);
                case "signal" -> new ProcessEnd.Killed(number);
                case "exec" -> new ProcessEnd.NotExecuted(number);
                case "directory" -> new ProcessEnd.NoDirectory(number);
                default -> new ProcessEnd.NotPrepared(number);
            };
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return status > KILLED ? new ProcessEnd.Killed(status - KILLED) : new ProcessEnd.Exited(status);
        }
    }

    /** Gives it something to read, and waits until it has read most of it. */
    void feed(Bytes bytes) throws IOException {
        if (!terminal) {
            write(bytes.toArray());
            return;
        }
        byte[] all = bytes.toArray();
        for (int from = 0; from < all.length; from += LONGEST_FRAME) {
            int length = Math.min(LONGEST_FRAME, all.length - from);
            write(frame('i', length).put(all, from, length).array());
        }
    }

    /** Its terminal has another size from now on. Does not wait for that. */
    void resize(TerminalSize size) {
        if (terminal) {
            sizes.put(size);
        }
    }

    private void writeSize(TerminalSize size) throws IOException {
        write(frame('s', 2 * Short.BYTES)
                .putShort((short) size.rows())
                .putShort((short) size.columns())
                .array());
    }

    /** The beginning of what {@code scc-exec} reads for a terminal, see the source {@code terminal.h}. */
    private static ByteBuffer frame(char kind, int length) {
        return ByteBuffer.allocate(Byte.BYTES + Short.BYTES + length)
                .put((byte) kind)
                .putShort((short) length);
    }

    private synchronized void write(byte[] bytes) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write(bytes);
        input.flush();
    }

    /** It finds no more to read. */
    void endInput() throws IOException {
        process.getOutputStream().close();
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
