package dev.scc.job.keeper;

import dev.scc.host.AtomicFile;
import dev.scc.host.DirectoryLock;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.ProcessId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a keeper listens, as the file {@code address.json} in its directory says once it does. The file outlives the process.
 *
 * @param boot of the machine, during which the process was started
 * @param spec by which it was started
 * @param addresses host and port by node
 */
record KeeperAddress(ProcessId process, String boot, KeeperSpec spec, Map<String, String> addresses) {
    private static final Logger log = LoggerFactory.getLogger(KeeperAddress.class);
    private static final String FILE = "address.json";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    KeeperAddress {
        addresses = Map.copyOf(addresses);
    }

    /** That of this process. */
    static KeeperAddress own(KeeperSpec spec, Map<String, String> addresses) throws IOException {
        ProcessId self = ProcessId.of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IOException("/proc does not show this process"));
        return new KeeperAddress(self, thisBoot(), spec, addresses);
    }

    private static String thisBoot() throws IOException {
        return Files.readString(BOOT).strip();
    }

    /**
     * That of the keeper which runs and has this directory; empty if none does.
     *
     * @throws IOException if the file cannot be read, and a keeper runs, or it cannot be told whether one does
     */
    static Optional<KeeperAddress> living(Path directory) throws IOException {
        Optional<KeeperAddress> last = last(directory);
        try {
            return last.isPresent()
                            && last.get().boot().equals(thisBoot())
                            && last.get().process().alive()
                    ? last
                    : Optional.empty();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Optional<KeeperAddress> last(Path directory) throws IOException {
        Optional<byte[]> text = file(directory).read();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(text.get(), KeeperAddress.class));
        } catch (IllegalArgumentException e) {
            // Of a keeper that has gone it does not matter what it said.
            try (DirectoryLock _ = DirectoryLock.acquire(directory, KeeperProcess.WHAT)) {
                Files.deleteIfExists(directory.resolve(FILE));
                log.atWarn()
                        .addKeyValue("file", directory.resolve(FILE))
                        .addKeyValue("why", e.getMessage())
                        .log("removed; no keeper of jobs runs here");
                return Optional.empty();
            } catch (IOException held) {
                throw new IOException(
                        directory.resolve(FILE) + " does not say where the keeper of jobs listens (" + e.getMessage()
                                + "), but one runs: " + held.getMessage() + "; end it",
                        e);
            }
        }
    }

    void write(Path directory) throws IOException {
        file(directory).write(Json.write(this));
    }

    private static AtomicFile file(Path directory) {
        return new AtomicFile(directory.resolve(FILE));
    }

    Optional<String> of(NodeName node) {
        return Optional.ofNullable(addresses.get(node.value()));
    }

    long pid() {
        return process.pid();
    }
}
