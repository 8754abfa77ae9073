package dev.scc.cli.command;

import dev.scc.cli.context.UserDirectories;
import dev.scc.cli.failure.Problem;
import dev.scc.host.Visible;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A defect of scc, told in a sentence, with its trace in a file for whoever mends it. The user did nothing wrong. */
final class DefectReport {
    private static final Logger log = LoggerFactory.getLogger(DefectReport.class);

    private DefectReport() {}

    /**
     * What is told of it.
     *
     * @param what failed, for a person
     * @param err gets the trace if no file can be written
     */
    static Problem of(String command, String what, Throwable thrown, Instant now, PrintStream err) {
        log.atError().setCause(thrown).addKeyValue("command", command).log("a defect in scc");
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        Optional<Path> file = write(
                now,
                command + "\nscc " + SccCommand.version() + ", java " + Runtime.version() + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.version") + "\n" + trace);
        if (file.isEmpty()) {
            err.print(Visible.text(trace.toString().replace("\t", "    ")));
        }
        return Problem.of(
                what,
                "a defect in scc: " + thrown,
                file.map(path -> "what you asked for is not at fault; please report it, with " + path)
                        .orElse("what you asked for is not at fault; please report it, with the lines above"));
    }

    private static Optional<Path> write(Instant now, String text) {
        try {
            Path directory = Files.createDirectories(UserDirectories.state().resolve("defects"));
            return Optional.of(
                    Files.writeString(directory.resolve(now.toString().replace(':', '-') + ".txt"), text));
        } catch (IOException | RuntimeException e) {
            // Whatever is wrong here, the defect is what has to be told.
            return Optional.empty();
        }
    }
}
