package dev.scc.testbed;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the nodes of a testbed are. */
public sealed interface NodeKind {

    /** As on the command line and in answers. */
    String word();

    /** The most nodes of this kind that one testbed has. */
    int mostNodes();

    /** Guests with nothing but their exec daemon. */
    static NodeKind bareGuests() {
        return new Vm(Vm.DEFAULT_MEMORY_MIB, _ -> List.of(), _ -> Map.of(), HostFiles.NONE);
    }

    /**
     * Virtual machines with a kernel and real Soft-RoCE of their own, each with its agent in it.
     *
     * @param memoryMiB of each guest, at least 256
     * @param agentCommand the program and arguments that a guest starts at boot, in the guest's root; empty for none. It is
     *     started once; its exit is logged.
     * @param secrets files by their names in the agent's data directory, {@code /var/lib/scc}, for root alone
     * @param files of the host, that guests see
     */
    record Vm(
            int memoryMiB,
            Function<TestbedNode, List<String>> agentCommand,
            Function<TestbedNode, Map<String, String>> secrets,
            HostFiles files)
            implements NodeKind {
        /** Memory of a guest that runs an agent and some MPI ranks, in MiB. */
        public static final int DEFAULT_MEMORY_MIB = 1024;

        /** The most guests that one testbed has. */
        public static final int MOST_NODES = 16;

        private static final int LEAST_MEMORY_MIB = 256;

        public Vm {
            if (memoryMiB < LEAST_MEMORY_MIB) {
                throw new IllegalArgumentException(
                        "a guest needs at least " + LEAST_MEMORY_MIB + " MiB of memory, not " + memoryMiB);
            }
        }

        @Override
        public String word() {
            return "vm";
        }

        @Override
        public int mostNodes() {
            return MOST_NODES;
        }
    }

    /**
     * Network namespaces of this machine: networks and processes are real, there is no RDMA.
     *
     * @param agentsCommand the program and arguments of the process that all agents live in, in the testbed's namespace;
     *     empty for none
     */
    record Netns(List<String> agentsCommand) implements NodeKind {
        /** The most namespaces that one testbed has. */
        public static final int MOST_NODES = 128;

        public Netns {
            agentsCommand = List.copyOf(agentsCommand);
        }

        @Override
        public String word() {
            return "netns";
        }

        @Override
        public int mostNodes() {
            return MOST_NODES;
        }
    }

    /**
     * Models in memory, in the process of their agents: what is asked of them is remembered and nothing else happens.
     *
     * @param agentsCommand as for {@link Netns}
     */
    record Sim(List<String> agentsCommand) implements NodeKind {
        /** The most nodes that one testbed has in memory. */
        public static final int MOST_NODES = 10_000;

        public Sim {
            agentsCommand = List.copyOf(agentsCommand);
        }

        @Override
        public String word() {
            return "sim";
        }

        @Override
        public int mostNodes() {
            return MOST_NODES;
        }
    }
}
