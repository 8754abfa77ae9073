package dev.scc.cli.command;

import picocli.CommandLine.Command;

/** {@code scc testbed}. */
@Command(
        name = "testbed",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A local pool of nodes with a server. A node is of one of three kinds:",
            "  vm     a virtual machine with real Soft-RoCE; everything works, a few fit on one machine",
            "  netns  a network namespace: real networks and jobs, no RDMA; for dozens",
            "  sim    a model in memory behind real agents and a real server; for thousands"
        },
        footer = {
            "",
            "Everything lives in network namespaces of its own; nothing on this machine's own network changes.",
            "SCC_TESTBED names the testbed where several are wanted; it is \"testbed\" otherwise.",
            "",
            "Examples:",
            "  scc testbed up --nodes 4",
            "  scc testbed up --kind netns --nodes 16",
            "  scc testbed up --kind sim --nodes 1000",
            "  scc testbed exec n1 -- rdma link",
            "  scc testbed down"
        })
final class TestbedCommand {}
