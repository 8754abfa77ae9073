package dev.scc.cli.command;

import dev.scc.cli.render.OutputFormat;
import dev.scc.cli.render.Printer;
import dev.scc.cli.render.Progress;
import dev.scc.cli.render.Terminal;
import java.io.PrintStream;

/** What one run of the command line has: its global options and what it writes to. */
record Session(GlobalOptions options, PrintStream out, PrintStream err) {
    Printer printer() {
        return new Printer(options.output, options.quiet, out, err);
    }

    /** Whether a person is watching standard error. */
    boolean terminal() {
        return Terminal.errorsAreOne();
    }

    Progress progress() {
        return Progress.on(err, options.quiet || options.output == OutputFormat.json);
    }
}
