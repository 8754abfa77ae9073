package dev.scc.job.node;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.libc.Descriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The output of a rank that someone else has started, through FIFOs that {@code scc-rank} has made. */
final class RankStreams {

    /** Where it goes. */
    @FunctionalInterface
    interface Sink {
        void send(boolean errors, Bytes bytes) throws InterruptedException;
    }

    // From stat.h.
    private static final int FILE_TYPE = 0xF000;
    private static final int FIFO = 0x1000;

    private final OutputPump output;
    private final OutputPump errors;

    private RankStreams(OutputPump output, OutputPump errors) {
        this.output = output;
        this.errors = errors;
    }

    /**
     * Begins to read both.
     *
     * @param base of their paths, in a directory of the user's
     * @throws IOException if they are not there, or are no FIFOs of the user's
     */
    static RankStreams open(Path base, JobUser user, Sink sink) throws IOException {
        InputStream out = fifo(base.resolveSibling(base.getFileName() + ".out"), user);
        try {
            InputStream err = fifo(base.resolveSibling(base.getFileName() + ".err"), user);
            String name = String.valueOf(base.getFileName());
            return new RankStreams(
                    OutputPump.start(out, name + "-out", bytes -> sink.send(false, bytes)),
                    OutputPump.start(err, name + "-err", bytes -> sink.send(true, bytes)));
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    /**
     * What is there may be a link to somebody else's file, which root could read, or a FIFO that nobody writes into. The file
     * that has been opened is looked at, not the one that the path leads to by then.
     */
    private static InputStream fifo(Path path, JobUser user) throws IOException {
        try (Descriptor opened = Descriptor.bothEnds(path)) {
            int owner = number(opened, "unix:uid");
            boolean own = user.rights().map(rights -> rights.uid() == owner).orElse(true);
            if ((number(opened, "unix:mode") & FILE_TYPE) != FIFO || !own || number(opened, "unix:nlink") != 1) {
                throw new IOException(path + " is no FIFO of the job's");
            }
            return new FileInputStream(opened.path().toFile()); // It says how much there is to read.
        }
    }

    private static int number(Descriptor file, String attribute) throws IOException {
        return (int) Files.getAttribute(file.path(), attribute);
    }

    /** The rank has ended: waits until its output has been sent. */
    void drain() throws InterruptedException {
        output.drain(JobProcess.LAST_WORDS);
        errors.drain(JobProcess.LAST_WORDS);
    }

    void stop() {
        output.stop();
        errors.stop();
    }
}
