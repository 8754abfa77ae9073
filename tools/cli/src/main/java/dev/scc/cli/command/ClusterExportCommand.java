package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.report.ClusterExport;
import dev.scc.cli.view.ExportView;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.NodeView;
import dev.scc.host.UserMistake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc cluster export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "A cluster for other programs that run things on its nodes.",
            "Addresses are those of its VPC; ansible_host is the one that the server knows a node by."
        },
        footer = {
            "",
            "Examples:",
            "  scc cluster export demo --hostfile > hosts",
            "  scc cluster export demo --ansible > inventory.ini",
            "  scc cluster export demo --slurm /etc/slurm"
        })
final class ClusterExportCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "The cluster.")
    String name = "";

    @ArgGroup(multiplicity = "1")
    Form form = new Form();

    /** For whom. */
    static final class Form {
        @Option(
                names = "--slurm",
                paramLabel = "DIR",
                description = "Write slurm.conf, topology.conf and hosts to this directory. Other files there stay.")
        @Nullable
        Path slurm;

        @Option(names = "--hostfile", description = "Print a host file for mpirun --hostfile, or mpiexec -f.")
        boolean hostfile;

        @Option(names = "--ansible", description = "Print an inventory for Ansible.")
        boolean ansible;
    }

    ClusterExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterName cluster = UserMistake.reading(name, ClusterName::new);
        String what = "export of cluster " + cluster;
        ClusterExport export;
        try (ClusterClient pool = Pool.connect(session.options())) {
            Roster roster = pool.roster(cluster).orElseThrow(() -> Pool.noSuchCluster(what, cluster));
            List<NodeView> nodes = new ArrayList<>();
            if (form.slurm != null) {
                for (Member member : roster.members()) {
                    pool.node(member.node()).ifPresent(nodes::add);
                }
            }
            export = new ClusterExport(roster, nodes);
        }
        if (form.slurm != null) {
            write(what, form.slurm, export.slurm());
        } else {
            String text = form.hostfile ? export.hostfile() : export.ansible();
            session.printer().answer(new ExportView(cluster, List.of(new ExportView.File("", text))));
        }
        return ExitStatus.DONE.code();
    }

    private void write(String what, Path directory, Map<String, String> files) throws Failure {
        List<ExportView.File> written = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = directory.resolve(file.getKey());
                Files.writeString(path, file.getValue());
                written.add(new ExportView.File(path.toString(), file.getValue()));
            }
        } catch (IOException e) {
            throw new Failure(
                    ExitStatus.FAILED,
                    new Problem(
                            what,
                            "",
                            "",
                            "cannot write to " + directory + ": " + e,
                            written.isEmpty() ? "nothing was written" : "written: " + written.size() + " files",
                            "name a directory that can be written to"));
        }
        session.printer().answer(new ExportView(UserMistake.reading(name, ClusterName::new), written));
    }
}
