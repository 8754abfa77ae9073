package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc job}. */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Jobs: what runs, and what ran.",
            "The node that leads a job keeps its record and its latest output until its cluster is deleted."
        })
final class JobCommand {}
