package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.OutputClosed;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.render.OutputFormat;
import dev.scc.cli.render.Printer;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One run of the command line, from its words to its exit status. */
public final class CommandLineRun {
    private static final Set<String> DAEMONS = Set.of("server", "agent", "agents");

    private CommandLineRun() {}

    /** Whether these words start something that runs until it is told to stop, and logs meanwhile. */
    public static boolean isDaemon(String[] args) {
        return Commands.commandAmong(args).filter(DAEMONS::contains).isPresent();
    }

    public static int run(String[] args, PrintStream out, PrintStream err) {
        GlobalOptions options = new GlobalOptions();
        Session session = new Session(options, out, err);
        CommandLine line = Commands.line(session, args);
        line.addMixin("global", options);
        line.registerConverter(Duration.class, new DurationText());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setAbbreviatedSubcommandsAllowed(false);
        line.setUsageHelpWidth(100);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((wrong, words) -> usage(wrong, words, session));
        line.setExecutionExceptionHandler((thrown, at, parsed) -> failed(thrown, at, session));
        return written(line.execute(args), session);
    }

    /** The status of a command, now that it is known whether all that it said has been written. */
    private static int written(int status, Session session) {
        try {
            OutputClosed.check(session.out());
        } catch (OutputClosed e) {
            return status == ExitStatus.DONE.code() ? ExitStatus.OUTPUT_CLOSED.code() : status;
        }
        Optional<String> failure = OutputClosed.failure(session.out());
        failure.ifPresent(why -> session.printer()
                .problem(Problem.of("standard output", "could not be written: " + why, "write it somewhere else")));
        session.err().flush();
        boolean whole = failure.isEmpty() && OutputClosed.failure(session.err()).isEmpty();
        return whole || status != ExitStatus.DONE.code() ? status : ExitStatus.FAILED.code();
    }

    private static int usage(ParameterException wrong, String[] words, Session session) {
        String help = wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        String next = help;
        String why = firstLine(wrong);
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !wrong.getCommandLine().getSubcommands().isEmpty()) {
            String typed = unmatched.getUnmatched().getFirst();
            why = "unknown command or option \"" + typed + "\"";
            next = NearestWord.to(typed, wrong.getCommandLine().getSubcommands().keySet())
                    .map(word -> "did you mean \"" + word + "\"? See " + help)
                    .orElse(help);
        }
        boolean json = Arrays.asList(words).containsAll(List.of("-o", "json"))
                || Arrays.asList(words).contains("--output=json");
        Printer printer =
                new Printer(json ? OutputFormat.json : OutputFormat.table, false, session.out(), session.err());
        printer.problem(Problem.of("usage", why, next));
        return ExitStatus.USAGE.code();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    private static int failed(Exception thrown, CommandLine at, Session session) throws Exception {
        if (thrown instanceof OutputClosed) {
            return ExitStatus.OUTPUT_CLOSED.code();
        }
        String what = at.getCommandSpec().qualifiedName();
        Failure failure = Failures.of(what, thrown);
        session.printer().problem(failure.problem());
        if (System.getenv("SCC_TRACE") != null) {
            thrown.printStackTrace(session.err());
        }
        return failure.status().code();
    }
}
