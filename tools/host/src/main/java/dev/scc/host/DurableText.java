package dev.scc.host;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A small text that survives a crash: at any instant it is the old one or the new one as a whole. */
public interface DurableText {
    /** For messages: where it is. */
    String name();

    /** What was written last, as UTF-8; empty before that. */
    Optional<byte[]> read() throws IOException;

    /**
     * Replaces it; it survives any crash once this has returned.
     *
     * @throws IOException if it cannot be kept, for instance because the disk is full; the old text stays
     */
    void write(String text) throws IOException;

    /** The same, of several parts one after the other: some of them may be long and shared with others. */
    default void write(List<String> parts) throws IOException {
        write(String.join("", parts));
    }
}
