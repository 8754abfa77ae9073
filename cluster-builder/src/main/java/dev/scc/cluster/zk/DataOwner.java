package dev.scc.cluster.zk;

import dev.scc.host.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whose data a directory of ZooKeeper holds. A member that starts on the data of another, of another ensemble, or of a single
 * server would take part in decisions with a past that is not its own.
 */
final class DataOwner {
    private static final String FILE = "ensemble";
    private static final String ZOOKEEPER_DATA = "version-2";

    private DataOwner() {}

    /** @throws IOException if the directory belongs to a member of an ensemble */
    static void claimForSingle(Path data) throws IOException {
        Optional<String> owner = read(data);
        if (owner.isPresent()) {
            throw new IOException("the data in " + data + " belong to " + owner.get()
                    + ": start this server with the same --peers, or with another --data");
        }
    }

    /** @throws IOException if the directory belongs to anyone but this member */
    static void claim(Path data, Ensemble ensemble, String name) throws IOException {
        String self = "peer " + name + " of " + ensemble.names();
        Optional<String> owner = read(data);
        if (owner.isPresent() && !owner.get().equals(self)) {
            throw new IOException("the data in " + data + " belong to " + owner.get() + ", this server is " + self
                    + ": start it with the same --peers and --name, or with another --data");
        }
        if (owner.isEmpty() && Files.exists(data.resolve(ZOOKEEPER_DATA))) {
            throw new IOException("the data in " + data + " belong to a server without peers, this one is " + self
                    + ": start it with another --data");
        }
        if (owner.isEmpty()) {
            new AtomicFile(data.resolve(FILE)).write(self + "\n");
        }
    }

    private static Optional<String> read(Path data) throws IOException {
        return new AtomicFile(data.resolve(FILE))
                .read()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
    }
}
