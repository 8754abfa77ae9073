package dev.scc.cli.daemon;

import dev.scc.cluster.Unreached;
import dev.scc.cluster.agent.AgentProcess;
import dev.scc.cluster.agent.AgentSettings;
import dev.scc.cluster.agent.Checkup;
import dev.scc.cluster.agent.DropsService;
import dev.scc.cluster.agent.FactsService;
import dev.scc.cluster.agent.KernelNetwork;
import dev.scc.cluster.agent.Mesh;
import dev.scc.cluster.audit.NodeAudit;
import dev.scc.cluster.client.ContainerClient;
import dev.scc.cluster.cni.CniDoor;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.fabric.TrafficClass;
import dev.scc.fabric.doctor.FactsReader;
import dev.scc.fabric.inventory.Infiniband;
import dev.scc.fabric.inventory.InventoryReader;
import dev.scc.fabric.inventory.RxeCare;
import dev.scc.fabric.inventory.RxeLink;
import dev.scc.fabric.verbs.VerbsCheck;
import dev.scc.fabric.verbs.VerbsMesh;
import dev.scc.fabric.verbs.VerbsProber;
import dev.scc.host.AtomicFile;
import dev.scc.host.DirectoryLock;
import dev.scc.host.UserMistake;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.net.LinuxMachine;
import dev.scc.host.net.ServiceTypes;
import dev.scc.host.net.TunnelKeys;
import dev.scc.host.net.Tunnels;
import dev.scc.job.agent.JobAgent;
import dev.scc.job.keeper.KeeperDaemon;
import dev.scc.job.node.JobPolicy;
import dev.scc.job.node.NodeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent with everything that it touches a real node through. */
public final class AgentDaemon {
    private static final Logger log = LoggerFactory.getLogger(AgentDaemon.class);

