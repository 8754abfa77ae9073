package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.host.NodeName;
import dev.scc.testbed.NodeKind;
import dev.scc.testbed.Testbed;
import dev.scc.testbed.TestbedName;
import dev.scc.testbed.TestbedNode;
import dev.scc.testbed.TestbedSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The one testbed that the commands of this user mean, and what runs in it. */
record LocalTestbed(TestbedName name, Path data) {
    static final int CLIENT_PORT = 2181;

    static LocalTestbed ofThisUser() throws Failure {
        String name = Optional.ofNullable(System.getenv("SCC_TESTBED"))
                .filter(text -> !text.isEmpty())
                .orElse("testbed");
        try {
            return new LocalTestbed(new TestbedName(name), stateHome().resolve("testbed-" + name));
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    Problem.of("testbed", "SCC_TESTBED: " + e.getMessage(), "choose another name, or unset it"));
        }
    }

    /** Where this user's testbeds and demo keep their files. */
    static Path stateHome() {
        String state = Optional.ofNullable(System.getenv("XDG_STATE_HOME"))
                .filter(text -> !text.isEmpty())
                .orElse(System.getProperty("user.home") + "/.local/state");
        return Path.of(state, "scc");
    }

    Testbed testbed() {
        return new Testbed(name, data);
    }

    /** Where the server listens, inside the testbed's namespace. */
    String server() {
        return TestbedNode.HOST + ":" + CLIENT_PORT;
    }

    Contexts.Context context() {
        return new Contexts.Context(server(), name.namespace());
    }

    TestbedSpec spec(int nodes, NodeKind kind) {
        return new TestbedSpec(nodes, kind, serverCommand());
    }

    NodeKind guests(int memoryMiB) {
        return new NodeKind.Vm(memoryMiB, node -> agent(node.name()));
    }

    NodeKind namespaces(int nodes) {
        return new NodeKind.Netns(agents("netns", nodes));
    }

    NodeKind simulated(int nodes) {
        return new NodeKind.Sim(agents("sim", nodes));
    }

    private List<String> agents(String kind, int nodes) {
        return List.of(
                launcher(),
                "agents",
                "--server",
                server(),
                "--kind",
                kind,
                "--testbed",
                name.value(),
                "--nodes",
                Integer.toString(nodes),
                "--data",
                data.resolve("agents").toString());
    }

    private List<String> agent(NodeName node) {
        return List.of(
                "/usr/bin/env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                launcher(),
                "agent",
                "--server",
                server(),
                "--node",
                node.value(),
                "--underlay",
                TestbedNode.UNDERLAY_NETDEV,
                "--rdma",
                TestbedNode.RDMA_NETDEV,
                "--data",
                "/var/lib/scc");
    }

    private List<String> serverCommand() {
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
