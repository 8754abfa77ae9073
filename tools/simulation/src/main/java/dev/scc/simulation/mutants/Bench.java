package dev.scc.simulation.mutants;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** A {@link Court} in a process of its own, which is started again when it has ended or has been ended. For one thread. */
final class Bench implements AutoCloseable {
    private static final String END = "ended";

    private final Path agent;
    private final Path tests;
    private final List<String> packages;
    private @Nullable Process process;
    private BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /** What a court that was given an order says meanwhile. */
    interface Listener {
        /** The judge begins, and is taken to hang if it takes longer than what this returns. */
        Duration begins(String judge);

        /** The test method or seed has executed these lines. */
        default void lines(String judge, Duration took, List<String> lines) {}
    }

    /**
     * A bench without a process; that is started when there is something to judge.
     *
     * @param agent what {@link #agent(Path)} has made
     * @param tests directory of the classes of tests that judge
     * @param packages whose lines are counted; none to judge mutants
     */
    Bench(Path agent, Path tests, List<String> packages) {
        this.agent = agent;
        this.tests = tests;
        this.packages = packages;
    }

    /** A jar that makes Java call {@link Loaded#premain}. */
    static Path agent(Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Loaded.class.getName());
        manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
        Path jar = directory.resolve("agent.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private Process running() throws IOException {
        Process there = process;
        if (there != null && there.isAlive()) {
            return there;
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx1g",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xshare:auto",
                "-javaagent:" + agent,
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + tests,
                Court.class.getName()));
        command.addAll(packages);
        // Where Maven runs tests, which look for files of their module: above target/test-classes.
        Process started = new ProcessBuilder(command)
                .directory(
                        tests.toAbsolutePath().resolve("..", "..").normalize().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = started;
        BlockingQueue<String> mine = new LinkedBlockingQueue<>();
        answers = mine;
        Thread.ofVirtual().start(() -> {
            try (BufferedReader lines = started.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(mine::add);
            } catch (IOException | UncheckedIOException e) {
                // The process was ended.
            }
            mine.add(END);
        });
        return started;
    }

    /**
     * Has an order obeyed.
     *
     * @param order as {@link Court} takes it
     * @return what the last judge who has begun objects to; empty if it does not object
     * @throws IllegalStateException if the order cannot be obeyed
     */
    String obey(List<String> order, Listener listener) throws IOException, InterruptedException {
        new PrintStream(running().getOutputStream(), true, StandardCharsets.UTF_8).println(String.join("\t", order));
        Duration limit = Duration.ofMinutes(1);
        while (true) {
            String answer = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                close();
                return "takes longer than " + limit.toSeconds() + " s";
            }
            List<String> fields = List.of(answer.split("\t", -1));
            switch (fields.getFirst()) {
                case "begin" -> limit = listener.begins(fields.get(1));
                case "lines" ->
                    listener.lines(
                            fields.get(1),
                            Duration.ofMillis(Long.parseLong(fields.get(2))),
                            fields.subList(3, fields.size()));
                case "done" -> {
                    return fields.get(1);
                }
                case END -> {
                    close();
                    return "ends the process";
                }
                default -> throw new IllegalStateException(order.subList(0, Math.min(5, order.size())) + ": " + answer);
            }
        }
    }

    /** Whether there is one that may be asked again; if not, the next order starts another. */
    boolean lives() {
        return process != null;
    }

    @Override
    public void close() {
        Process there = process;
        if (there != null) {
            there.destroyForcibly().onExit().join();
            process = null;
        }
    }
}
