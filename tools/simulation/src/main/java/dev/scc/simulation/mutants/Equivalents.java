package dev.scc.simulation.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The mutants of which somebody has found out that they change nothing that anybody could see, and why. */
final class Equivalents {
    /** Relative to the repository. */
    private static final Path FILE = Path.of("tools", "simulation", "equivalent-mutants.yaml");

    private static final Path SOURCES = Path.of("cluster-builder", "src", "main", "java");

    private final Path repository;
    private final List<Equivalent> all;

    /**
     * Mutants of one kind in one line.
     *
     * @param file below {@code dev/scc/cluster}
     * @param code the line, without white space at its ends; where it stands does not matter
     */
    record Equivalent(String file, String code, Operator operator, String why) {}

    private Equivalents(Path repository, List<Equivalent> all) {
        this.repository = repository;
        this.all = all;
    }

    /** @throws IOException if the list cannot be understood */
    static Equivalents read(Path repository) throws IOException {
        Path file = repository.resolve(FILE);
        if (!Files.exists(file)) {
            return new Equivalents(repository, List.of());
        }
        try {
            return new Equivalents(
                    repository,
                    new YAMLMapper().readValue(Files.readString(file), new TypeReference<List<Equivalent>>() {}));
        } catch (JacksonException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Why the mutant changes nothing; empty if nobody says so. */
    Optional<String> why(Mutant mutant) {
        String code = code(mutant);
        return all.stream()
                .filter(one -> mutant.file().equals("dev/scc/cluster/" + one.file())
                        && mutant.operator() == one.operator()
                        && code.equals(one.code()))
                .map(Equivalent::why)
                .findFirst();
    }

    /** The line of the source that the mutant is in; empty if the source is not there. */
    String code(Mutant mutant) {
        Path source = repository.resolve(SOURCES).resolve(mutant.file());
        try {
            return Files.readAllLines(source).get(mutant.line() - 1).strip();
        } catch (IOException | IndexOutOfBoundsException e) {
            return "";
        }
    }
}
