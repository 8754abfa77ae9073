package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.context.UserDirectories;
import dev.scc.cli.daemon.IssuedCredentials;
import dev.scc.cli.daemon.JoinedCredentials;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.fabric.mesh.MeshBudget;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.testbed.HostFiles;
import dev.scc.testbed.Leftovers;
import dev.scc.testbed.NodeKind;
import dev.scc.testbed.Testbed;
import dev.scc.testbed.TestbedName;
import dev.scc.testbed.TestbedNode;
import dev.scc.testbed.TestbedSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The one testbed that the commands of this user mean, and what runs in it. */
record LocalTestbed(TestbedName name, Path data) {
    static final int CLIENT_PORT = 2181;

    static LocalTestbed ofThisUser() {
        String name = Optional.ofNullable(System.getenv("SCC_TESTBED"))
                .filter(text -> !text.isEmpty())
                .orElse("testbed");
        return of(UserMistake.reading("SCC_TESTBED", name, TestbedName::new));
    }

    static LocalTestbed of(TestbedName name) {
        return new LocalTestbed(name, Leftovers.folder(UserDirectories.state(), name));
    }

    Testbed testbed() {
        return new Testbed(name, data, UserDirectories.cache());
    }

    /** Where agents find the ZooKeeper of that many servers, inside the testbed's namespace. */
    static String hosts(int servers) {
        return IntStream.range(0, servers)
                .mapToObj(number -> TestbedNode.HOST.plus(number) + ":" + CLIENT_PORT)
                .collect(Collectors.joining(","));
    }

    /** Where commands reach that many servers, inside the testbed's namespace. */
    static String addresses(int servers) {
        return IntStream.range(0, servers)
                .mapToObj(number -> TestbedNode.HOST.plus(number) + ":" + ServerRpc.USUAL_PORT)
                .collect(Collectors.joining(","));
    }

    Contexts.Context context(int servers) {
        return new Contexts.Context(
                addresses(servers), name.namespace(), credentials(servers).toString(), "");
    }

    /** @throws IllegalArgumentException if there cannot be such a testbed; the message says why */
    TestbedSpec spec(int nodes, int servers, NodeKind kind) {
        if (servers != 1 && servers != 3 && servers != 5) {
            throw new IllegalArgumentException("a testbed has 1, 3 or 5 servers, not " + servers);
        }
        return new TestbedSpec(nodes, kind, serverCommands(servers, kind), () -> prepare(servers));
    }

    /**
     * Guests of virtual machines.
     *
     * @param shown directories of this machine that guests see
     * @param mesh what each may send for its clusters' meshes; empty for none
     */
    NodeKind guests(int servers, int memoryMiB, List<Path> shown, Optional<MeshBudget> mesh) {
        List<Path> needed = List.of(home(), Path.of(System.getProperty("java.home")));
        return new NodeKind.Vm(
                memoryMiB,
                node -> agent(node.name(), servers, mesh),
                node -> secrets(node.name(), servers),
                new HostFiles(
                        Stream.concat(needed.stream(), shown.stream()).toList(),
                        List.of(UserDirectories.state(), UserDirectories.config())));
    }

    NodeKind namespaces(int nodes, int servers) {
        return new NodeKind.Netns(agents("netns", nodes, servers));
    }

    NodeKind simulated(int nodes, int servers) {
        return new NodeKind.Sim(agents("sim", nodes, servers));
    }

    private List<String> agents(String kind, int nodes, int servers) {
        return List.of(
                launcher(),
                "agents",
                "--server",
                hosts(servers),
                "--kind",
                kind,
                "--testbed",
                name.value(),
                "--nodes",
                Integer.toString(nodes),
                "--authority",
                authority(servers).toString(),
                "--data",
                data.resolve("agents").toString());
    }

    /** The data directory of the first server. */
    private Path first(int servers) {
        return data.resolve(servers == 1 ? "server" : peer(0));
    }

    private Path authority(int servers) {
        return first(servers).resolve(Security.AUTHORITY);
    }

    /** What makes whoever calls the testbed's servers their administrator. */
    Path credentials(int servers) {
        return first(servers).resolve(Administrator.CREDENTIALS);
    }

    /** All servers share an authority, and it signs the nodes' certificates before the first of them runs. */
    private void prepare(int servers) throws IOException {
        Administrator.admit(Authority.open(authority(servers), InstantSource.system()), first(servers));
        for (int number = 1; number < servers; number++) {
            Authority.copy(authority(servers), data.resolve(peer(number)).resolve(Security.AUTHORITY));
        }
    }

    private Map<String, String> secrets(NodeName node, int servers) {
        try {
            Authority authority = Authority.open(authority(servers), InstantSource.system());
            return Map.of(
                    JoinedCredentials.OWN,
                    authority
                            .issue(new Principal(Role.NODE, node.value()), IssuedCredentials.LIFE)
                            .text(),
                    JoinedCredentials.KEEPER,
                    authority
                            .issue(new Principal(Role.KEEPER, node.value()), IssuedCredentials.LIFE)
                            .text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> agent(NodeName node, int servers, Optional<MeshBudget> mesh) {
        Stream<String> meshed = mesh.stream().flatMap(budget -> Stream.of("--mesh", "" + budget.packetsPerSecond()));
        Stream<String> words = Stream.of(
                "/usr/bin/env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                launcher(),
                "agent",
                "--server",
                hosts(servers),
                "--node",
                node.value(),
                "--underlay",
                TestbedNode.UNDERLAY_NETDEV,
                "--rdma",
                TestbedNode.RDMA_NETDEV,
                "--data",
                "/var/lib/scc");
        return Stream.concat(words, meshed).toList();
    }

    private List<List<String>> serverCommands(int servers, NodeKind kind) {
        if (servers == 1) {
            return List.of(single(kind));
        }
        String peers = IntStream.range(0, servers)
                .mapToObj(number -> peer(number) + "=" + TestbedNode.HOST.plus(number))
                .collect(Collectors.joining(","));
        return IntStream.range(0, servers)
                .mapToObj(number -> withSwitch(
                        kind,
                        launcher(),
                        "server",
                        "--name",
                        peer(number),
                        "--peers",
                        peers,
                        "--no-local-context",
                        "--data",
                        data.resolve(peer(number)).toString()))
                .toList();
    }

    private static String peer(int number) {
        return "s" + (number + 1);
    }

    private List<String> single(NodeKind kind) {
        return withSwitch(
                kind,
                launcher(),
                "server",
                "--bind",
                TestbedNode.HOST.toString(),
                "--port",
                Integer.toString(CLIENT_PORT),
                "--no-local-context",
                "--data",
                data.resolve("server").toString());
    }

    /** Only guests have RDMA networks. Nothing passes their fabric before the server has a port opened. */
    private static List<String> withSwitch(NodeKind kind, String... server) {
        if (!(kind instanceof NodeKind.Vm)) {
            return List.of(server);
        }
        String program = home().resolve("bin/testbed-switch").toString();
        return Stream.of(Stream.of(program, "before"), Stream.of(server), Stream.of("--switch", program))
                .flatMap(words -> words)
                .toList();
    }

    /** The distribution's directory. */
    static Path home() {
        return Path.of(System.getProperty("scc.home", ".")).toAbsolutePath().normalize();
    }

    /** The distribution's own launcher; the same file on this machine and in the guests. */
    static String launcher() {
        return home().resolve("bin/scc").toString();
    }
}
