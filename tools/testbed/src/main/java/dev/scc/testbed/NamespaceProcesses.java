package dev.scc.testbed;

import dev.scc.host.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which processes are in some network namespaces: one look at all processes, however many namespaces there are. */
final class NamespaceProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final String INODE = "unix:ino";

    private NamespaceProcesses() {}

    /**
     * Those inside any of them, without this process and those that started it: a client may have entered a namespace.
     *
     * @param handles of the namespaces, such as {@code /run/netns/x}
     * @throws IOException if a handle, or the list of processes, cannot be read
     */
    static List<ProcessId> in(Collection<Path> handles) throws IOException {
        Set<Object> wanted = new HashSet<>();
        for (Path handle : handles) {
            wanted.add(Files.getAttribute(handle, INODE));
        }
        Set<Long> own = ownAndAncestors();
        List<ProcessId> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(PROC)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    long pid = Long.parseLong(name);
                    if (!own.contains(pid) && wanted.contains(networkOf(entry))) {
                        ProcessId.of(pid).ifPresent(found::add);
                    }
                }
            }
        }
        return found;
    }

    private static Object networkOf(Path process) {
        try {
            return Files.getAttribute(process.resolve("ns/net"), INODE);
        } catch (IOException e) {
            return Optional.empty(); // It has ended, or is a kernel's thread.
        }
    }

    private static Set<Long> ownAndAncestors() {
        Set<Long> own = new HashSet<>();
        Optional<ProcessHandle> next = Optional.of(ProcessHandle.current());
        while (next.isPresent()) {
            own.add(next.get().pid());
            next = next.get().parent();
        }
        return own;
    }
}
