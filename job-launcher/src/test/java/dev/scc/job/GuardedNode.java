package dev.scc.job;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentService;
import dev.scc.cluster.agent.AuditLogService;
import dev.scc.cluster.agent.DropsService;
import dev.scc.cluster.agent.FactsService;
import dev.scc.cluster.agent.Identity;
import dev.scc.cluster.agent.LeftoverService;
import dev.scc.cluster.agent.Mesh;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verbs.VerbsMesh;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.Location;
import dev.scc.host.NodeName;
import dev.scc.job.agent.JobAgent;
import dev.scc.job.keeper.Keeper;
import dev.scc.job.keeper.KeeperHost;
import dev.scc.job.lead.LeadSettings;
import dev.scc.job.node.JobPolicy;
import dev.scc.job.node.JobTools;
import dev.scc.job.node.NodeSettings;
import dev.scc.vpc.PathProber;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The agent and the keeper of one node of cluster demo, over TLS, with all that they offer, and the authority that signs for
 * them and for those who call them.
 *
 * @param offered names of all methods
 */
record GuardedNode(
        Authority authority,
        Connections agentSide,
        Connections keeperSide,
        RpcServer agent,
        RpcServer keeper,
        List<String> offered)
        implements AutoCloseable {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ClusterName DEMO = new ClusterName("demo");

    /** A keeper that runs already. */
    private record Running() implements KeeperHost {
        @Override
        public String address(NodeName node) {
            return "127.0.0.1:7071";
        }

        @Override
        public Optional<String> running(NodeName node) {
            return Optional.of("127.0.0.1:7071");
        }

        @Override
        public void retire() {}

        @Override
        public void forget(NodeName node) {}

        @Override
        public void kill() {}

        @Override
        public void take(Charge charge) {}
    }

    static Roster roster(String... members) {
        return new Roster(
                DEMO,
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                Stream.of(members)
                        .map(name -> new Member(
                                new NodeName(name),
                                Ipv4.parse("127.0.0.1"),
                                "127.0.0.1:1",
                                Ipv4.parse("172.16.0.1"),
                                Ipv4.parse("10.70.0.1"),
                                "",
                                "eth1"))
                        .toList());
    }

    /** @param serves what the node serves at a time */
    static GuardedNode start(NodeName node, Path directory, Supplier<Optional<Roster>> serves) throws IOException {
        Authority authority = Authority.open(directory.resolve("authority"), InstantSource.system());
        Connections agentSide = as(authority, Role.NODE, node.value());
        Connections keeperSide = as(authority, Role.KEEPER, node.value());
        Path none = directory.resolve("none");
        NodeSettings settings = new NodeSettings(
                directory.resolve("cgroups"),
                directory.resolve("jobs"),
                directory.resolve("stages"),
                new JobTools(none, none, none, none, none),
                new Location.Machine(),
                LONG,
                JobPolicy.usual());
        Identity identity = new Identity(node, "i", Ipv4.parse("127.0.0.1"), "127.0.0.1:1", "eth1", "test");
        List<ServerServiceDefinition> services = new ArrayList<>();
        services.add(new AgentService(identity, Optional::empty, (_, _, _) -> {}, PathProber.ofModel()).definition());
        services.add(new LeftoverService(node, List::of, () -> {}).definition());
        services.addAll(new FactsService(
                        node,
                        Optional::empty,
                        (_, _) -> {
                            throw new IllegalStateException("nobody observes here");
                        },
                        InstantSource.system())
                .services());
        services.addAll(new AuditLogService(node, Map.of()).services());
        services.addAll(new DropsService(node, _ -> Map.of(), InstantSource.system()).services());
        services.addAll(
                new Mesh(node, Optional.empty(), new VerbsMesh(), Optional::empty, InstantSource.system()).services());
        services.addAll(new JobAgent(node, settings, new Running(), agentSide, serves).services());
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        List<ServerServiceDefinition> kept = Keeper.lasting(
                        node,
                        settings,
                        LeadSettings.usual(keeperSide),
                        new TestCluster.Says(serves),
                        TestCluster.history(node))
                .services();
        return new GuardedNode(
                authority,
                agentSide,
                keeperSide,
                RpcServer.start(any, agentSide, services),
                RpcServer.start(any, keeperSide, kept),
                Stream.of(services, kept)
                        .flatMap(List::stream)
                        .flatMap(service -> service.getMethods().stream())
                        .map(method -> method.getMethodDescriptor().getFullMethodName())
                        .toList());
    }

    private static Connections as(Authority authority, Role role, String name) {
        return Connections.as(new LiveCredentials(authority.issue(new Principal(role, name), DAY)));
    }

    Connections as(Role role, String name) {
        return as(authority, role, name);
    }

    @Override
    public void close() {
        agent.close();
        keeper.close();
    }
}
