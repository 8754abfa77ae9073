package dev.scc.job.files;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.job.JobLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/** Hands on what is written in pieces that a message has room for. Waits as its receiver does. */
public final class PieceOutput extends OutputStream {
    static final int PIECE = JobLimits.PIECE;

    /** Where a piece goes. */
    @FunctionalInterface
    public interface Sink {
        void send(Bytes piece) throws InterruptedException;
    }

    private final Sink sink;
    private final byte[] buffer = new byte[PIECE];
    private int filled;

    public PieceOutput(Sink sink) {
        this.sink = sink;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        while (at < from + length) {
            int count = Math.min(PIECE - filled, from + length - at);
            System.arraycopy(bytes, at, buffer, filled, count);
            filled += count;
            at += count;
            if (filled == PIECE) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (filled == 0) {
            return;
        }
        try {
            sink.send(Bytes.of(buffer, 0, filled));
            filled = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("nobody takes the files any more");
        }
    }
}
