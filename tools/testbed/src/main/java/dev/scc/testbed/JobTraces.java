package dev.scc.testbed;

import dev.scc.host.Cgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What jobs on nodes that are namespaces have on this machine, because such nodes have no file system of their own: one
 * cgroup and one directory in {@code /run} hold those of all nodes.
 */
final class JobTraces {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;

    JobTraces(TestbedName testbed) {
        this.name = testbed.namespace();
    }

    private Path directory() {
        return Path.of("/run", name);
    }

    private Optional<Path> cgroup() {
        try {
            return Optional.of(Cgroup.root().resolve(name));
        } catch (IOException e) {
            return Optional.empty(); // A machine without cgroups has had no jobs.
        }
    }

    /** Ends what runs in them and removes them; says what went. */
    List<String> remove() throws IOException, InterruptedException {
        List<String> removed = new ArrayList<>();
        Optional<Path> cgroup = cgroup().filter(Files::exists);
        if (cgroup.isPresent()) {
            Optional<String> left = Cgroup.at(cgroup.get()).remove(PATIENCE);
            if (left.isPresent()) {
                throw new IOException(left.get());
            }
            removed.add("cgroup " + cgroup.get());
        }
        if (Files.exists(directory())) {
            Tree.delete(directory());
            removed.add("directory " + directory());
        }
        return removed;
    }
}
