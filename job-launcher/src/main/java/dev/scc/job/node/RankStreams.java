package dev.scc.job.node;

import dev.scc.cluster.rpc.Bytes;
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

    private final OutputPump output;
    private final OutputPump errors;

    private RankStreams(OutputPump output, OutputPump errors) {
        this.output = output;
        this.errors = errors;
    }

    /**
     * Begins to read both. They are open for writing already, so this does not wait.
     *
     * @param base of their paths
     */
    static RankStreams open(Path base, Sink sink) throws IOException {
        InputStream out = Files.newInputStream(base.resolveSibling(base.getFileName() + ".out"));
        try {
            InputStream err = Files.newInputStream(base.resolveSibling(base.getFileName() + ".err"));
            String name = String.valueOf(base.getFileName());
            return new RankStreams(
                    OutputPump.start(out, name + "-out", bytes -> sink.send(false, bytes)),
                    OutputPump.start(err, name + "-err", bytes -> sink.send(true, bytes)));
        } catch (IOException e) {
            out.close();
            throw e;
        }
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
