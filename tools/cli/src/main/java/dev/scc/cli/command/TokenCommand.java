package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc token}. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "What lets nodes, servers and people in.")
final class TokenCommand {}
