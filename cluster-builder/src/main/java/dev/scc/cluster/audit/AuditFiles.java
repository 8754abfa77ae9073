package dev.scc.cluster.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of one audit log. Each is named by the number of its first entry. */
record AuditFiles(Path directory) {
    private static final Pattern NAME = Pattern.compile("audit-([0-9]{12})\\.jsonl");

    /** From the oldest on. */
    List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> NAME.matcher(name(file)).matches())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    Path beginningWith(long number) {
        return directory.resolve(String.format(Locale.ROOT, "audit-%012d.jsonl", number));
    }

    /** The number of a file's first entry. */
    static long first(Path file) {
        Matcher matcher = NAME.matcher(name(file));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file + " is no file of an audit log");
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Those that were written to their end, without it. */
    static List<byte[]> lines(Path file) throws IOException {
        if (Files.size(file) == 0) {
            return List.of();
        }
        byte[] content = Files.readAllBytes(file);
        List<byte[]> lines = new ArrayList<>();
        int begin = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == '\n') {
                lines.add(Arrays.copyOfRange(content, begin, at));
                begin = at + 1;
            }
        }
        return lines;
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
