package dev.scc.job.history;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One piece of output in a file: length of the rest, rank or -1, 1 on standard error, length of the node's name, the name, the
 * bytes. Numbers are big-endian, of 4, 4, 1 and 2 bytes.
 */
final class OutputFrame {
    private static final int HEAD = 4 + 1 + 2;
    /** Far more than a piece has: what claims more is no frame. */
    private static final int LARGEST = 64 << 20;

    private OutputFrame() {}

    /**
     * A piece that was read.
     *
     * @param bytes that it takes in the file
     */
    record Read(JobEvent.Output output, long bytes) {}

    /** What a file gets, one after the other. */
    static ByteBuffer[] encode(JobEvent.Output output) {
        byte[] node = output.node().value().getBytes(StandardCharsets.UTF_8);
        ByteBuffer head = ByteBuffer.allocate(4 + HEAD + node.length)
                .putInt(HEAD + node.length + output.bytes().length())
                .putInt(output.rank().orElse(-1))
                .put((byte) (output.errors() ? 1 : 0))
                .putShort((short) node.length)
                .put(node)
                .flip();
        return new ByteBuffer[] {head, output.bytes().toBuffer()};
    }

    static Read read(FileChannel file, long position) throws IOException {
        int length = fill(file, position, 4).getInt();
        if (length < HEAD || length > LARGEST) {
            throw new IOException("output of a job is damaged at byte " + position);
        }
        ByteBuffer frame = fill(file, position + 4, length);
        int rank = frame.getInt();
        boolean errors = frame.get() == 1;
        int name = frame.getShort();
        if (name < 0 || name > frame.remaining()) {
            throw new IOException("output of a job is damaged at byte " + position);
        }
        byte[] node = new byte[name];
        frame.get(node);
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        JobEvent.Output output = new JobEvent.Output(
                new NodeName(new String(node, StandardCharsets.UTF_8)),
                rank < 0 ? Optional.empty() : Optional.of(rank),
                errors,
                Bytes.owning(bytes));
        return new Read(output, 4L + length);
    }

    private static ByteBuffer fill(FileChannel file, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("output of a job ends within a piece");
            }
        }
        return buffer.flip();
    }
}
