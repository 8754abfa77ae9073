package dev.scc.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What another JVM's heap holds. */
final class LiveHeap {
    private static final double MEBIBYTE = 1 << 20;

    private LiveHeap() {}

    /** In MiB, right after a full collection, which the histogram of the live objects brings about. */
    static double of(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String last = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow(() -> new IOException("jcmd shows no histogram of process " + pid));
        jcmd.waitFor();
        return Long.parseLong(last.replaceAll(".*\\s", "")) / MEBIBYTE;
    }
}
