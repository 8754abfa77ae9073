package dev.scc.cli.daemon;

import dev.scc.job.keeper.KeeperDaemon;
import dev.scc.job.keeper.KeeperSpec;
import java.nio.file.Path;
import java.util.List;

/** How agents start keepers of jobs: by this distribution's own command line. */
final class Keepers {
    /** Where the distribution is; its launcher says so. */
    private static final String HOME = "scc.home";

    private Keepers() {}

    /** @param data the agent's data directory */
    static KeeperDaemon daemon(Path data, String version, List<KeeperSpec.Node> nodes) {
        String home = System.getProperty(HOME);
        if (home == null) {
            throw new IllegalStateException("-D" + HOME + " is not set; agents are started by the command scc");
        }
        Path directory = data.toAbsolutePath().resolve("keeper");
        List<String> command = List.of(home + "/bin/scc", "keeper", directory.toString());
        return new KeeperDaemon(directory, command, new KeeperSpec(version, nodes));
    }
}
