package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc user}. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Who may use the pool.")
final class UserCommand {}
