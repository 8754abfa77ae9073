package dev.scc.job.node;

import dev.scc.host.LocalCallers;
import dev.scc.host.libc.KernelText;
import dev.scc.job.ProcessEnd;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket on which {@code scc-rsh} and {@code scc-rank} of one job reach their node's agent. They prove that they
 * belong to the job by a token from its environment. What they say is described in their sources.
 */
final class AgentSocket implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentSocket.class);
    private static final int LONGEST_LINE = 512;
    private static final int LONGEST_COMMAND = 64 << 10;
    /** Small, because each rank may have one. */
    private static final int BUFFER = 512;

    /** What is made of it. */
    interface Listener {

        /** A process of the job wants a shell command run on another node; {@link AgentSocket#answer} is due. */
        void rshWanted(int request, String host, String command) throws InterruptedException;

        /** The job wants more than it may have. */
        void exceeded(String why) throws InterruptedException;

        /** That process is gone before it had its answer. */
        void rshGone(int request) throws InterruptedException;

        /** A rank that someone else has started writes into FIFOs in the job's directory. */
        void rankStarted(int rank) throws IOException;

        /** It has ended; if badly, then like that. Returns when all of its output is on its way. */
        void rankEnded(int rank, Optional<ProcessEnd> badly) throws InterruptedException;
    }

    private final Path path;
    private final String token;
    private final LocalCallers callers;
    private final Listener listener;
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<Integer, SocketChannel> waiting = new ConcurrentHashMap<>();

    private AgentSocket(Path path, String token, int most, Listener listener) throws IOException {
        this.path = path;
        this.token = token;
        this.listener = listener;
        callers = LocalCallers.listen(path, "job", most, this::serve);
    }

    /** @param most how many callers there may be at a time; more wait to be heard until one of them is gone */
    static AgentSocket listen(Path path, int most, Listener listener) throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return new AgentSocket(path, HexFormat.of().formatHex(random), most, listener);
    }

    /** What processes need to reach it. */
    Map<String, String> environment() {
        return Map.of("SCC_JOB_SOCKET", path.toString(), "SCC_JOB_TOKEN", token);
    }

    private void serve(LocalCallers.Caller caller) throws IOException, InterruptedException {
        InputStream input = new BufferedInputStream(Channels.newInputStream(caller.channel()), BUFFER);
        String[] words = line(input).split(" ", -1);
        if (words.length < 4 || !known(words[0])) {
            log.atWarn().addKeyValue("socket", path).log("a caller without the job's token was turned away");
            return;
        }
        try {
            switch (words[1]) {
                case "rsh" -> rsh(caller, input, words);
                case "streams" -> {
                    caller.heard();
                    listener.rankStarted(Integer.parseInt(words[2]));
                    write(caller.channel(), "ok");
                }
                case "ended" -> {
                    caller.heard();
                    ended(caller.channel(), words);
                }
                default -> log.atWarn().addKeyValue("words", words[1]).log("a caller said what nobody understands");
            }
        } catch (NumberFormatException e) {
            throw new IOException("a caller said what is no number", e);
        }
    }

    private boolean known(String presented) {
        return MessageDigest.isEqual(
                presented.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private void rsh(LocalCallers.Caller caller, InputStream input, String[] words)
            throws IOException, InterruptedException {
        int length = Integer.parseInt(words[3]);
        if (length < 0 || length > LONGEST_COMMAND) {
            listener.exceeded(
                    "a launcher of the job wants a command of " + length + " bytes run, more than " + LONGEST_COMMAND);
            throw new EOFException("a command of " + length + " bytes is too long");
        }
        String command = KernelText.decode(input.readNBytes(length));
        caller.heard();
        int request = requests.incrementAndGet();
        waiting.put(request, caller.channel());
        listener.rshWanted(request, words[2], command);
        try {
            // The caller says no more: this returns when it is gone, with its answer or without.
            int more = input.read();
            log.atDebug().addKeyValue("read", more).log("launch agent done");
        } finally {
            if (waiting.remove(request) != null) {
                listener.rshGone(request);
            }
        }
    }

    private void ended(SocketChannel connection, String[] words) throws IOException, InterruptedException {
        int number = words.length < 5 ? 0 : Integer.parseInt(words[4]);
        Optional<ProcessEnd> badly = switch (words[3]) {
            case "done" -> Optional.empty();
            case "signal" -> Optional.of(new ProcessEnd.Killed(number));
            case "exec" -> Optional.of(new ProcessEnd.NotExecuted(number));
            default -> Optional.of(new ProcessEnd.Exited(number));
        };
        listener.rankEnded(Integer.parseInt(words[2]), badly);
        write(connection, "ok");
    }

    /** Tells the launch agent how its command ended. */
    void answer(int request, int status) {
        SocketChannel connection = waiting.remove(request);
        if (connection != null) {
            try {
                write(connection, "exit " + status);
            } catch (IOException e) {
                log.atDebug().setCause(e).log("launch agent gone before its answer");
            }
        }
    }

    private static void write(SocketChannel connection, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            connection.write(bytes);
        }
    }

    private static String line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0 || line.size() == LONGEST_LINE) {
                throw new EOFException("a caller did not end its line");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            callers.close();
        } catch (IOException e) {
            log.atWarn().addKeyValue("socket", path).setCause(e).log("job socket did not close");
        }
    }
}
