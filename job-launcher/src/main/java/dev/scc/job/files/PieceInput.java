package dev.scc.job.files;

import dev.scc.cluster.rpc.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A stream of pieces as they come, a few at a time: one thread puts them, another reads. */
public final class PieceInput extends InputStream {
    private static final int WAITING = 4;
    private static final long BETWEEN_LOOKS = 100;

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(WAITING);
    private byte[] piece = new byte[0];
    private int at;
    private boolean ended;
    private volatile boolean unread;

    /** One more; waits while enough others do. What comes when nobody reads any more is dropped. */
    public void put(Bytes bytes) throws InterruptedException {
        if (bytes.length() > 0) {
            offer(bytes.toArray());
        }
    }

    /** No more come. */
    public void end() throws InterruptedException {
        offer(new byte[0]);
    }

    private void offer(byte[] bytes) throws InterruptedException {
        boolean taken = false;
        while (!taken && !unread) {
            taken = pieces.offer(bytes, BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == piece.length && !next()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, bytes, from, count);
        at += count;
        return count;
    }

    private boolean next() throws IOException {
        if (ended) {
            return false;
        }
        try {
            piece = pieces.take();
            at = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the files are not wanted any more");
        }
        ended = piece.length == 0;
        return !ended;
    }

    /** Nobody reads any more. */
    @Override
    public void close() {
        unread = true;
    }
}
