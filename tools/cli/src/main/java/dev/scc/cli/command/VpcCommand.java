package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc vpc}. */
@Command(
        name = "vpc",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "VPCs: networks that clusters share. A cluster that joins none has one of its own.")
final class VpcCommand {}
