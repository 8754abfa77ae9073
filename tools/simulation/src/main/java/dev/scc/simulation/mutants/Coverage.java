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
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds out which lines judges execute while nothing is changed. That is kept in a directory until the classes are others, so
 * that many short runs cost it once.
 */
final class Coverage {
    private static final int MOST_TIMES = 3;

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
     * @param kind in words
     * @param parts names of test classes or of seeds; what is known of a part is kept together
     * @param waits whether they wait for real time to pass
     * @throws IllegalStateException if one of them objects to what is not changed, each time that it is asked
     */
    void fill(Jury jury, String kind, List<List<String>> parts, boolean waits)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        long start = System.nanoTime();
        byte[] judged = digest(file -> !isTest(file));
        int executed = 0;
        for (List<String> part : parts) {
            String title = part.getFirst();
            Path kept = directory.resolve(title + "-" + digest(part, judged));
            if (!Files.exists(kept)) {
                forget(title);
                Path made = Files.createTempFile(directory, "new", ".tmp");
                try {
                    Files.write(made, executed(part), StandardCharsets.UTF_8);
                    Files.move(made, kept);
                } finally {
                    Files.deleteIfExists(made);
                }
                executed += part.size();
            }
            for (String line : Files.readAllLines(kept, StandardCharsets.UTF_8)) {
                List<String> fields = List.of(line.split("\t", -1));
                jury.add(
                        new Judge(fields.getFirst(), waits),
                        Duration.ofMillis(Long.parseLong(fields.get(1))),
                        fields.subList(2, fields.size()));
            }
        }
        bench.close();
        if (executed > 0) {
            progress.accept(executed + " " + kind + " have shown in "
                    + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s which lines they execute");
        }
    }

    /** A test that waits may fail once on a busy machine: who objects is asked again before nobody may judge. */
    private List<String> executed(List<String> judges) throws IOException, InterruptedException {
        String objection = "";
        for (int time = 0; time < MOST_TIMES; time++) {
            List<String> kept = new ArrayList<>();
            objection = objection(judges, kept);
            if (objection.isEmpty()) {
                return kept;
            }
            progress.accept("nothing is changed yet, and somebody objects: " + objection);
        }
        throw new IllegalStateException(
                "nothing is changed yet, and somebody objects " + MOST_TIMES + " times: " + objection);
    }

    private String objection(List<String> judges, List<String> kept) throws IOException, InterruptedException {
        List<String> order = new ArrayList<>(List.of("cover"));
        order.addAll(judges);
        return bench.obey(order, new Bench.Listener() {
            @Override
            public Duration begins(String judge) {
                return Duration.ofMinutes(5);
            }

            @Override
            public void lines(String judge, Duration took, List<String> lines) {
                kept.add(judge + "\t" + took.toMillis() + "\t" + String.join("\t", lines));
            }
        });
    }

    private void forget(String title) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith(title + "-")) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Of the judges' names, of their own classes, and of all others that are no tests. */
    private static String digest(List<String> judges, byte[] judged) throws IOException {
        MessageDigest digest = sha256();
        digest.update(judged);
        judges.forEach(judge -> digest.update(judge.getBytes(StandardCharsets.UTF_8)));
        String own = judges.getFirst().replace('.', '/');
        digest.update(digest(file ->
                file.toString().contains(own + ".class") || file.toString().contains(own + "$")));
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static boolean isTest(Path file) {
        String name = file.getFileName().toString();
        return name.contains("Test.class") || name.contains("Test$");
    }

    /** Of classes that are not in a jar. */
    private static byte[] digest(Predicate<Path> which) throws IOException {
        MessageDigest digest = sha256();
        for (String part : List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))) {
            if (Files.isDirectory(Path.of(part))) {
                try (Stream<Path> files = Files.walk(Path.of(part))) {
                    files.filter(file -> file.toString().endsWith(".class"))
                            .filter(which)
                            .sorted()
                            .forEach(file -> digest.update(read(file)));
                }
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
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
