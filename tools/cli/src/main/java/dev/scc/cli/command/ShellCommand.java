package dev.scc.cli.command;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.RankSetting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc shell}. */
@Command(
        name = "shell",
        mixinStandardHelpOptions = true,
        description = {
            "A shell on a node of a cluster, as your account there, or as the one that is for all who have none.",
            "It is a job like others: scc job list shows it, scc job cancel ends it, and it ends with the cluster.",
            "The exit status is the shell's. It needs a terminal; scc run starts commands without one."
        },
        footer = {"", "Examples:", "  scc shell demo", "  scc shell demo n3", "  scc shell demo n3 --as root"})
final class ShellCommand implements Callable<Integer> {
    /** The account's own shell, or the best there is for one that is not for people to log in. */
    private static final String START = "shell=$(getent passwd \"$(id -u)\" | cut -d: -f7);"
            + " case $shell in \"\"|*/nologin|*/false) shell=$(command -v bash || command -v sh);; esac;"
            + " export SHELL=\"$shell\"; cd \"$HOME\" 2>/dev/null || cd /; exec \"$shell\" -l";

    private final Session session;

    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Of which cluster.")
    String cluster = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NODE", description = "On which node; default its first.")
    @Nullable
    String node;

    @Option(names = "--as", paramLabel = "root", description = "As root on the node, which administrators may.")
    RunCommand.@Nullable Rights as;

    ShellCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterName name = UserMistake.reading(cluster, ClusterName::new);
        Optional<NodeName> only = Optional.ofNullable(node).map(text -> UserMistake.reading(text, NodeName::new));
        String what = "shell on " + only.map(text -> text + " of ").orElse("") + name;
        boolean root = as == RunCommand.Rights.ROOT;
        CallerTerminal terminal = CallerTerminal.of(what);
        Roster roster;
        Optional<String> permit;
        try (ClusterClient pool = Pool.connect(session.options())) {
            roster = pool.roster(name).orElseThrow(() -> Pool.noSuchCluster(what, name));
            permit = pool.permit(name, root);
        }
        JobSpec shell = new JobSpec(
                        List.of("/bin/sh", "-c", START),
                        Optional.of(1),
                        Optional.empty(),
                        MpiChoice.NONE,
                        false,
                        terminal.environment(Map.of()),
                        "/",
                        false)
                .where(RankSetting.terminal(only, terminal.size()));
        return new TerminalJob(session, what, new JobReport(session, what, Optional.empty()))
                .run(terminal, new StageOptions(), roster, root ? shell.withAllRights() : shell, permit);
    }
}
