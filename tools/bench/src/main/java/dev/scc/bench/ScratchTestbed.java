package dev.scc.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A testbed of namespace nodes that one build's commands are run on. Closing takes it down. */
final class ScratchTestbed implements AutoCloseable {
    private final String launcher;
    private final String name;
    private final Path files;

    /**
     * Brings it up.
     *
     * @param launcher the build's {@code scc}
     * @param files where it has its configuration and its state
     */
    ScratchTestbed(String launcher, String name, Path files, int nodes) throws IOException, InterruptedException {
        this.launcher = launcher;
        this.name = name;
        this.files = files;
        boolean up = false;
        try {
            scc("testbed", "up", "--kind", "netns", "--nodes", Integer.toString(nodes));
            up = true;
        } finally {
            if (!up) {
                close();
            }
        }
    }

    /** A command under way, with what it says on either stream in one. */
    Process start(String... words) throws IOException {
        List<String> argv = new ArrayList<>(List.of(launcher));
        argv.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().put("SCC_TESTBED", name);
        builder.environment().put("XDG_CONFIG_HOME", files.resolve("config").toString());
        builder.environment().put("XDG_STATE_HOME", files.resolve("state").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** How long a command took, in seconds. @throws IOException if its status is not 0 */
    double scc(String... words) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = start(words);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (status != 0) {
            throw new IOException("scc " + String.join(" ", words) + " ended with status " + status + ": " + said);
        }
        return seconds;
    }

    /** Enters the network from which its server and its nodes are reached. */
    List<String> enter() {
        return List.of("nsenter", "--net=/run/netns/scc-" + name, "--");
    }

    /** The administrator's credentials. */
    Path credentials() {
        return files.resolve("state/scc/testbed-" + name + "/server/admin.pem");
    }

    @Override
    public void close() throws IOException {
        try {
            scc("testbed", "down");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
