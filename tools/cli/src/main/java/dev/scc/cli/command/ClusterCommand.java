package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc cluster}. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "What else can be done with a cluster; scc create, list, show, scale and delete are its life.")
final class ClusterCommand {}
