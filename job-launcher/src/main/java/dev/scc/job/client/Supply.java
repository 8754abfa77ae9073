package dev.scc.job.client;

import dev.scc.host.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a caller has for a job while it runs.
 *
 * @param files that it brings along, as its spec has said
 * @param input what rank 0 reads. A read that waits when the job ends goes on waiting: its thread does not keep the process
 *     from ending
 * @param window that its terminal is in, if it has one
 */
public record Supply(Optional<Files> files, InputStream input, Window window) {

    /** Writes the files of a stage, as {@link dev.scc.job.files.FileSelection} does. */
    @FunctionalInterface
    public interface Files {
        /** @throws IOException if they are not what they were; the job is not started then */
        void write(OutputStream to) throws IOException;
    }

    /** What tells of a window whose size changes. */
    @FunctionalInterface
    public interface Window {
        /** From now on the ear hears the size, each time that it is another. */
        void onResize(Consumer<TerminalSize> ear);
    }

    /** Nothing. */
    public static Supply none() {
        return of(InputStream.nullInputStream());
    }

    /** Something to read. */
    public static Supply of(InputStream input) {
        return new Supply(Optional.empty(), input, _ -> {});
    }

    /** A terminal. */
    public static Supply of(InputStream input, Window window) {
        return new Supply(Optional.empty(), input, window);
    }

    /** The same, with files. */
    public Supply with(Optional<Files> brought) {
        return new Supply(brought, input, window);
    }
}
