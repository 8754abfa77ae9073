package dev.scc.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A cgroup of version 2: processes that cannot leave it by forking, by new sessions, or by losing their parents. That makes
 * it the one reliable way to end all of a job.
 */
public final class Cgroup {
    private static final String MOUNTS = "/proc/self/mounts";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** One that is removed answers that there is no such device for as long as that takes. */
    private static final int MOST_LOOKS = 1000;

    private static final long NANOS_BETWEEN = 1_000_000;

    private final Path directory;

    private Cgroup(Path directory) {
        this.directory = directory;
    }

    /**
     * Where this machine has the tree: {@code /sys/fs/cgroup}, or {@code /sys/fs/cgroup/unified} beside version 1.
     *
     * @throws IOException if it has none
     */
    public static Path root() throws IOException {
        for (String mount : Files.readAllLines(Path.of(MOUNTS))) {
            String[] fields = mount.split(" ", -1);
            if (fields.length > 2 && fields[2].equals("cgroup2")) {
                return Path.of(fields[1]);
            }
        }
        throw new IOException("no cgroup of version 2 is mounted on this node, so jobs cannot be run; mount one with "
                + "\"mount -t cgroup2 none /sys/fs/cgroup\"");
    }

    /** Makes it; its parents too. */
    public static Cgroup create(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new Cgroup(directory);
    }

    /** One that may be there or not. */
    public static Cgroup at(Path directory) {
        return new Cgroup(directory);
    }

    /** Makes one below it. */
    public Cgroup child(String name) throws IOException {
        return create(directory.resolve(name));
    }

    public Path directory() {
        return directory;
    }

    /**
     * Sets a limit for all that is in it and below, such as 100 for {@code pids.max}. For that its parents hand the controller
     * down to it, from the mount on.
     *
     * @return false if this machine has no such controller for cgroups of version 2, as where version 1 has taken it
     */
    public boolean limit(String file, long value) throws IOException {
        Path root = root();
        String controller = file.substring(0, file.indexOf('.'));
        List<Path> parents = new ArrayList<>();
        for (Path parent = directory.getParent();
                parent != null && parent.startsWith(root);
                parent = parent.getParent()) {
            parents.addFirst(parent);
        }
        try {
            for (Path parent : parents) {
                Path handed = parent.resolve("cgroup.subtree_control");
                if (!words(handed).contains(controller)) {
                    Files.writeString(handed, "+" + controller);
                }
            }
            Files.writeString(directory.resolve(file), Long.toString(value), StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            if (words(root.resolve("cgroup.controllers")).contains(controller)) {
                throw e;
            }
            return false;
        }
    }

    private static List<String> words(Path file) throws IOException {
        return Files.exists(file) ? List.of(Files.readString(file).strip().split(" ", -1)) : List.of();
    }

    /** How often that has happened in it or below, as a file such as {@code memory.events} says; 0 where it does not say. */
    public long events(String file, String name) {
        try {
            for (String line : Files.readAllLines(directory.resolve(file))) {
                String[] fields = line.split(" ", -1);
                if (fields.length == 2 && fields[0].equals(name)) {
                    return Long.parseLong(fields[1]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0; // Removed, or without that controller.
        }
        return 0;
    }

    /** Kills all processes in it and below. Returns at once; see {@link #remove}. */
    public void kill() throws IOException {
        Path kill = directory.resolve("cgroup.kill");
        try {
            if (Files.exists(kill)) {
                Files.writeString(kill, "1");
                return;
            }
            // Linux before 5.14. New processes can appear while we kill: whoever waits for emptiness calls again.
            for (long pid : processes()) {
                ProcessId.of(pid).ifPresent(ProcessId::kill);
            }
        } catch (IOException e) {
            // One that is being removed is empty.
            if (!processes().isEmpty()) {
                throw e;
            }
        }
    }

    /** The processes in it and below. */
    public List<Long> processes() throws IOException {
        try {
            return FileTree.directories(directory).stream()
                    .flatMap(Cgroup::processesOf)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Stream<Long> processesOf(Path directory) {
        Path processes = directory.resolve("cgroup.procs");
        try {
            return read(processes).stream()
                    .map(Long::valueOf)
                    // Zero stands for a process of another pid namespace.
                    .filter(pid -> pid > 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks again at one that is being removed, or was and is there anew. */
    private static List<String> read(Path processes) throws IOException {
        for (int look = 1; Files.exists(processes); look++) {
            try {
                return Files.readAllLines(processes);
            } catch (IOException e) {
                if (look == MOST_LOOKS) {
                    throw e;
                }
                LockSupport.parkNanos(NANOS_BETWEEN);
            }
        }
        return List.of();
    }

    /**
     * Kills what is in it and removes it with all below.
     *
     * @return what is left when {@code patience} is over; empty when it is gone
     */
    public Optional<String> remove(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (Files.exists(directory)) {
            kill();
            if (removeEmpty()) {
                break;
            }
            if (System.nanoTime() - deadline > 0) {
                return Optional.of("cgroup " + directory + " with processes " + processes());
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        return Optional.empty();
    }

    private boolean removeEmpty() throws IOException {
        for (Path each : FileTree.directories(directory)) {
            try {
                Files.deleteIfExists(each);
            } catch (DirectoryNotEmptyException e) {
                return false;
            } catch (IOException e) {
                // EBUSY: a killed process is not gone yet.
                return false;
            }
        }
        return true;
    }
}
