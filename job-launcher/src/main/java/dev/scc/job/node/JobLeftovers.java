package dev.scc.job.node;

import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.host.Cgroup;
import dev.scc.host.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cgroups, directories and stages of jobs on this machine. */
public final class JobLeftovers implements Traces {
    private static final Logger log = LoggerFactory.getLogger(JobLeftovers.class);
    private static final String WHY = "no job of that name runs on this node";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ALL_PATIENCE = Duration.ofSeconds(10);

    private final NodeSettings settings;

    public JobLeftovers(NodeSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<NodeLeftover> look(Predicate<String> running, boolean remove) throws IOException, InterruptedException {
        List<NodeLeftover> found = new ArrayList<>();
        for (Path cgroup : below(settings.cgroups(), Files::isDirectory)) {
            if (!running.test(name(cgroup))) {
                found.add(cgroup(cgroup, remove));
            }
        }
        for (Path file : below(settings.directory(), path -> true)) {
            String name = name(file);
            int dot = name.indexOf('.'); // None in the name of a job.
            String job = dot < 0 ? name : name.substring(0, dot);
            if (!running.test(job)) {
                found.add(file(file, remove));
            }
        }
        for (Path stage : below(settings.stages(), path -> true)) {
            if (!running.test(name(stage))) {
                found.add(file(stage, remove));
            }
        }
        return found;
    }

    @Override
    public void removeHolders() {
        for (Path holder : List.of(settings.cgroups(), settings.directory(), settings.stages())) {
            try {
                Files.deleteIfExists(holder);
            } catch (IOException e) {
                // Something of a job is left in it, and has been reported.
                log.atDebug().setCause(e).log("parent of jobs stays");
            }
        }
    }

    @Override
    public List<String> removeAll() throws InterruptedException {
        List<String> left = new ArrayList<>();
        try {
            Cgroup.at(settings.cgroups()).remove(ALL_PATIENCE).ifPresent(left::add);
            FileTree.remove(settings.directory());
            for (Path stage : below(settings.stages(), path -> true)) {
                FileTree.remove(stage);
            }
        } catch (IOException e) {
            left.add("jobs that nobody keeps: " + e.getMessage());
        }
        removeHolders(); // Not what else may be mounted for stages.
        return left;
    }

    private static NodeLeftover cgroup(Path directory, boolean remove) throws IOException, InterruptedException {
        Cgroup cgroup = Cgroup.at(directory);
        int processes = cgroup.processes().size();
        NodeLeftover found = NodeLeftover.of("cgroup " + directory + " with " + processes + " processes", WHY);
        if (!remove) {
            return found;
        }
        Optional<String> left = cgroup.remove(PATIENCE);
        return left.map(found::withProblem).orElse(found);
    }

    private static NodeLeftover file(Path file, boolean remove) {
        NodeLeftover found = NodeLeftover.of("file " + file, WHY);
        if (remove) {
            try {
                FileTree.remove(file);
            } catch (IOException e) {
                return found.withProblem(String.valueOf(e.getMessage()));
            }
        }
        return found;
    }

    private static List<Path> below(Path directory, Predicate<Path> which) throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(which).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of(); // The last job takes it away.
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
