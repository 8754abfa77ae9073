package dev.scc.job;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Location;
import dev.scc.host.NodeName;
import dev.scc.job.agent.JobAgent;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import dev.scc.job.history.HistoryLimits;
import dev.scc.job.history.JobHistory;
import dev.scc.job.keeper.Keeper;
import dev.scc.job.keeper.KeeperHost;
import dev.scc.job.lead.LeadSettings;
import dev.scc.job.node.JobLeftovers;
import dev.scc.job.node.JobPolicy;
import dev.scc.job.node.JobTools;
import dev.scc.job.node.NodeSettings;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cluster whose nodes are agents in this JVM: real gRPC, cgroups and processes; what differs from real nodes is that all
 * are on one machine, so its "VPC" is the loopback interface and there is no RDMA.
 */
public final class TestCluster {
    private static final String ID = UUID.randomUUID().toString().substring(0, 8);

    /** One node. */
    public record Node(NodeName name, NodeSettings settings, Keeper keeper, RpcServer server, Agent agent) {

        /** Its keeper is gone, as when its process is killed. */
        void loseKeeper() {
            server.close();
        }
    }

    /** A node's agent, which comes and goes. */
    static final class Agent {
        private final JobAgent jobs;
        private final AtomicBoolean away;
        private final int port;
        private RpcServer server;

        /** @param away what its keeper sees of it */
        private Agent(JobAgent jobs, AtomicBoolean away) throws IOException {
            this.jobs = jobs;
            this.away = away;
            server = serve(0);
            port = server.port();
        }

