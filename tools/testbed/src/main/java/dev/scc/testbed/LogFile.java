package dev.scc.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What a process of the testbed has written. */
final class LogFile {
    private static final int LAST_LINES = 5;

    private LogFile() {}

    /** The last lines of a log on one line; says so if there are none. */
    static String lastLines(Path log) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            return lines.isEmpty()
                    ? log.getFileName() + " is empty"
                    : log.getFileName() + " ends with: "
                            + lines.stream()
                                    .skip(Math.max(0, lines.size() - LAST_LINES))
                                    .collect(Collectors.joining(" / "));
        } catch (NoSuchFileException e) {
            return "there is no " + log.getFileName();
        } catch (IOException e) {
            return log.getFileName() + " cannot be read: " + e;
        }
    }
}
