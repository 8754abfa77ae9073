package dev.scc.testbed;

import dev.scc.host.Cgroup;
import dev.scc.host.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What jobs on nodes that are namespaces have on this machine while they run, because such nodes have no file system of
 * their own: a cgroup and a directory in {@code /run} for each node.
 */
final class JobTraces {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestbedName testbed;

    JobTraces(TestbedName testbed) {
        this.testbed = testbed;
    }

    /** Ends what runs in them and removes them; says what went. */
    List<String> remove() throws IOException, InterruptedException {
        List<String> removed = new ArrayList<>();
        Optional<Path> root = cgroups();
        if (root.isPresent()) {
            for (Path cgroup : ofNodes(root.get())) {
                Optional<String> left = Cgroup.at(cgroup).remove(PATIENCE);
                if (left.isPresent()) {
                    throw new IOException(left.get());
                }
                removed.add("cgroup " + cgroup);
            }
        }
        for (Path directory : ofNodes(Path.of("/run"))) {
            FileTree.remove(directory);
            removed.add("directory " + directory);
        }
        return removed;
    }

    private static Optional<Path> cgroups() {
        try {
            return Optional.of(Cgroup.root());
        } catch (IOException e) {
            return Optional.empty(); // A machine without them has had no jobs.
        }
    }

    private List<Path> ofNodes(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> testbed.isOfNode(entry.getFileName().toString()))
                    .toList();
        }
    }
}
