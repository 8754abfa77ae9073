package dev.scc.cli;

import dev.scc.cli.command.CommandLineRun;
import java.time.Duration;

/** Where the process starts and ends. */
public final class Main {
    private static final Duration LONGEST_CLEANUP = Duration.ofSeconds(60);

    private Main() {}

    public static void main(String[] args) {
        if (!CommandLineRun.isDaemon(args)) {
            // Logback costs a quarter of a short command's time, and a command says on stderr what there is to say.
            System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
        System.exit(Interruption.guard(() -> CommandLineRun.run(args, System.out, System.err), LONGEST_CLEANUP));
    }
}
