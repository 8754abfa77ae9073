package dev.scc.job.history;

import dev.scc.job.JobEvent;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the processes of one job wrote, in files of its directory: the latest of it, when it was more than is kept. A file is
 * named by the number of bytes that came before it. Safe for use by several threads.
 */
public final class OutputLog implements AutoCloseable {
    /** A log is kept in that many files: the oldest of them is removed as a whole. */
    static final int PIECES = 4;

    private static final String PREFIX = "output-";

    private final Path directory;
    private final long piece;
    /** Where each file begins. */
    private final TreeMap<Long, Path> files = new TreeMap<>();

    private Optional<FileChannel> writing = Optional.empty();
    private long end;
    private boolean finished;
    /** Its directory is gone. */
    private boolean dropped;

    private OutputLog(Path directory, long limit, boolean finished) {
        this.directory = directory;
        this.piece = Math.max(1, limit / PIECES);
        this.finished = finished;
    }

    /** Of a job that begins, in a directory that is there. */
    public static OutputLog begin(Path directory, long limit) {
        return new OutputLog(directory, limit, false);
    }

    /** Of a job that is over. */
    public static OutputLog of(Path directory) throws IOException {
        OutputLog log = new OutputLog(directory, PIECES, true);
        try (Stream<Path> found = Files.list(directory)) {
            for (Path file : found.filter(each -> name(each).startsWith(PREFIX)).toList()) {
                long start = Long.parseLong(name(file).substring(PREFIX.length()));
                log.files.put(start, file);
                log.end = Math.max(log.end, start + Files.size(file));
            }
        }
        return log;
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    /** Takes up what came last. */
    public synchronized void append(JobEvent.Output output) throws IOException {
        ByteBuffer[] frame = OutputFrame.encode(output);
        int size = Arrays.stream(frame).mapToInt(ByteBuffer::remaining).sum();
        if (!dropped) {
            write(room(size), frame);
        }
        end += size;
        notifyAll();
    }

    /** All of it or, as on a full disk, nothing. */
    private void write(FileChannel channel, ByteBuffer[] frame) throws IOException {
        try {
            while (frame[frame.length - 1].hasRemaining() || frame[0].hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException e) {
            channel.truncate(end - files.lastKey());
            throw e;
        }
    }

    private FileChannel room(int bytes) throws IOException {
        boolean full = !files.isEmpty() && end + bytes - files.lastKey() > piece && end > files.lastKey();
        if (writing.isPresent() && !full) {
            return writing.get();
        }
        close();
        Path next = directory.resolve(PREFIX + String.format(Locale.ROOT, "%019d", end));
        FileChannel channel =
                FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        writing = Optional.of(channel);
        files.put(end, next);
        while (files.size() > PIECES) {
            Files.deleteIfExists(files.pollFirstEntry().getValue());
        }
        return channel;
    }

    /** There is no more; whoever follows comes to the end. */
    synchronized void finish() throws IOException {
        finished = true;
        notifyAll();
        close();
    }

    /** Nothing of it is kept from now on; who reads it has missed the rest. */
    synchronized void drop() throws IOException {
        dropped = true;
        files.clear();
        notifyAll();
        close();
    }

    @Override
    public synchronized void close() throws IOException {
        if (writing.isPresent()) {
            writing.get().close();
            writing = Optional.empty();
        }
    }

    /** How many bytes are kept. */
    synchronized long kept() {
        return files.isEmpty() ? 0 : end - files.firstKey();
    }

    /** @param onlyNew whether what was written before is left out */
    public synchronized Reader read(boolean onlyNew) {
        return new Reader(onlyNew ? end : 0);
    }

    /** One who reads it, at his own pace. For one thread. */
    public final class Reader implements AutoCloseable {
        private long position;
        private long skipped;
        private Optional<FileChannel> reading = Optional.empty();
        private long begin = -1;

        private Reader(long position) {
            this.position = position;
        }

        /**
         * The next piece.
         *
         * @param follow whether to wait for one, as long as the job runs
         * @return empty at the end
         */
        public Optional<JobEvent.Output> next(boolean follow) throws IOException, InterruptedException {
            while (true) {
                Optional<Map.Entry<Long, Path>> file = fileWithNext(follow);
                if (file.isEmpty()) {
                    return Optional.empty();
                }
                try {
                    if (begin != file.get().getKey()) {
                        close();
                        reading = Optional.of(FileChannel.open(file.get().getValue(), StandardOpenOption.READ));
                        begin = file.get().getKey();
                    }
                    OutputFrame.Read read = OutputFrame.read(reading.orElseThrow(), position - begin);
                    position += read.bytes();
                    return Optional.of(read.output());
                } catch (EOFException e) {
                    // Who wrote it was killed, or had no room, in the middle of its last piece.
                    endsIn(e);
                } catch (NoSuchFileException e) {
                    // Removed meanwhile, because more was written than is kept: the next look starts behind it.
                    begin = -1;
                }
            }
        }

        private Optional<Map.Entry<Long, Path>> fileWithNext(boolean follow) throws InterruptedException {
            synchronized (OutputLog.this) {
                while (position >= end || dropped) {
                    skipped += end - position;
                    position = end;
                    if (!follow || finished) {
                        return Optional.empty();
                    }
                    OutputLog.this.wait();
                }
                if (position < files.firstKey()) {
                    skipped += files.firstKey() - position;
                    position = files.firstKey();
                }
                return Optional.of(files.floorEntry(position));
            }
        }

        private void endsIn(EOFException piece) throws EOFException {
            synchronized (OutputLog.this) {
                if (!finished) {
                    throw piece;
                }
                position = end;
            }
        }

        /** How many bytes were not kept for this reader. */
        public long skipped() {
            return skipped;
        }

        @Override
        public void close() throws IOException {
            if (reading.isPresent()) {
                reading.get().close();
                reading = Optional.empty();
            }
        }
    }
}
