package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc sg rule}. */
@Command(
        name = "rule",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Rules of security groups.")
final class SgRuleCommand {}
