package dev.scc.cli.demo;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.host.Json;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Runs command lines with a configuration, a state and a testbed of their own, so that the user's are left alone. */
final class SccRunner {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Commands commands;
    private final String launcher;
    private final Map<String, String> environment;

    SccRunner(Commands commands, String launcher, Path data, String testbed) {
        this.commands = commands;
        this.launcher = launcher;
        this.environment = Map.of(
                "XDG_CONFIG_HOME",
                data.resolve("config").toString(),
                "XDG_STATE_HOME",
                data.resolve("state").toString(),
                "SCC_TESTBED",
                testbed,
                "SCC_SERVER",
                "");
    }

    CommandResult run(String... words) throws Failure, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(launcher));
        argv.addAll(List.of(words));
        return run(Command.of(argv).withEnvironment(environment).within(LONGEST));
    }

    CommandResult run(Command command) throws Failure, InterruptedException {
        try {
            return commands.run(command);
        } catch (CommandFailed e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new Failure(ExitStatus.FAILED, Problem.of("demo", String.valueOf(e.getMessage()), ""));
        }
    }

    /** Runs with {@code -o json} and reads the answer; what the command complains of becomes our own failure. */
    JsonNode json(String... words) throws Failure, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-o", "json", "--quiet"));
        all.addAll(List.of(words));
        CommandResult result = run(all.toArray(String[]::new));
        String what = "demo: scc " + String.join(" ", words);
        if (!result.ok()) {
            throw failure(what, result);
        }
        return Json.mapper().readTree(result.output().isBlank() ? "null" : result.output());
    }

    static Failure failure(String what, CommandResult result) {
        String why = "exit status " + result.status() + "\n" + result.output() + result.errors();
        try {
            JsonNode error = Json.mapper().readTree(result.errors()).path("error");
            if (error.isObject()) {
                return new Failure(
                        ExitStatus.FAILED,
                        new Problem(
                                what + ": " + error.path("what").asString(""),
                                error.path("node").asString(""),
                                error.path("step").asString(""),
                                error.path("why").asString(""),
                                error.path("done").asString(""),
                                error.path("next").asString("")));
            }
        } catch (JacksonException e) {
            return new Failure(ExitStatus.FAILED, Problem.of(what, why.strip(), ""));
        }
        return new Failure(ExitStatus.FAILED, Problem.of(what, why.strip(), ""));
    }
}
