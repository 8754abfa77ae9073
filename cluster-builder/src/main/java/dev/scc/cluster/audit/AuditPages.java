package dev.scc.cluster.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an audit log from its end, some bytes at a time, while its writer goes on: what is added meanwhile is behind the reader,
 * and the files that go are those that he comes to last.
 */
public final class AuditPages {
    /** Of a line that is longer than a page: it is no entry. */
    private static final int SHOWN = 100;

    private AuditPages() {}

    /**
     * The lines before that place, as many as fit.
     *
     * @param end empty for the log's end
     * @param most in bytes
     * @throws NoSuchFileException if there is no log
     */
    public static AuditPage before(Path directory, Optional<AuditPage.Place> end, int most) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        List<Path> files = new AuditFiles(directory).all();
        for (int at = files.size() - 1; at >= 0; at--) {
            Path file = files.get(at);
            long number = AuditFiles.first(file);
            if (end.isPresent() && !new AuditPage.Place(number, 0).isBefore(end.get())) {
                continue;
            }
            long upTo = end.filter(place -> place.file() == number)
                    .map(AuditPage.Place::offset)
                    .orElse(Long.MAX_VALUE);
            Optional<AuditPage> page = read(file, number, upTo, most, at > 0);
            if (page.isPresent()) {
                return page.get();
            }
        }
        return new AuditPage(Optional.empty(), List.of());
    }

    /** @param older whether there is another file before this one */
    private static Optional<AuditPage> read(Path file, long number, long upTo, int most, boolean older)
            throws IOException {
        long start;
        byte[] content;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = Math.min(upTo, channel.size());
            start = Math.max(0, end - most);
            ByteBuffer buffer = ByteBuffer.allocate((int) (end - start));
            while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {
                // Until all is there, or the file has become shorter.
            }
            content = new byte[buffer.position()];
            buffer.flip().get(content);
        }
        int first = start == 0 ? 0 : after(content);
        List<String> lines = lines(content, first);
        if (!lines.isEmpty()) {
            long begin = start + first;
            return Optional.of(new AuditPage(
                    begin > 0 || older ? Optional.of(new AuditPage.Place(number, begin)) : Optional.empty(), lines));
        }
        return start == 0
                ? Optional.empty()
                : Optional.of(new AuditPage(
                        Optional.of(new AuditPage.Place(number, start)),
                        List.of(new String(content, 0, Math.min(SHOWN, content.length), StandardCharsets.UTF_8))));
    }

    /** Behind the line of which only the end may be there; the end of all if there is no other. */
    private static int after(byte[] content) {
        for (int at = 0; at < content.length; at++) {
            if (content[at] == '\n') {
                return at + 1;
            }
        }
        return content.length;
    }

    /** Those that were written to their end. */
    private static List<String> lines(byte[] content, int first) {
        List<String> lines = new ArrayList<>();
        int begin = first;
        for (int at = first; at < content.length; at++) {
            if (content[at] == '\n') {
                lines.add(new String(content, begin, at - begin, StandardCharsets.UTF_8));
                begin = at + 1;
            }
        }
        return lines;
    }
}
