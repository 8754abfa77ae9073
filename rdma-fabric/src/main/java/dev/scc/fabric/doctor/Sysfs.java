package dev.scc.fabric.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Small files of a machine, or of a captured tree: what is not there, or cannot be read, is empty. */
record Sysfs(Path root) {

    Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    byte[] bytes(String file) {
        try {
            return Files.readAllBytes(root.resolve(file));
        } catch (IOException e) {
            return new byte[0];
        }
    }

    boolean there(String file) {
        return Files.exists(root.resolve(file));
    }

    /** Lines such as {@code DRIVER=mlx5_core}. */
    Map<String, String> pairs(String file) {
        Map<String, String> pairs = new HashMap<>();
        text(file).stream()
                .flatMap(String::lines)
                .filter(line -> line.contains("="))
                .forEach(
                        line -> pairs.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return pairs;
    }

    /** What is in a directory, sorted. */
    List<String> names(String directory) {
        try (Stream<Path> entries = Files.list(root.resolve(directory))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The name of what a link leads to. */
    String linkName(String file) {
        return real(file).map(path -> String.valueOf(path.getFileName())).orElse("");
    }

    /** Where a link leads to, with all links on the way resolved. */
    Optional<Path> real(String file) {
        try {
            return Optional.of(root.resolve(file).toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