        private RpcServer serve(int at) throws IOException {
            return RpcServer.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), at), Connections.plain(), jobs.services());
        }

        JobAgent jobs() {
            return jobs;
        }

        int port() {
            return port;
        }

        void stop() {
            away.set(true);
            server.close();
        }

        void restart() throws IOException {
            server = serve(port);
            away.set(false);
        }
    }

    /** A keeper in this JVM. */
    private record InThisProcess(String at) implements KeeperHost {
        @Override
        public String address(NodeName node) {
            return at;
        }

        @Override
        public Optional<String> running(NodeName node) {
            return Optional.of(at);
        }

        @Override
        public void retire() {
            // It stays.
        }

        @Override
        public void forget(NodeName node) {
            // It does that by itself.
        }

        @Override
        public void kill() throws IOException {
            throw new IOException("the keeper of " + at + " hangs");
        }

        @Override
        public void take(Charge charge) {
            // It never starts anew.
        }
    }

    /** What an agent says while it is there. */
    private record SaysUnlessAway(Says says, AtomicBoolean away) implements Serving {
        @Override
        public Optional<Roster> roster() throws RpcFailed {
            return there().roster();
        }

        @Override
        public List<NodeName> gone(ClusterName cluster, List<NodeName> nodes) throws RpcFailed {
            return there().gone(cluster, nodes);
        }

        @Override
        public void tell(List<JobEntry> jobs) throws RpcFailed {
            there().tell(jobs);
        }

        private Says there() throws RpcFailed {
            if (away.get()) {
                throw new RpcFailed(RpcFailed.Kind.UNREACHABLE, "the agent is away");
            }
            return says;
        }
    }

    /** What the agent of a test says. */
    public record Says(Supplier<Optional<Roster>> now) implements Serving {
        @Override
        public Optional<Roster> roster() {
            return now.get();
        }

        @Override
        public List<NodeName> gone(ClusterName cluster, List<NodeName> nodes) {
            List<NodeName> members = now.get().stream()
                    .flatMap(roster -> roster.members().stream())
                    .map(Member::node)
                    .toList();
            return nodes.stream().filter(node -> !members.contains(node)).toList();
        }

        @Override
        public void tell(List<JobEntry> jobs) {
            // There is no tree in these tests.
        }
    }

    private final List<Node> nodes = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private volatile Optional<Roster> roster = Optional.empty();

    /** Starts that many nodes, n1, n2, and so on. */
    public static TestCluster start(int count) throws IOException {
        return start(count, Duration.ofSeconds(20));
    }

    /** @param opening how long a node may take to get ready for a job */
    static TestCluster start(int count, Duration opening) throws IOException {
        TestCluster cluster = new TestCluster();
        for (int i = 1; i <= count; i++) {
            // An address that this machine has.
            cluster.add(i, opening, new Location.Machine(), Ipv4.parse("127.0.0." + i));
        }
        cluster.roster = Optional.of(rosterOf(cluster.members));
        return cluster;
    }

    /** The ranks of its nodes are in these namespaces, where 172.16.0.1 and so on are their addresses in the VPC. */
    static TestCluster inNamespaces(List<String> names) throws IOException {
        TestCluster cluster = new TestCluster();
        for (int i = 1; i <= names.size(); i++) {
            Location location = new Location.Namespace(names.get(i - 1), new NodeName("n" + i));
            cluster.add(i, Duration.ofSeconds(20), location, Ipv4.parse("172.16.0." + i));
        }
        cluster.roster = Optional.of(rosterOf(cluster.members));
        return cluster;
    }

    /** A roster with these members. */
    public static Roster rosterOf(List<Member> members) {
        return new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/24")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
                members);
    }

    /** A member with addresses that follow from its number. */
    public static Member member(int number, String agent, String rdmaDevice) {
        return new Member(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0." + (10 + number)),
                agent,
                Ipv4.parse("172.16.0." + number),
                Ipv4.parse("10.70.0." + number),
                rdmaDevice,
                "eth1");
    }

    private void add(int number, Duration opening, Location location, Ipv4 vpcAddress) throws IOException {
        NodeName name = new NodeName("n" + number);
        NodeSettings plain = settings("job-" + ID + "-" + name);
        JobTools tools = new JobTools(
                ownHostName(name, plain.tools().exec()),
                plain.tools().rsh(),
                plain.tools().rank(),
                plain.tools().pmix(),
                plain.tools().progress());
        NodeSettings settings = new NodeSettings(
                plain.cgroups(), plain.directory(), plain.stages(), tools, location, plain.silence(), plain.policy());
        LeadSettings lead = new LeadSettings(
                Connections.plain(),
                "lo",
                opening,
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofMillis(200));
        AtomicBoolean away = new AtomicBoolean();
        Keeper keeper =
                Keeper.lasting(name, settings, lead, new SaysUnlessAway(new Says(() -> roster), away), history(name));
        RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Connections.plain(), keeper.services());
        KeeperHost host = new InThisProcess("127.0.0.1:" + server.port());
        Agent agent = new Agent(new JobAgent(name, settings, host, Connections.plain(), () -> roster), away);
        nodes.add(new Node(name, settings, keeper, server, agent));
        members.add(member(number, agent.port(), vpcAddress));
    }

    private static Member member(int number, int agentPort, Ipv4 vpcAddress) {
        Member member = member(number, "127.0.0.1:" + agentPort, "");
        return new Member(
                member.node(),
                member.underlay(),
                member.agent(),
                vpcAddress,
                member.rdmaAddress(),
                member.rdmaDevice(),
                member.rdmaNetdev());
    }

    static JobHistory history(NodeName name) throws IOException {
        Path histories = Files.createDirectories(Path.of("target", "histories").toAbsolutePath());
        Path directory = Files.createTempDirectory(histories, name + "-");
        return JobHistory.open(directory, HistoryLimits.usual(), InstantSource.system());
    }

    /** Open MPI tells nodes apart by their host names: processes of each node get the node's. */
    private static Path ownHostName(NodeName name, Path exec) throws IOException {
        Path script = Files.createDirectories(TestPrograms.PROGRAMS).resolve("exec-on-" + name);
        Files.writeString(
                script,
                "#!/bin/sh\nexec unshare --uts sh -c 'hostname " + name + "; exec " + exec + " \"$@\"' sh \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    /** Settings of a node of this machine, apart from all others by that name. */
    public static NodeSettings settings(String name) throws IOException {
        NodeSettings installed = NodeSettings.installed(JobPolicy.usual(), Path.of("agent"));
        return new NodeSettings(
                installed.cgroups().resolveSibling("scc-" + name),
                Path.of("/tmp/scc-" + name),
                Path.of("/tmp/scc-" + name + "-stages"),
                JobTools.installed(),
                new Location.Machine(),
                Duration.ofSeconds(3),
                installed.policy());
    }

    public Roster roster() {
        return roster.orElseThrow();
    }

    /** From now on whoever asks for that node's agent is led to this port. */
    void redirect(int number, int port) {
        members.set(number - 1, member(number, port, members.get(number - 1).vpcAddress()));
        roster = Optional.of(rosterOf(members));
    }

    /** From now on that node's agent says that its keeper listens at this port. */
    void redirectToKeeper(int number, int port) throws IOException {
        NodeSettings settings = node(number).settings();
        JobAgent jobs = new JobAgent(
                node(number).name(),
                settings,
                new InThisProcess("127.0.0.1:" + port),
                Connections.plain(),
                () -> roster);
        redirect(number, new Agent(jobs, new AtomicBoolean()).port());
    }

    /** The node is taken out of the cluster; its own agent, being away, does not hear of it. */
    void expel(int number) {
        List<Member> rest = new ArrayList<>(members);
        rest.remove(number - 1);
        roster = Optional.of(rosterOf(rest));
    }

    public Node node(int number) {
        return nodes.get(number - 1);
    }

    /** What a job wrote and how it ended. */
    public record Run(JobOutcome outcome, String output, String errors, List<JobEvent.Started> started) {

        /** What {@code scc run} would exit with. */
        public int exitCode() {
            return ExitCodes.of(outcome);
        }

        public List<String> left() {
            return outcome.left();
        }

        /** Empty if nothing was started. */
        public Optional<Receipt> receipt() {
            return outcome instanceof JobOutcome.Ended ended ? Optional.of(ended.receipt()) : Optional.empty();
        }

        /** Why it did not run, or not well. */
        public Optional<String> cause() {
            return switch (outcome) {
                case JobOutcome.Refused refused -> Optional.of(refused.refusal().why());
                case JobOutcome.Ended ended -> ended.end().cause();
            };
        }
    }

    /** Runs a job to its end. */
    public Run run(JobSpec spec) throws RpcFailed, InterruptedException {
        Recorder recorder = new Recorder();
        JobOutcome outcome = new JobClient(Connections.plain()).run(roster(), spec, Optional.empty(), recorder);
        return new Run(outcome, recorder.text(false), recorder.text(true), List.copyOf(recorder.started));
    }

    /** The same, with something to read for rank 0. */
    public Run run(JobSpec spec, InputStream input) throws RpcFailed, InterruptedException {
        Recorder recorder = new Recorder();
        JobOutcome outcome = new JobClient(Connections.plain()).run(roster(), spec, Optional.empty(), input, recorder);
        return new Run(outcome, recorder.text(false), recorder.text(true), List.copyOf(recorder.started));
    }

    /** A spec with what tests vary. */
    public static JobSpec spec(int ranks, MpiChoice mpi, String... argv) {
        return new JobSpec(List.of(argv), Optional.of(ranks), Optional.empty(), mpi, true, Map.of(), "/", false);
    }

    /** What is left of jobs on all nodes: cgroups and files. */
    public List<String> leftovers() {
        return nodes.stream()
                .flatMap(node ->
                        Stream.of(node.settings().cgroups(), node.settings().directory()))
                .filter(Files::exists)
                .map(Path::toString)
                .toList();
    }

    /** Ends everything. */
    public void stop() throws InterruptedException {
        for (Node node : nodes) {
            node.keeper().endAll("the test is over");
            node.agent().stop();
            node.server().close();
            new JobLeftovers(node.settings()).removeAll();
        }
    }

    /** Keeps what comes. */
    public static final class Recorder implements OutputSink {
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        private final List<JobEvent.Started> started = new CopyOnWriteArrayList<>();

        @Override
        public void started(JobEvent.Started event) {
            started.add(event);
        }

        @Override
        public synchronized void output(boolean onErrors, byte[] bytes) {
            (onErrors ? errors : output).writeBytes(bytes);
        }

        public List<JobEvent.Started> started() {
            return List.copyOf(started);
        }

        public String text(boolean ofErrors) {
            return new String(bytes(ofErrors), StandardCharsets.UTF_8);
        }

        synchronized byte[] bytes(boolean ofErrors) {
            return (ofErrors ? errors : output).toByteArray();
        }
    }
}
