package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc sg}. */
@Command(
        name = "sg",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Security groups: what ENIs let in and out.")
final class SgCommand {}
