package dev.scc.cluster.audit;

import dev.scc.cluster.trust.Fingerprint;
import dev.scc.host.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks that files are all of an audit log, as it was written. Not thread-safe. */
public final class AuditChain {
    /** As an entry that tells what a server has found at its start. */
    static final String CHECK = "scc.Audit/Check";

    /** More would say nothing new. */
    private static final int MOST = 20;

    private final List<String> broken = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final AuditHead head;
    private long number;
    private String hash;
    private boolean reached;
    private long refused;

    /**
     * What was found.
     *
     * @param entries that were read
     * @param refused how many of them tell of callers who were not entitled
     * @param broken what is wrong, and where; empty if nothing is
     * @param told what was wrong at a start of the server, as it has told then
     */
    public record Finding(long entries, long refused, List<String> broken, List<String> told) {
        public Finding {
            broken = List.copyOf(broken);
            told = List.copyOf(told);
        }
    }

    private AuditChain(AuditHead head) {
        this.head = head;
        number = head.oldest() - 1;
        hash = head.beforeOldest();
        reached = head.number() == 0;
    }

    /**
     * Reads all.
     *
     * @param head how far the log has to go; it may go further
     */
    public static Finding check(Path directory, AuditHead head) throws IOException {
        AuditChain chain = new AuditChain(head);
        long entries = 0;
        for (Path file : new AuditFiles(directory).all()) {
            entries += chain.read(file);
        }
        if (!chain.reached) {
            chain.broken.add(
                    "the last entry that was noted in the tree, " + head.number() + ", is not there as it was");
        }
        return new Finding(entries, chain.refused, first(chain.broken), first(chain.told));
    }

    /**
     * Reads all of a log whose end is noted nowhere: that entries are missing at its end does not show.
     *
     * @throws IOException if it cannot be read, or there is none
     */
    public static Finding checkAlone(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        return check(directory, AuditEnd.of(new AuditFiles(directory)).head());
    }

    private static List<String> first(List<String> all) {
        return all.stream().limit(MOST).toList();
    }

    private long read(Path file) throws IOException {
        List<byte[]> lines = AuditFiles.lines(file);
        int place = 0;
        for (byte[] line : lines) {
            place++;
            check(AuditFiles.name(file) + ":" + place, line);
        }
        return place;
    }

    private void check(String where, byte[] line) {
        try {
            AuditEntry entry = Json.read(line, AuditEntry.class);
            if (entry.number() != number + 1) {
                broken.add(where + ": this is entry " + entry.number() + ", after " + number);
            } else if (!entry.before().equals(hash)) {
                broken.add(
                        where + ": entry " + number + " before it is not the one that was there when it was written");
            }
            if (entry.fact().method().equals(CHECK)) {
                told.add(where + ": at its start the server found: "
                        + entry.fact().why());
            }
            if (entry.fact().ending() == AuditEntry.Ending.NOT_ENTITLED) {
                refused++;
            }
            number = entry.number();
        } catch (IllegalArgumentException e) {
            broken.add(where + ": no entry");
            number++;
        }
        hash = Fingerprint.of(line).hex();
        reached |= number == head.number() && hash.equals(head.hash());
    }
}
