package dev.scc.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code scc} itself: what it prints when it is asked for help or its version. */
@Command(
        name = "scc",
        mixinStandardHelpOptions = true,
        versionProvider = SccCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {"Isolated super-computing clusters out of a pool of bare-metal nodes, in seconds.", ""},
        footer = {
            "",
            "Examples:",
            "  scc demo                               the whole road on this machine, leaving nothing",
            "  scc testbed up --nodes 4               a pool of four virtual nodes to try things on",
            "  scc create demo --nodes 3              VPC + RDMA segment + every pair verified",
            "  scc run demo -n 6 -- ./mpi_app         an MPI job over RDMA, or it refuses to start",
            "  scc delete demo                        provably clean",
            "",
            "Exit status: 0 done, 1 failed and rolled back, 2 usage, 3 server unreachable, 4 some nodes failed,",
            "  5 something left behind, 6 refused, 124 timed out, 130 interrupted."
        })
final class SccCommand {

    /** The version that the build wrote into the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"scc " + version()};
        }
    }

    static String version() {
        String version = SccCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
