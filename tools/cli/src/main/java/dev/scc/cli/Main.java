package dev.scc.cli;

import dev.scc.cli.command.CommandLineRun;
import dev.scc.cli.failure.Output;
import dev.scc.host.libc.OwnProcess;
import java.io.FileDescriptor;
import java.io.IOException;
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
        String[] words = words(args);
        System.exit(Interruption.guard(
                () -> CommandLineRun.run(words, Output.on(FileDescriptor.out), Output.on(FileDescriptor.err)),
                LONGEST_CLEANUP));
    }

    /** The same words with all of their bytes: a job's may be in no encoding at all, and what Java makes of them is lossy. */
    private static String[] words(String[] args) {
        try {
            return OwnProcess.lastWords(args.length).toArray(String[]::new);
        } catch (IOException e) {
            return args;
        }
    }
}
