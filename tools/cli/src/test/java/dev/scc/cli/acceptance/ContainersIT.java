package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Containers and the plugin that runtimes start for them, on three network namespaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainersIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** On each of two nodes: fifty altogether. */
    private static final int ON_EACH = 25;

    @SuppressWarnings("NullAway.Init")
    private OwnTestbed testbed;

    @SuppressWarnings("NullAway.Init")
    private Scc scc;

    @RegisterExtension
    final AfterTestExecutionCallback evidence = context -> Evidence.keep(scc, testbed.nodes(), context);

    @BeforeAll
    void up() throws IOException {
        testbed = OwnTestbed.up(ContainersIT.class, "netns", 3);
        scc = testbed.scc();
    }

    @AfterAll
    void down() {
        if (testbed != null) {
            testbed.close();
        }
    }

    @BeforeEach
    void makeTheirVpc() {
        scc.ok("vpc", "create", "pods", "--cidr", "172.21.0.0/24", "--containers");
    }

    @AfterEach
    void takeAwayAll() {
        for (JsonNode eni : scc.json("eni", "list")) {
            scc.run("eni", "detach", eni.get("eni").asString());
        }
        for (JsonNode vpc : scc.json("vpc", "list")) {
            scc.run("vpc", "delete", vpc.get("vpc").asString());
        }
    }

    /** The data directories of the nodes' agents. */
    private Path agents() {
        return scc.home().resolve("state/scc/testbed-" + scc.environment().get("SCC_TESTBED") + "/agents");
    }

    @Test
    void containersOfARealRuntimeAreInAVpcWithEachOtherAndPlainHosts(@TempDir Path directory) throws Exception {
        scc.ok("vpc", "create", "closed", "--cidr", "172.22.0.0/24");
        scc.ok("eni", "attach", "n3", "--vpc", "pods", "--ip", "172.21.0.3");
        try (Containerd runtime = Containerd.start(directory, agents(), List.of("n1", "n2"), "pods")) {
            JsonNode web = reached(runtime);
            assertThat(web.get("container").asString()).isEqualTo("default-web/eth0");
            besideOthersOfItsNode(runtime, address(web));

            runtime.kill("n1", "web");
            runtime.start("n1", "web");
            assertThat(scc.json("eni", "list", "--node", "n1").get(0).get("addresses"))
                    .isEqualTo(web.get("addresses"));
            runtime.kill("n1", "web");

            whatARuntimeDoesWrongIsSaid(runtime);
            CommandResult collected = runtime.plugin("n1", "GC", "", "", ",\"cni.dev/valid-attachments\":[]");
            assertThat(collected.status()).as(collected.output()).isZero();
            assertThat(scc.json("eni", "list", "--node", "n1")).isEmpty();
        }
    }

    @Test
    void containersOfPodmanKeepTheirAddressesAndLeaveNothing(@TempDir Path directory) throws Exception {
        scc.ok("eni", "attach", "n3", "--vpc", "pods", "--ip", "172.21.0.3");
        try (Podman podman = new Podman(directory, agents(), List.of("n1", "n2"), "pods")) {
            JsonNode before = reached(podman);

            podman.restart("n1", "web");
            JsonNode web = scc.json("eni", "list", "--node", "n1").get(0);
            assertThat(web.get("namespace")).isNotEqualTo(before.get("namespace"));
            assertThat(web.get("addresses")).isEqualTo(before.get("addresses"));
            podman.ping("n2", "client", address(web));

            podman.remove("n1", "web");
            assertThat(scc.json("eni", "list", "--node", "n1")).isEmpty();
            for (JsonNode gone : List.of(before, web)) {
                assertThat(Path.of(gone.get("namespace").asString()))
                        .isAbsolute()
                        .doesNotExist();
            }
        }
    }

    /** Starts a container on a node; one on another node and a plain host reach each other and it. */
    private JsonNode reached(ContainerRuntime runtime) {
        runtime.start("n1", "web");
        JsonNode web = scc.json("eni", "list", "--node", "n1").get(0);
        runtime.ping("n2", "client", address(web));
        runtime.ping("n2", "client", "172.21.0.3");
        assertThat(scc.onNode("n3", "ping -c 2 -i 0.2 -W 5 " + address(web)).ok())
                .isTrue();
        assertThat(scc.json("eni", "list", "--node", "n2")).isEmpty();
        return web;
    }

    private static String address(JsonNode eni) {
        return eni.get("addresses").get(0).asString();
    }

    /** Its node has an ENI of that VPC itself, and a second container. */
    private void besideOthersOfItsNode(ContainerRuntime runtime, String address) {
        JsonNode own = scc.json("eni", "attach", "n1", "--vpc", "pods", "--ip", "172.21.0.4");
        for (String other : List.of(address, "172.21.0.3", "172.21.0.4")) {
            runtime.ping("n1", "neighbour", other);
        }
        assertThat(scc.onNode("n1", "ping -c 2 -i 0.2 -W 5 " + address).ok()).isTrue();
        assertThat(scc.run("eni", "attach", "n1", "--vpc", "pods").errors())
                .contains("of VPC pods in its own network namespace already", "--netns");
        scc.ok("eni", "detach", own.get("eni").asString());
    }

    private void whatARuntimeDoesWrongIsSaid(ContainerRuntime runtime) {
        assertThat(runtime.plugin("n1", "VERSION", "", "", "").output()).contains("\"1.1.0\"]");
        assertThat(runtime.plugin("n1", "STATUS", "", "", "").status()).isZero();
        assertThat(runtime.plugin("n1", "STATUS", "", "", ",\"vpc\":\"closed\"").output())
                .contains("\"code\":50", "VPC closed is not open to containers");
        assertThat(runtime.plugin("n2", "ADD", "c1", "/run/netns/none", ",\"vpc\":\"closed\"")
                        .output())
                .contains("\"code\":7", "made without --containers");
        assertThat(runtime.plugin("n2", "ADD", "c1", "/run/netns/none", "").output())
                .contains("\"code\":100", "no network namespace on this node", "taken back");
        assertThat(runtime.plugin("n2", "CHECK", "c1", "/run/netns/none", "").output())
                .contains("c1/eth0 has no ENI on node n2");
        for (int time = 0; time < 2; time++) {
            assertThat(runtime.plugin("n2", "DEL", "c1", "", "").status()).isZero();
        }
        assertThat(runtime.plugin("none", "ADD", "c1", "", "").output())
                .contains("\"code\":11", "the node's agent cannot be reached");
    }

    @Test
    void fiftyAtOnceEachHaveAnAddressAndOfThoseWhosePluginIsKilledNothingStays(@TempDir Path directory)
            throws Exception {
        List<Sandbox> sandboxes = Stream.of("n1", "n2")
                .flatMap(node -> IntStream.range(0, ON_EACH).mapToObj(n -> new Sandbox(node, testbed.name() + "-" + n)))
                .toList();
        try (Containerd runtime = Containerd.start(directory, agents(), List.of("n1"), "pods")) {
            for (Sandbox sandbox : sandboxes) {
                run("ip", "netns", "add", sandbox.namespace());
                run("ip", "-netns", sandbox.namespace(), "link", "set", "lo", "up");
            }

            assertThat(ofEach(sandboxes, sandbox -> sandbox.call(runtime, "ADD")))
                    .allSatisfy(added ->
                            assertThat(added.status()).as(added.output()).isZero());

            List<String> addresses = scc.json("eni", "list")
                    .valueStream()
                    .map(eni -> eni.get("addresses").get(0).asString())
                    .toList();
            assertThat(addresses).doesNotHaveDuplicates().hasSameSizeAs(sandboxes);
            assertThat(ofEach(sandboxes, sandbox -> sandbox.reaches(addresses))).containsOnly(true);
            assertThat(ofEach(sandboxes, sandbox -> sandbox.call(runtime, "DEL")))
                    .allSatisfy(deleted ->
                            assertThat(deleted.status()).as(deleted.output()).isZero());
            assertThat(scc.json("eni", "list")).isEmpty();

            assertThat(ofEach(sandboxes.subList(0, ON_EACH), sandbox -> sandbox.deleteAfterAnAddThatIsKilled(runtime)))
                    .allSatisfy(deleted ->
                            assertThat(deleted.status()).as(deleted.output()).isZero());
            assertThat(scc.json("eni", "list")).isEmpty();
            assertThat(ofEach(sandboxes, Sandbox::links))
                    .allSatisfy(links -> assertThat(links.output().lines()).hasSize(1));
        } finally {
            for (Sandbox sandbox : sandboxes) {
                new LocalCommands().run(Command.of("ip", "netns", "del", sandbox.namespace()));
            }
        }
    }

    @Test
    void aRuntimeAndAgentsThatAreKilledFindTheContainersAsTheyWere(@TempDir Path directory) throws Exception {
        scc.ok("eni", "attach", "n3", "--vpc", "pods", "--ip", "172.21.0.3");
        try (Containerd runtime = Containerd.start(directory, agents(), List.of("n1", "n2"), "pods")) {
            runtime.start("n1", "web");
            JsonNode web = scc.json("eni", "list", "--node", "n1").get(0);
            String pingWeb = "ping -c 1 -W 2 " + web.get("addresses").get(0).asString();
            ServerProcess agents = ServerProcess.of(scc, "agents");

            runtime.crash();
            agents.kill();

            assertThat(scc.onNode("n3", pingWeb).ok()).isTrue();
            for (String call : List.of("ADD", "DEL", "CHECK", "STATUS")) {
                assertThat(runtime.plugin("n1", call, "web", "/run/netns/none", "")
                                .output())
                        .as(call)
                        .contains(
                                "\"code\":" + (call.equals("STATUS") ? 50 : 11), "the node's agent cannot be reached");
            }
            agents.restart(testbed.name());
            runtime.startAgain();
            await().atMost(SOON)
                    .until(() -> runtime.plugin("n1", "STATUS", "", "", "").ok());
            assertThat(scc.json("eni", "list", "--node", "n1").get(0).get("addresses"))
                    .isEqualTo(web.get("addresses"));
            assertThat(scc.onNode("n3", pingWeb).ok()).isTrue();
            runtime.kill("n1", "web");
            runtime.start("n1", "web");
            assertThat(scc.onNode("n3", pingWeb).ok()).isTrue();
            runtime.kill("n1", "web");
            CommandResult collected = runtime.plugin("n1", "GC", "", "", ",\"cni.dev/valid-attachments\":[]");
            assertThat(collected.status()).as(collected.output()).isZero();
            assertThat(scc.json("eni", "list", "--node", "n1")).isEmpty();
        }
    }

    /** Of each one, all at the same time. */
    private static <T> List<T> ofEach(List<Sandbox> sandboxes, Function<Sandbox, T> what) throws Exception {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> all = new ArrayList<>();
            for (Sandbox sandbox : sandboxes) {
                Callable<T> one = () -> what.apply(sandbox);
                all.add(each.submit(one));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : all) {
                results.add(one.get());
            }
            return results;
        }
    }

    private static CommandResult run(String... argv) {
        try {
            return new LocalCommands().run(Command.of(argv).within(SOON));
        } catch (CommandFailed e) {
            throw new AssertionError(String.join(" ", argv), e);
        }
    }

    /** A network namespace as a runtime makes it for a container, without a container. */
    private record Sandbox(String node, String container) {
        String namespace() {
            return container + "-" + node;
        }

        CommandResult call(ContainerRuntime runtime, String command) {
            return runtime.plugin(node, command, namespace(), "/run/netns/" + namespace(), "");
        }

        /** One of them, as soon as its node knows where that is. */
        boolean reaches(List<String> addresses) {
            String one = addresses.get(Math.floorMod(namespace().hashCode(), addresses.size()));
            await().atMost(SOON)
                    .until(() -> run("ip", "netns", "exec", namespace(), "ping", "-c", "1", "-W", "1", one)
                            .ok());
            return true;
        }

        /** Killed somewhere on its way. */
        CommandResult deleteAfterAnAddThatIsKilled(ContainerRuntime runtime) {
            Duration after = Duration.ofMillis(Math.floorMod(namespace().hashCode(), 1000));
            runtime.killedPlugin(after, node, "ADD", namespace(), "/run/netns/" + namespace());
            return call(runtime, "DEL");
        }

        CommandResult links() {
            return run("ip", "-netns", namespace(), "-br", "link");
        }
    }
}
