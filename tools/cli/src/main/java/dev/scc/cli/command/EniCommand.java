package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc eni}. */
@Command(
        name = "eni",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Elastic network interfaces: nodes in VPCs, whether or not they are in a cluster.")
final class EniCommand {}
