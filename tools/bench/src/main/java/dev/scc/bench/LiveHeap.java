package dev.scc.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The heap of another JVM. */
final class LiveHeap {
    private static final double MEBIBYTE = 1 << 20;

    private LiveHeap() {}

    /** In MiB, right after a full collection, which the histogram of the live objects brings about. */
    static double of(long pid) throws IOException, InterruptedException {
        String last = ask(pid, "GC.class_histogram")
                .lines()
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow(() -> new IOException("jcmd shows no histogram of process " + pid));
        return Long.parseLong(last.replaceAll(".*\\s", "")) / MEBIBYTE;
    }

    /** Has it collected at once, so that it need not during what comes next. */
    static void collect(long pid) throws IOException, InterruptedException {
        String answer = ask(pid, "GC.run");
        if (!answer.contains("successfully")) {
            throw new IOException("process " + pid + " was not collected: " + answer);
        }
    }

    private static String ask(long pid, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String answer = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return answer;
    }
}
