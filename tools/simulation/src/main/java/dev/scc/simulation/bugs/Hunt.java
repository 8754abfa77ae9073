package dev.scc.simulation.bugs;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the simulation with a bug in it until a seed finds the bug. */
public final class Hunt {
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Pattern BREAKS = Pattern.compile("^seed (\\d+) breaks (.*)$", Pattern.MULTILINE);

    private final String classpath;
    private final int seeds;
    private final int jobs;

    /**
     * A hunt that has not begun.
     *
     * @param classpath of the simulation and of scc without any bug
     * @param seeds at most so many are tried, from 1
     * @param jobs so many at a time
     */
    public Hunt(String classpath, int seeds, int jobs) {
        this.classpath = classpath;
        this.seeds = seeds;
        this.jobs = jobs;
    }

    /**
     * What came of it.
     *
     * @param seed the lowest that found the bug; empty if none did
     * @param quiet all seeds were run, and every promise was kept
     * @param says which promise was broken, and how; or why it was not found
     */
    public record Catch(OptionalLong seed, boolean quiet, String says) {}

    /** @param classes where the classes with the bug are */
    public Catch find(Path classes) {
        Command simulation = Command.of(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        // The simulated processes are continuations.
                        "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                        "-cp",
                        classes + File.pathSeparator + classpath,
                        "dev.scc.simulation.Main",
                        "--seeds",
                        "1.." + seeds,
                        "--jobs",
                        Integer.toString(jobs),
                        "--stop-at-first"))
                .within(LONGEST);
        CommandResult result;
        try {
            result = new LocalCommands().run(simulation);
        } catch (CommandFailed e) {
            return new Catch(OptionalLong.empty(), false, String.valueOf(e.getMessage()));
        }
        Matcher breaks = BREAKS.matcher(result.output());
        if (breaks.find()) {
            return new Catch(OptionalLong.of(Long.parseLong(breaks.group(1))), false, breaks.group(2));
        }
        return new Catch(
                OptionalLong.empty(),
                result.ok(),
                result.ok()
                        ? "every promise was kept in " + seeds + " seeds"
                        : "exit status " + result.status() + ": " + result.errors());
    }
}
