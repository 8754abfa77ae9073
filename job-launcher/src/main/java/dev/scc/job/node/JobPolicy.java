package dev.scc.job.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a node grants to jobs, as its agent's settings say.
 *
 * @param account that jobs of callers without an account of their own run as
 * @param processes the most processes and threads that one job may have on the node
 * @param memory the most bytes of memory that one job may have on the node
 */
public record JobPolicy(String account, long processes, long memory) {
    public static final String USUAL_ACCOUNT = "nobody";
    /** A thousand ranks with their threads; a fork bomb ends there. */
    public static final long USUAL_PROCESSES = 16_384;

    /** What the node itself keeps: agent, keeper, kernel. */
    private static final long LEAST_RESERVE = 256L << 20;

    private static final long MOST_RESERVE = 1L << 30;
    private static final int RESERVED_PART = 16;
    private static final Path MEMORY = Path.of("/proc/meminfo");

    private static final long FEWEST_PROCESSES = 16;
    private static final long LEAST_MEMORY = 16L << 20;

    public JobPolicy {
        if (processes < FEWEST_PROCESSES) {
            throw new IllegalArgumentException(
                    processes + " processes of a job on a node are not at least " + FEWEST_PROCESSES);
        }
        if (memory < LEAST_MEMORY) {
            throw new IllegalArgumentException(memory + " bytes of memory of a job on a node are not at least 16 MiB");
        }
    }

    /** That of a node whose settings say nothing: all of its memory but a sixteenth, or 256 MiB to 1 GiB. */
    public static JobPolicy usual() throws IOException {
        return new JobPolicy(USUAL_ACCOUNT, USUAL_PROCESSES, memoryForJobs(memoryOfNode()));
    }

    static long memoryForJobs(long all) {
        long reserve = Math.clamp(all / RESERVED_PART, LEAST_RESERVE, MOST_RESERVE);
        return Math.max(LEAST_MEMORY, all - Math.min(reserve, all / 2));
    }

    private static long memoryOfNode() throws IOException {
        for (String line : Files.readAllLines(MEMORY)) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException(MEMORY + " has no line MemTotal");
    }
}
