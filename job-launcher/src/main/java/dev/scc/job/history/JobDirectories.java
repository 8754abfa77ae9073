package dev.scc.job.history;

import dev.scc.host.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for each job, which only root can read.
 *
 * @param all where they are; made with the first job
 */
record JobDirectories(Path all) implements JobStore {
    private static final String RECORD = "job.json";

    @Override
    public List<String> places() throws IOException {
        try (Stream<Path> found = Files.exists(all) ? Files.list(all) : Stream.empty()) {
            return found.filter(Files::isDirectory)
                    .map(place -> place.getFileName().toString())
                    .toList();
        }
    }

    @Override
    public byte[] record(String place) throws IOException {
        return Files.readAllBytes(all.resolve(place).resolve(RECORD));
    }

    /** After a power cut a job may be missing. */
    @Override
    public void write(String place, byte[] record) throws IOException {
        Path directory = all.resolve(place);
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next = directory.resolve("." + RECORD + ".next");
        Files.write(next, record);
        Files.move(
                next, directory.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public OutputLog begin(String place, long limit) {
        return OutputLog.begin(all.resolve(place), limit);
    }

    @Override
    public OutputLog output(String place) throws IOException {
        return OutputLog.of(all.resolve(place));
    }

    @Override
    public void remove(String place) throws IOException {
        FileTree.remove(all.resolve(place));
    }
}
