package dev.scc.simulation.mutants;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is mutated, and which tests judge.
 *
 * @param classes directory of cluster-builder's classes
 * @param tests directory of its tests' classes
 */
record Scope(Path classes, Path tests) {
    private static final String ROOT = "dev.scc.cluster.";
    private static final List<String> PACKAGES =
            List.of("agent", "api", "change", "client", "controller", "front", "plan", "tree", "world");
    /** They start processes of their own, in which no mutant is. */
    private static final List<String> ELSEWHERE = List.of("ha", "server", "zk", "rpc");

    /** Those that there are, with their full names. */
    List<String> packages() {
        return PACKAGES.stream()
                .map(name -> ROOT + name)
                .filter(name -> Files.isDirectory(classes.resolve(name.replace('.', '/'))))
                .toList();
    }

    static boolean inside(String type, String name) {
        return type.startsWith(name + ".") && type.indexOf('.', name.length() + 1) < 0;
    }

    /** Names of the classes of a package, sorted. */
    List<String> types(String name) throws IOException {
        try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file ->
                            file.endsWith(".class") && !file.equals("package-info.class") && !file.contains("Test"))
                    .map(file -> name + "." + file.substring(0, file.length() - 6))
                    .sorted()
                    .toList();
        }
    }

    /** Names of the test classes, sorted: of those that need a real ZooKeeper, or of the others. */
    List<String> judges(boolean slowOnes) throws IOException {
        if (!Files.isDirectory(tests)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(tests.resolve(ROOT.replace('.', '/')))) {
            return files.filter(file -> file.toString().endsWith("Test.class"))
                    .filter(file ->
                            ELSEWHERE.stream().noneMatch(name -> file.toString().contains("/cluster/" + name + "/")))
                    .filter(file -> slowOnes == slow(file))
                    .map(file -> tests.relativize(file).toString().replace('/', '.'))
                    .map(name -> name.substring(0, name.length() - 6))
                    .sorted()
                    .toList();
        }
    }

    private static boolean slow(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return Stream.of("EmptyTree", "TestPool", "EmbeddedZooKeeper", "AgentHost")
                    .anyMatch(text::contains);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
