package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Whether what guards a pool is as it has to be.")
final class AuditCommand {}