    /** How long container runtimes wait for a server. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private AgentDaemon() {}

    /**
     * Starts it.
     *
     * @param token that lets the node in, if it is not in yet
     * @param policy what jobs are granted on the node
     * @param clientSilence how long the caller of a job may be silent, as one that somebody has stopped
     * @param fabric whether the RDMA device is there afterwards, so that creating a cluster does not have to wait for
     *     one; else nothing is done about it
     * @param hosts the file that has the names of clusters and ENIs among others'; empty if it is left alone
     * @throws IOException if its data directory or its port cannot be used, as when another agent has it; nothing was
     *     touched then
     * @throws CommandFailed if the node cannot be looked at, or has no RDMA device and no Soft-RoCE
     */
    public static AutoCloseable joined(
            AgentSettings settings,
            Optional<JoinToken> token,
            JobPolicy policy,
            Duration clientSilence,
            FabricSettings fabric,
            Optional<Path> hosts)
            throws IOException, CommandFailed, InterruptedException {
        // Before anything else: what is made and ended below belongs to the agent that has the directory.
        DirectoryLock lock = DirectoryLock.acquire(settings.data(), "scc agent");
        boolean started = false;
        try {
            JoinedCredentials credentials =
                    JoinedCredentials.of(settings.node(), settings.data(), settings.server(), token);
            AgentSettings placed = ToldEnsemble.at(settings, credentials);
            NodeAudit audit = NodeAudit.open(settings.data());
            audit.observe(credentials.connections(settings.node()));
            AutoCloseable agent = locked(placed, credentials, policy, clientSilence, fabric, hosts);
            started = true;
            return () -> {
                try (lock;
                        credentials;
                        audit) {
                    agent.close();
                }
            };
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    private static AutoCloseable locked(
            AgentSettings settings,
            JoinedCredentials credentials,
            JobPolicy policy,
            Duration clientSilence,
            FabricSettings fabric,
            Optional<Path> hosts)
            throws IOException, CommandFailed, InterruptedException {
        Optional<String> infiniband = fabric.withDevice() ? Infiniband.objection(settings.rdma()) : Optional.empty();
        if (infiniband.isPresent()) {
            throw new UserMistake("--rdma " + settings.rdma() + ": " + infiniband.get());
        }
        LocalCommands commands = new LocalCommands();
        ServiceTypes serviceTypes = ServiceTypes.local();
        TrafficClass traffic = settable(fabric.traffic(), serviceTypes.objection());
        Optional<String> noTunnels = Tunnels.objection(NetworkNamespace.own());
        LinuxMachine machine =
                new LinuxMachine(NetworkNamespace.own(), serviceTypes, tunnelKeys(noTunnels, settings.data()));
        InventoryReader inventory = new InventoryReader(NetworkNamespace.own());
        Optional<RxeCare> soft = fabric.withDevice()
                ? RxeCare.of(commands, settings.rdma(), RxeLink.ensure(commands, settings.rdma()))
                : Optional.empty();
        Rehearsal.run(settings, machine, inventory.read());
        FactsReader facts = new FactsReader(NetworkNamespace.own(), true, VerbsCheck::problem, Optional.of(traffic));
        NodeSettings jobs = NodeSettings.installed(policy, settings.data());
        Path cgroup = jobs.cgroups().resolveSibling("scc-keeper");
        Path shown = credentials.keeper(settings.node());
        CniDoor containers = CniDoor.open(
                settings.node(),
                settings.data(),
                ContainerClient.to(credentials.servers(), credentials.connections(settings.node()), PATIENCE));
        AtomicReference<Supplier<Optional<Unreached>>> unreached = new AtomicReference<>(Optional::empty);
        AtomicReference<AutoCloseable> meshed = new AtomicReference<>(() -> {});
        AtomicReference<Optional<KeeperDaemon>> keeper = new AtomicReference<>(Optional.empty());
        AgentProcess agent = AgentProcess.start(
                settings,
                credentials.connections(settings.node()),
                machine,
                KernelNetwork.of(settings.underlay(), soft, traffic),
                new Checkup(
                        () -> inventory.read().in(traffic).tunnelling(noTunnels),
                        facts::glance,
                        settings.node(),
                        settings.rdma(),
                        () -> unreached.get().get()),
                new VerbsProber(),
                List.of(
                        (served, address) -> {
                            KeeperDaemon made = Keepers.of(
                                    settings.node(),
                                    jobs,
                                    address,
                                    settings.data(),
                                    settings.version(),
                                    clientSilence,
                                    credentials.connections(settings.node()),
                                    shown,
                                    Optional.of(cgroup));
                            keeper.set(Optional.of(made));
                            return JobAgent.extension(
                                            settings.node(), jobs, made, credentials.connections(settings.node()))
                                    .make(served, address);
                        },
                        (_, _) -> containers,
                        (served, _) -> {
                            Mesh mesh = new Mesh(
                                    settings.node(), fabric.mesh(), new VerbsMesh(), served, InstantSource.system());
                            unreached.set(mesh::unreached);
                            meshed.set(mesh);
                            return mesh;
                        },
                        (served, _) -> new FactsService(settings.node(), served, facts::read, InstantSource.system()),
                        (_, _) -> new DropsService(settings.node(), machine::counts, InstantSource.system()),
                        (_, _) -> Keepers.auditLogs(settings.node(), settings.data())),
                hosts);
        // Not before it is known what the node serves: the keeper of a node that is free ends, with all that it knows.
        KeeperDaemon keepers = keeper.get().orElseThrow();
        keepers.attend();
        return () -> {
            containers.close();
            meshed.get().close();
            agent.close();
            keepers.close();
        };
    }

    /**
     * Those of a node's tunnels.
     *
     * @param objection why it can have none; empty if it can
     * @param data its agent's directory
     */
    static Optional<TunnelKeys> tunnelKeys(Optional<String> objection, Path data) {
        return objection.isPresent()
                ? Optional.empty()
                : Optional.of(new TunnelKeys(
                        new AtomicFile(data.resolve("tunnel.json")), InstantSource.system(), new SecureRandom()));
    }

    /** Without what this kernel has no place for. */
    static TrafficClass settable(TrafficClass traffic, Optional<String> objection) {
        if (traffic.dscp().isEmpty() || objection.isEmpty()) {
            return traffic;
        }
        log.atWarn()
                .addKeyValue("dscp", traffic.dscp().get())
                .addKeyValue("why", objection.get())
                .log("connections over RDMA get no DSCP until the agent is started again");
        return new TrafficClass(traffic.priorities(), Optional.empty());
    }
}
