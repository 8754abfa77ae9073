package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc root}. */
@Command(
        name = "root",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The two roots that sign who is who: one for servers, one for nodes, keepers of jobs and people.")
final class RootCommand {}
