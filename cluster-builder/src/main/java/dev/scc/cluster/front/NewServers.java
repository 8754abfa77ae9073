package dev.scc.cluster.front;

import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.Principal;
import dev.scc.host.AtomicFile;
import dev.scc.host.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Tokens for servers, of their secrets the hashes, in files of the server that has made them: the tree may be waiting for just
 * those servers. Such a token counts at this server alone, which is the one that it names. Thread-safe.
 */
public final class NewServers {
    private final Path directory;
    private final List<String> peers;
    private final InstantSource clock;

    /**
     * Of one server.
     *
     * @param directory for these tokens; made with the first of them
     * @param peers the names of all servers of its ensemble; empty if it is none of an ensemble
     */
    public NewServers(Path directory, List<String> peers, InstantSource clock) {
        this.directory = directory;
        this.peers = List.copyOf(peers);
        this.clock = clock;
    }

    /** The names of all servers of the ensemble; empty if there is none. */
    public List<String> peers() {
        return peers;
    }

    /** Why a server cannot join this one, and what to do about it; empty if it can. */
    Optional<String> refusal(Principal server) {
        if (peers.isEmpty()) {
            return Optional.of(
                    "this server keeps the tree alone, so no other can join it: start it with --peers that name" + " "
                            + server.name() + " too");
        }
        return peers.contains(server.name())
                ? Optional.empty()
                : Optional.of(server.name() + " is not among the peers of this server, " + String.join(",", peers)
                        + ": name one of them");
    }

    /** Keeps a token, and forgets those that have expired. */
    synchronized void add(Fingerprint hash, TrustRecords.Invited invited) throws IOException {
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.json")) {
                for (Path each : all) {
                    if (read(each)
                            .filter(token -> token.endsMillis() >= clock.millis())
                            .isEmpty()) {
                        new AtomicFile(each).delete();
                    }
                }
            }
        }
        new AtomicFile(file(hash)).write(Json.write(invited));
    }

    /** A token that is not spent. */
    synchronized Optional<TrustRecords.Invited> find(Fingerprint hash) throws IOException {
        return read(file(hash));
    }

    /** Whether the token was there until now; it is spent, for good, when this returns. */
    synchronized boolean spend(Fingerprint hash) throws IOException {
        boolean there = find(hash).isPresent();
        new AtomicFile(file(hash)).delete();
        return there;
    }

    private Path file(Fingerprint hash) {
        return directory.resolve(hash.hex() + ".json");
    }

    private static Optional<TrustRecords.Invited> read(Path file) throws IOException {
        return new AtomicFile(file)
                .read()
                .map(bytes -> Json.read(new String(bytes, StandardCharsets.UTF_8), TrustRecords.Invited.class));
    }
}
