package dev.scc.job.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process has mounted, as {@code /proc/self/mountinfo} says (proc_pid_mountinfo(5)). */
final class Mounts {
    private static final int POINT = 4;
    private static final int OPTIONS = 5;
    /** A blank and the like in a path. */
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private Mounts() {}

    /** @throws IOException if no program starts there, because of how its file system is mounted */
    static void requirePrograms(Path directory) throws IOException {
        requirePrograms(directory, Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    static void requirePrograms(Path directory, List<String> mountinfo) throws IOException {
        Optional<Path> refusing = withoutPrograms(directory.toRealPath(), mountinfo);
        if (refusing.isPresent()) {
            throw new IOException("programs cannot start in " + directory + ", because " + refusing.get()
                    + " is mounted with noexec; mount it without (mount -o remount,exec " + refusing.get()
                    + "), or give the agent a --data elsewhere");
        }
    }

    /** The mount that this path is on, if it lets no program start. Of those at the same place the last one counts. */
    static Optional<Path> withoutPrograms(Path path, List<String> mountinfo) {
        Path on = Path.of("/");
        boolean refuses = false;
        for (String line : mountinfo) {
            String[] fields = line.split(" ", -1);
            if (fields.length > OPTIONS) {
                Path point = Path.of(OCTAL.matcher(fields[POINT])
                        .replaceAll(code -> escaped((char) Integer.parseInt(code.group(1), 8))));
                if (path.startsWith(point) && point.startsWith(on)) {
                    on = point;
                    refuses = Arrays.asList(fields[OPTIONS].split(",", -1)).contains("noexec");
                }
            }
        }
        return refuses ? Optional.of(on) : Optional.empty();
    }

    private static String escaped(char letter) {
        return Matcher.quoteReplacement(String.valueOf(letter));
    }
}
