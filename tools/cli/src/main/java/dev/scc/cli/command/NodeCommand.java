package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc node}. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The pool's nodes.")
final class NodeCommand {}
