package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.context.UserDirectories;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import dev.scc.testbed.Leftovers;
import dev.scc.testbed.NodeKind;
import dev.scc.testbed.Testbed;
import dev.scc.testbed.TestbedName;
import dev.scc.testbed.TestbedNode;
import dev.scc.testbed.TestbedSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
        return new Contexts.Context(addresses(servers), name.namespace());
    }

    /** @throws IllegalArgumentException if there cannot be such a testbed; the message says why */
    TestbedSpec spec(int nodes, int servers, NodeKind kind) {
        if (servers != 1 && servers != 3 && servers != 5) {
            throw new IllegalArgumentException("a testbed has 1, 3 or 5 servers, not " + servers);
        }
        return new TestbedSpec(nodes, kind, serverCommands(servers));
    }

    NodeKind guests(int servers, int memoryMiB) {
        return new NodeKind.Vm(memoryMiB, node -> agent(node.name(), servers));
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
                "--data",
                data.resolve("agents").toString());
    }

    private List<String> agent(NodeName node, int servers) {
        return List.of(
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
    }

    private List<List<String>> serverCommands(int servers) {
        if (servers == 1) {
            return List.of(single());
        }
        String peers = IntStream.range(0, servers)
                .mapToObj(number -> peer(number) + "=" + TestbedNode.HOST.plus(number))
                .collect(Collectors.joining(","));
        return IntStream.range(0, servers)
                .mapToObj(number -> List.of(
                        launcher(),
                        "server",
                        "--name",
                        peer(number),
                        "--peers",
                        peers,
                        "--data",
                        data.resolve(peer(number)).toString()))
                .toList();
    }

    private static String peer(int number) {
        return "s" + (number + 1);
    }

    private List<String> single() {
        return List.of(
                launcher(),
                "server",
                "--bind",
                TestbedNode.HOST.toString(),
                "--port",
                Integer.toString(CLIENT_PORT),
                "--data",
                data.resolve("server").toString());
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
