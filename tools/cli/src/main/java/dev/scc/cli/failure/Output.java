package dev.scc.cli.failure;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One of our own streams, in UTF-8 whatever the locale, which knows why something could not be written. */
public final class Output extends PrintStream {
    private final Remembering stream;

    private Output(Remembering stream) {
        super(stream, true, StandardCharsets.UTF_8);
        this.stream = stream;
    }

    /** That of this process. */
    public static Output on(FileDescriptor descriptor) {
        return to(new FileOutputStream(descriptor));
    }

    static Output to(OutputStream stream) {
        return new Output(new Remembering(stream));
    }

    /** Why the first write failed that did, if one has. */
    Optional<IOException> failure() {
        return stream.failure;
    }

    private static final class Remembering extends OutputStream {
        private final OutputStream stream;
        private Optional<IOException> failure = Optional.empty();

        private Remembering(OutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException e) {
                if (failure.isEmpty()) {
                    failure = Optional.of(e);
                }
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            stream.flush();
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
