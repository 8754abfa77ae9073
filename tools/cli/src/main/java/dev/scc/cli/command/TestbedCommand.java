package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc testbed}. */
@Command(
        name = "testbed",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "A local pool of nodes with a server: virtual machines with real Soft-RoCE.",
        footer = {
            "",
            "Everything lives in one network namespace; nothing on this machine's own network changes.",
            "SCC_TESTBED names the testbed where several are wanted; it is \"testbed\" otherwise.",
            "",
            "Examples:",
            "  scc testbed up --nodes 4",
            "  scc testbed exec n1 -- rdma link",
            "  scc testbed down"
        })
final class TestbedCommand {}
