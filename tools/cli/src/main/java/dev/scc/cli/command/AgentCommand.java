package dev.scc.cli.command;

import dev.scc.cli.daemon.AgentDaemon;
import dev.scc.cli.daemon.Daemon;
import dev.scc.cli.daemon.FabricSettings;
import dev.scc.cli.daemon.JoinedCredentials;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.fabric.PriorityPairs;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.mesh.MeshBudget;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.job.RunAs;
import dev.scc.job.keeper.KeeperSpec;
import dev.scc.job.node.JobPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scc agent}. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description =
                "A node's agent: it alone changes the node's networks. Runs as root until SIGTERM; logs to standard"
                        + " error.",
        footer = {
            "",
            "Example:",
            "  scc agent --node n1 --underlay eth0 --rdma eth1 --data /var/lib/scc/agent --token FILE",
            "  scc agent --server 10.0.0.1,10.0.0.2 --node n1 --underlay eth0 --rdma ens1f0 --data /var/lib/scc/agent"
                    + " --segment-dscp 26 --segment-priorities 0:3"
        })
final class AgentCommand implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65535;

    private final Session session;

    @Option(names = "--node", required = true, paramLabel = "NAME", description = "The node's name in the pool.")
    String node = "";

    @Option(names = "--underlay", required = true, paramLabel = "NETDEV", description = "Carries VPC packets and gRPC.")
    String underlay = "";

    @Option(
            names = "--rdma",
            required = true,
            paramLabel = "NETDEV",
            description = "The RDMA NIC's Ethernet interface.")
    String rdma = "";

    @Option(
            names = "--no-rdma-device",
            description = {
                "That interface has no RDMA device and gets no Soft-RoCE link. Clusters on this node have a VPC but no"
                        + " RDMA: create --verify off."
            })
    boolean noRdmaDevice;

    @Option(
            names = "--segment-priorities",
            paramLabel = "KERNEL:PCP,...",
            description =
                    "The class of the segments' traffic, as their VLAN devices map it: from priorities of the kernel, 0"
                            + " to 15, to those in the VLAN header, 1 to 7, such as 0:3; rdma_cm follows it. The switches have to"
                            + " know that class. Default: none, so all is in class 0, which may lose packets.")
    @Nullable
    String segmentPriorities;

    @Option(
            names = "--segment-dscp",
            paramLabel = "DSCP",
            description =
                    "The class of the segments' traffic, 0 to 63, as IP headers say it, such as 26: what rdma_cm gives to"
                            + " connections over the node's RDMA device (configfs: rdma_cm/DEVICE/ports/1/default_roce_tos) while it is"
                            + " in a cluster, and NCCL's and UCX's jobs are told. Default: that is left as it is.")
    @Nullable
    String segmentDscp;

    @Option(
            names = "--mesh",
            paramLabel = "PACKETS",
            arity = "0..1",
            fallbackValue = "" + MeshBudget.USUAL,
            description =
                    "While the node is in a cluster, probe the other members over RDMA all the time, and answer them: at most so"
                            + " many packets a second, 1 to 5000; ${FALLBACK-VALUE} without a number. \"scc mesh\" shows what came of"
                            + " it. Default: off.")
    @Nullable
    String mesh;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Where its ledger is.")
    Path data = Path.of("");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Of its gRPC service, and the next one of its jobs; default ${DEFAULT-VALUE}.")
    int port = 7070;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = {
                "Lets this node in, at its first start: scc token create --node NAME makes one. A file's name instead"
                        + " keeps it out of the list of processes."
            })
    @Nullable
    String token;

    @Mixin
    ForeignEnsembleOptions foreign = new ForeignEnsembleOptions();

    @Option(
            names = "--client-silence",
            paramLabel = "DURATION",
            description = "How long the caller of a job may be silent, as one that was stopped, while its machine still"
                    + " answers; default 10m, and less than 10s counts as 10s. Then the job ends.")
    Duration clientSilence = KeeperSpec.CLIENT_SILENCE;

    @Option(
            names = "--job-account",
            paramLabel = "NAME",
            description = "The Unix account that jobs of people without one on the nodes run as; default nobody.")
    String jobAccount = JobPolicy.USUAL_ACCOUNT;

    @Option(
            names = "--job-processes",
            paramLabel = "N",
            description = "The most processes and threads of one job on this node; default ${DEFAULT-VALUE}.")
    long jobProcesses = JobPolicy.USUAL_PROCESSES;

    @Option(
            names = "--job-memory",
            paramLabel = "MIB",
            description = "The most memory of one job on this node; default all but a sixteenth, or 256 MiB to 1 GiB.")
    @Nullable
    Long jobMemory;

    @Option(
            names = "--hosts",
            paramLabel = "FILE",
            description =
                    "Where it keeps the names of clusters' members and of ENIs (n2.demo, eni-5f0c12ab.lab), between two"
                            + " lines that say so; default ${DEFAULT-VALUE}. \"none\" for nowhere.")
    String hosts = "/etc/hosts";

    AgentCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        Optional<JoinToken> way = Optional.ofNullable(token).map(Tokens::read);
        AgentSettings settings = new AgentSettings(
                Membership.trees(servers(way)),
                UserMistake.reading("--node", node, NodeName::new),
                underlay,
                rdma,
                data,
                checked(port),
                SccCommand.version(),
                foreign.door().orElseGet(EnsembleDoor.Own::new));
        JobPolicy policy = policy();
        FabricSettings fabric = new FabricSettings(!noRdmaDevice, traffic(), budget());
        Optional<Path> names =
                Optional.of(hosts).filter(file -> !file.equals("none")).map(Path::of);
        Daemon.run(() -> AgentDaemon.joined(settings, way, policy, clientSilence, fabric, names));
        return ExitStatus.DONE.code();
    }

    /**
     * The token's, unless somebody says otherwise; later those of the token that has let this node in. Where their ZooKeeper is
     * follows only from their usual port.
     */
    private String servers(Optional<JoinToken> way) throws Failure, IOException {
        Optional<String> named = session.options().serversIfSaid();
        Optional<String> kept = JoinedCredentials.named(data);
        Optional<String> known = named.isPresent()
                ? named
                : way.map(JoinToken::servers)
                        .or(() -> kept)
                        .filter(servers -> servers.endsWith(":" + ServerRpc.USUAL_PORT));
        return known.isPresent() ? known.get() : session.options().servers();
    }

    private Optional<MeshBudget> budget() {
        if (noRdmaDevice && mesh != null) {
            throw new UserMistake("--mesh needs an RDMA device, and --no-rdma-device says that there is none");
        }
        return Optional.ofNullable(mesh).map(text -> UserMistake.reading("--mesh", text, MeshBudget::parse));
    }

    private TrafficClass traffic() {
        return new TrafficClass(
                segmentPriorities == null
                        ? PriorityPairs.NONE
                        : UserMistake.reading("--segment-priorities", segmentPriorities, PriorityPairs::parse),
                Optional.ofNullable(segmentDscp)
                        .map(text -> UserMistake.reading("--segment-dscp", text, TrafficClass::parseDscp)));
    }

    private JobPolicy policy() throws IOException {
        long memory = jobMemory == null ? JobPolicy.usual().memory() : Math.min(jobMemory, Long.MAX_VALUE >> 20) << 20;
        UserMistake.reading("--job-account", jobAccount, RunAs.Account::new);
        return UserMistake.reading(memory, most -> new JobPolicy(jobAccount, jobProcesses, most));
    }

    /** The next one is that of its jobs. */
    private static int checked(int port) {
        if (port < 1 || port >= HIGHEST_PORT) {
            throw new UserMistake("--port " + port + " is not 1 to " + (HIGHEST_PORT - 1));
        }
        return port;
    }
}
