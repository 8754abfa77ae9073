package dev.scc.simulation.mutants;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds out which lines judges execute while nothing is changed. That is kept in a directory until the classes are others, so
 * that many short runs cost it once.
 */
final class Coverage {
    private final Path directory;
    private final Bench bench;
    private final Consumer<String> progress;

    /**
     * Coverage that is kept.
     *
     * @param directory where it is kept; made if it is not there
     * @param bench of processes that count lines
     */
    Coverage(Path directory, Bench bench, Consumer<String> progress) {
        this.directory = directory;
        this.bench = bench;
        this.progress = progress;
    }

    /**
     * Has judges of one kind execute what they judge, and makes them members of the jury.
     *
     * @param kind a file's name
     * @param orders names of test classes or of seeds
     * @param waits whether they wait for real time to pass
     * @throws IllegalStateException if one of them objects to what is not changed
     */
    void fill(Jury jury, String kind, List<String> orders, boolean waits) throws IOException, InterruptedException {
        if (orders.isEmpty()) {
            return;
        }
        Path kept = directory.resolve(kind + "-" + digest(orders));
        if (!Files.exists(kept)) {
            forget(kind);
            Path made = Files.createTempFile(Files.createDirectories(directory), kind, ".tmp");
            try {
                Files.write(made, executed(kind, orders), StandardCharsets.UTF_8);
                Files.move(made, kept);
            } finally {
                Files.deleteIfExists(made);
            }
        }
        for (String line : Files.readAllLines(kept, StandardCharsets.UTF_8)) {
            List<String> fields = List.of(line.split("\t", -1));
            jury.add(
                    new Judge(fields.getFirst(), waits),
                    Duration.ofMillis(Long.parseLong(fields.get(1))),
                    fields.subList(2, fields.size()));
        }
    }

    private List<String> executed(String kind, List<String> orders) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> kept = new ArrayList<>();
        List<String> order = new ArrayList<>(List.of("cover"));
        order.addAll(orders);
        String objection = bench.obey(order, new Bench.Listener() {
            @Override
            public Duration begins(String judge) {
                return Duration.ofMinutes(5);
            }

            @Override
            public void lines(String judge, Duration took, List<String> lines) {
                kept.add(judge + "\t" + took.toMillis() + "\t" + String.join("\t", lines));
            }
        });
        bench.close();
        if (!objection.isEmpty()) {
            throw new IllegalStateException("nothing is changed yet, and somebody objects: " + objection);
        }
        progress.accept(kind + ": " + kept.size() + " judges have shown in "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s which lines they execute");
        return kept;
    }

    private void forget(String kind) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    if (file.getFileName().toString().startsWith(kind + "-")) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    /** Of all classes that are not in a jar, and of the judges' names; tests do not matter to seeds. */
    private String digest(List<String> orders) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            orders.forEach(order -> digest.update(order.getBytes(StandardCharsets.UTF_8)));
            boolean tests = !Judge.named(orders.getFirst()).isSeed();
            for (String part : List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
                if (Files.isDirectory(Path.of(part))) {
                    try (Stream<Path> files = Files.walk(Path.of(part))) {
                        files.filter(file -> file.toString().endsWith(".class"))
                                .filter(file ->
                                        tests || !file.getFileName().toString().contains("Test"))
                                .sorted()
                                .forEach(file -> digest.update(read(file)));
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
