package dev.scc.vpc;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that stands for a network namespace on a node, such as {@code /run/netns/blue} or {@code /proc/4711/ns/net}. */
public record NamespaceFile(String path) implements EniPlace {
    private static final int LONGEST = 200;
    private static final Pattern LEGAL = Pattern.compile("(/[A-Za-z0-9_.@:+-]+)+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@:+-]{1,100}");
    private static final Pattern OF_PROCESS = Pattern.compile("/proc/([0-9]+)/.*");
    private static final String NAMED = "/run/netns/";

    public NamespaceFile {
        boolean dots = (path + "/").contains("/../") || (path + "/").contains("/./");
        if (path.length() > LONGEST || dots || !LEGAL.matcher(path).matches()) {
            throw new IllegalArgumentException("\"" + path + "\" is no absolute path of up to " + LONGEST
                    + " letters, digits and _.@:+- without \"..\"");
        }
    }

    /** A path, or a name that {@code ip netns} knows. */
    public static NamespaceFile parse(String text) {
        return NAME.matcher(text).matches() ? new NamespaceFile(NAMED + text) : new NamespaceFile(text);
    }

    /** That of a process. */
    public static NamespaceFile ofProcess(int pid) {
        if (pid < 1) {
            throw new IllegalArgumentException(pid + " is no process id");
        }
        return new NamespaceFile("/proc/" + pid + "/ns/net");
    }

    /** Whether it is a process's, whose number may be another's once it has ended. */
    public boolean isOfProcess() {
        return OF_PROCESS.matcher(path).matches();
    }

    /** Its name for {@code ip netns}; empty if it has none. */
    public Optional<String> name() {
        return path.startsWith(NAMED) ? Optional.of(path.substring(NAMED.length())) : Optional.empty();
    }

    @Override
    public String text() {
        return path;
    }

    /** As people call it: its name, the process, or the path. */
    @Override
    public String words() {
        Matcher process = OF_PROCESS.matcher(path);
        return name().orElseGet(() -> process.matches() ? "process " + process.group(1) : path);
    }

    @Override
    public String toString() {
        return path;
    }
}
