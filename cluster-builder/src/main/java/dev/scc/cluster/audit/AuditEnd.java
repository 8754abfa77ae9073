package dev.scc.cluster.audit;

import dev.scc.cluster.trust.Fingerprint;
import dev.scc.host.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where an audit log goes on after a restart.
 *
 * @param file the youngest
 * @param length of it, without what was not written to its end
 */
record AuditEnd(AuditHead head, Path file, long length) {

    static AuditEnd of(AuditFiles files) throws IOException {
        List<Path> all = files.all();
        if (all.isEmpty()) {
            return new AuditEnd(AuditHead.NOTHING, files.beginningWith(1), 0);
        }
        Path youngest = all.getLast();
        List<byte[]> lines = AuditFiles.lines(youngest);
        long length = lines.stream().mapToLong(line -> line.length + 1L).sum();
        String hash = all.reversed().stream()
                .limit(2)
                .map(AuditEnd::last)
                .filter(last -> !last.isEmpty())
                .findFirst()
                .orElse("");
        AuditEntry oldest = firstOf(all.getFirst());
        long number = AuditFiles.first(youngest) - 1 + lines.size();
        return new AuditEnd(new AuditHead(number, hash, oldest.number(), oldest.before()), youngest, length);
    }

    /** A file's first entry; one that cannot be read, or is not there, says nothing of those before it. */
    static AuditEntry firstOf(Path file) throws IOException {
        List<byte[]> lines = AuditFiles.lines(file);
        AuditEntry unknown = new AuditEntry(AuditFiles.first(file), 0, AuditEntry.Fact.own("", "", 0), "");
        try {
            return lines.isEmpty() ? unknown : Json.read(lines.getFirst(), AuditEntry.class);
        } catch (IllegalArgumentException e) {
            return unknown;
        }
    }

    private static String last(Path file) {
        try {
            List<byte[]> lines = AuditFiles.lines(file);
            return lines.isEmpty() ? "" : Fingerprint.of(lines.getLast()).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
