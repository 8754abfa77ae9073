package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc audit log}. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The servers' own records of who asked them for what. scc events --audit shows the latest.")
final class AuditLogCommand {}
