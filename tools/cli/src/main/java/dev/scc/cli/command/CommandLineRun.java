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
        CommandLine line = prepared(Commands.line(session, args), options);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((wrong, words) -> usage(wrong, words, session));
        line.setExecutionExceptionHandler((thrown, at, parsed) -> failed(thrown, at, session));
        try {
            return written(line.execute(args), session);
        } catch (StackOverflowError | LinkageError e) {
            // Not an exception, but no less a defect of one command.
            return told(Failures.of("scc", e, err), session);
        }
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

    /** How all commands read their words. */
    static CommandLine prepared(CommandLine line, GlobalOptions options) {
        line.addMixin("global", options);
        line.registerConverter(Duration.class, new DurationText());
        line.registerConverter(KeyValue.class, new KeyValue.Text());
        // Words that begin with @ are a job's own.
        line.setExpandAtFiles(false);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setAbbreviatedSubcommandsAllowed(false);
        line.setUsageHelpWidth(100);
        return line;
    }

    private static int usage(ParameterException wrong, String[] words, Session session) {
        String help = wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        String next = help;
        String why = firstLine(wrong).replace(" is not an int", " is no whole number up to " + Integer.MAX_VALUE);
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String typed = unmatched.getUnmatched().getFirst();
            Set<String> commands = wrong.getCommandLine().getSubcommands().keySet();
            Set<String> known = typed.startsWith("-")
                    ? wrong.getCommandLine().getCommandSpec().optionsMap().keySet()
                    : commands;
            why = unmatched(typed, !commands.isEmpty());
            next = NearestWord.to(typed, known)
                    .map(word -> "did you mean \"" + word + "\"? See " + help)
                    .orElse(help);
        }
        List<String> ours = Arrays.asList(words);
        ours = ours.contains("--") ? ours.subList(0, ours.indexOf("--")) : ours;
        boolean json = ours.containsAll(List.of("-o", "json")) || ours.contains("--output=json");
        Printer printer =
                new Printer(json ? OutputFormat.json : OutputFormat.table, false, session.out(), session.err());
        printer.problem(Problem.of("usage", why, next));
        return ExitStatus.USAGE.code();
    }

    private static String unmatched(String typed, boolean hasCommands) {
        if (typed.startsWith("-")) {
            return "unknown option \"" + typed + "\"";
        }
        return hasCommands ? "unknown command \"" + typed + "\"" : "there is one word too many: \"" + typed + "\"";
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
        Failure failure = Failures.of(what, thrown, session.err());
        if (System.getenv("SCC_TRACE") != null) {
            thrown.printStackTrace(session.err());
        }
        return told(failure, session);
    }

    private static int told(Failure failure, Session session) {
        session.printer().problem(failure.problem());
        return failure.status().code();
    }
}
