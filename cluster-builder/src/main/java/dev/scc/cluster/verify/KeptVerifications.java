package dev.scc.cluster.verify;

import dev.scc.cluster.ClusterName;
import dev.scc.host.AtomicFile;
import dev.scc.host.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verifications that this server has had carried out: of each cluster the latest, and one to compare later ones with, in files
 * of its own. What cannot be written or read is lost, and logged: no verification fails because of it. Thread-safe.
 */
public final class KeptVerifications {
    private static final Logger log = LoggerFactory.getLogger(KeptVerifications.class);

    private final Path directory;

    /** Which of a cluster's two. */
    private enum Slot {
        LATEST,
        BASELINE
    }

    /** @param directory of its own; made when it is needed */
    public KeptVerifications(Path directory) {
        this.directory = directory;
    }

    /**
     * Keeps it as the latest, and as the baseline too if that is wanted, or if there is none and every pair passed.
     *
     * @param baseline whether it becomes the baseline, whatever was it before
     */
    public synchronized void keep(KeptVerification one, boolean baseline) {
        write(Slot.LATEST, one);
        if (baseline || (one.ok() && read(one.cluster(), Slot.BASELINE).isEmpty())) {
            write(Slot.BASELINE, one);
        }
    }

    public synchronized Optional<KeptVerification> latest(ClusterName cluster) {
        return read(cluster, Slot.LATEST);
    }

    public synchronized Optional<KeptVerification> baseline(ClusterName cluster) {
        return read(cluster, Slot.BASELINE);
    }

    /** Forgets all other clusters. */
    public synchronized void retain(Collection<ClusterName> clusters) {
        Set<Path> wanted = clusters.stream()
                .flatMap(cluster -> Stream.of(Slot.values()).map(slot -> path(cluster, slot)))
                .collect(Collectors.toSet());
        try (Stream<Path> files = Files.isDirectory(directory) ? Files.list(directory) : Stream.of()) {
            List<Path> gone = files.filter(file -> !wanted.contains(file)).toList();
            for (Path file : gone) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("directory", directory).log("verifications of old clusters stay");
        }
    }

    private void write(Slot slot, KeptVerification one) {
        try {
            new AtomicFile(path(one.cluster(), slot)).write(Json.writeBytes(one));
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("cluster", one.cluster()).log("verification is not kept");
        }
    }

    private Optional<KeptVerification> read(ClusterName cluster, Slot slot) {
        try {
            return new AtomicFile(path(cluster, slot)).read().map(text -> Json.read(text, KeptVerification.class));
        } catch (IOException | IllegalArgumentException e) {
            log.atWarn().setCause(e).addKeyValue("cluster", cluster).log("kept verification cannot be read");
            return Optional.empty();
        }
    }

    private Path path(ClusterName cluster, Slot slot) {
        return directory.resolve(
                switch (slot) {
                    case LATEST -> cluster + ".latest.json";
                    case BASELINE -> cluster + ".baseline.json";
                });
    }
}
