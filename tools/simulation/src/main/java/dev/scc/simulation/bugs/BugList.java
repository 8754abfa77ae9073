package dev.scc.simulation.bugs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads the list of planted bugs. */
public final class BugList {
    /** Relative to the repository. */
    static final Path DIRECTORY = Path.of("tools", "simulation", "planted");

    private BugList() {}

    /**
     * All of them, in the order of their files and of their places therein.
     *
     * @param repository its top directory
     * @throws IOException if the list cannot be read; the message says which file and why
     */
    public static List<Bug> read(Path repository) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(repository.resolve(DIRECTORY))) {
            files = found.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        List<Bug> bugs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path file : files) {
            try {
                bugs.addAll(new YAMLMapper().readValue(Files.readString(file), new TypeReference<List<Bug>>() {}));
            } catch (JacksonException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
        for (Bug bug : bugs) {
            if (!names.add(bug.name())) {
                throw new IOException("two planted bugs are called " + bug.name());
            }
        }
        return List.copyOf(bugs);
    }
}
