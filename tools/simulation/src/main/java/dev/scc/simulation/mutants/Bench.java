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
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** A {@link Court} in a process of its own, which is started again when it has ended or has been ended. For one thread. */
final class Bench implements AutoCloseable {
    private static final String END = "the process has ended";

    private final Path agent;
    private final Path tests;
    private final List<String> packages;
    private final Duration patience;
    private @Nullable Process process;
    private BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /**
     * A bench without a process; that is started when there is something to judge.
     *
     * @param tests directory of the classes of tests that judge
     * @param packages whose lines are counted; none to judge mutants
     * @param patience how long one judge may take
     */
    Bench(Path agent, Path tests, List<String> packages, Duration patience) {
        this.agent = agent;
        this.tests = tests;
        this.packages = packages;
        this.patience = patience;
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
     * Has the judges judge, one after the other, until one objects.
     *
     * @param order as {@link Court} takes it
     * @param lines is told each line that says which lines were executed
     * @return who objects and why; empty if nobody does
     */
    String judge(String order, Consumer<String> lines) throws IOException, InterruptedException {
        new PrintStream(running().getOutputStream(), true, StandardCharsets.UTF_8).println(order);
        String judge = "Java";
        while (true) {
            String answer = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                close();
                return judge + " takes longer than " + patience.toSeconds() + " s";
            }
            if (answer.equals(END)) {
                close();
                return judge + " ends the process";
            }
            if (answer.startsWith("begin ")) {
                judge = answer.substring(6);
            } else if (answer.startsWith("lines ")) {
                lines.accept(answer.substring(6));
            } else if (answer.startsWith("done ")) {
                return answer.substring(5);
            }
        }
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
