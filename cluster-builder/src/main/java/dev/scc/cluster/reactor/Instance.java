package dev.scc.cluster.reactor;

import dev.scc.host.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** What tells one data directory from all others, over all restarts of the process that owns it. */
public final class Instance {
    private Instance() {}

    /** Its id; made at the first call. */
    public static String of(Path data) throws IOException {
        Files.createDirectories(data);
        AtomicFile file = new AtomicFile(data.resolve("instance"));
        Optional<byte[]> known = file.read();
        if (known.isPresent()) {
            return new String(known.get(), StandardCharsets.UTF_8).strip();
        }
        String id = UUID.randomUUID().toString();
        file.write(id + "\n");
        return id;
    }
}
