package dev.scc.testbed;

import dev.scc.host.AtomicFile;
import dev.scc.host.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Where a testbed's state is kept; changes are written before they are returned. */
final class StateFile {
    static final String NAME = "testbed.json";

    private final AtomicFile file;

    StateFile(Path directory) {
        this.file = new AtomicFile(directory.resolve(NAME));
    }

    /** Empty if there is none, or none that can be read: what a testbed has made is found by its namespace too. */
    Optional<TestbedState> read() throws IOException {
        return file.read().flatMap(StateFile::decode);
    }

    boolean exists() throws IOException {
        return file.read().isPresent();
    }

    TestbedState write(TestbedState state) {
        try {
            file.write(encode(state));
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes what is there. */
    synchronized TestbedState change(UnaryOperator<TestbedState> change) throws IOException {
        return write(change.apply(read().orElseThrow(() -> new IOException("there is no state in " + file.path()))));
    }

    void delete() throws IOException {
        file.delete();
    }

    static String encode(TestbedState state) {
        return Json.pretty(state);
    }

    static Optional<TestbedState> decode(byte[] text) {
        try {
            return Optional.of(Json.read(text, TestbedState.class));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
