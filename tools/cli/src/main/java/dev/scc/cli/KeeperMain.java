package dev.scc.cli;

import dev.scc.job.keeper.KeeperProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where {@code scc keeper DIR} starts and ends, which agents start and nobody else. It is not among the other commands: the
 * first job of a cluster waits for it, and to read a command line takes longer than all else that it does.
 */
public final class KeeperMain {
    private static final Duration LONGEST_CLEANUP = Duration.ofSeconds(60);

    private KeeperMain() {}

    /** @param args the word {@code keeper}, and the directory that an agent has prepared */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** The same, but returns the exit status. */
    public static int run(String... args) {
        return Interruption.guard(() -> args.length == 2 ? keep(Path.of(args[1])) : usage(), LONGEST_CLEANUP);
    }

    private static int usage() {
        System.err.println("usage: scc keeper DIR (agents start it to keep their nodes' jobs)");
        return 2;
    }

    private static int keep(Path directory) {
        try (KeeperProcess keeper = KeeperProcess.start(directory)) {
            keeper.awaitUnwanted();
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("scc: keeper of jobs: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            // Told to stop, which is how a daemon ends well.
        }
        return 0;
    }
}
