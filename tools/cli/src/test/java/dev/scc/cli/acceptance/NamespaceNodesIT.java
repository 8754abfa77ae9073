package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Everything that needs no RDMA, on five network namespaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamespaceNodesIT {
    private static final int STRANGERS_AT_ONCE = 16;

    private static final Duration SOON = Duration.ofSeconds(60);

    /** What the ring of four ranks on two nodes sends from one to the other, at the least. */
    private static final long RING_BYTES = 4 * 65536;

    @SuppressWarnings("NullAway.Init")
    private OwnTestbed testbed;

    @SuppressWarnings("NullAway.Init")
    private Scc scc;

    @SuppressWarnings("NullAway.Init")
    private Programs programs;

    @BeforeAll
    void up() throws IOException {
        testbed = OwnTestbed.up(NamespaceNodesIT.class, "netns", 5);
        scc = testbed.scc();
        programs = Programs.compile(scc.home().resolve("programs"));
    }

    @AfterAll
    void down() {
        if (testbed != null) {
            testbed.close();
        }
    }

    @BeforeEach
    void takeAwayWhatAFailedTestLeft() {
        for (JsonNode eni : scc.json("eni", "list")) {
            scc.run("eni", "detach", eni.get("eni").asString());
        }
        for (JsonNode cluster : scc.json("list")) {
            scc.run("delete", cluster.get("cluster").asString());
        }
        for (JsonNode vpc : scc.json("vpc", "list")) {
            scc.run("vpc", "delete", vpc.get("vpc").asString());
        }
    }

    private CommandResult create(String name, int nodes) {
        return scc.run("create", name, "--nodes", Integer.toString(nodes), "--verify", "off");
    }

    private static String name(JsonNode node) {
        return node.get("name").asString();
    }

    @Test
    void statusSaysTheKindAndASecondUpIsRefused() {
        JsonNode status = scc.json("testbed", "status");

        assertThat(status.get("kind").asString()).isEqualTo("netns");
        assertThat(status.get("state").asString()).isEqualTo("up");
        assertThat(status.get("nodes")
                        .valueStream()
                        .map(node -> node.get("state").asString()))
                .hasSize(5)
                .containsOnly("up");
        CommandResult second = scc.run("testbed", "up", "--kind", "sim", "--nodes", "2");
        assertThat(second.status()).isEqualTo(1);
        assertThat(second.errors()).contains("it is up already, with 5 nodes");
        assertThat(scc.onNodeOk("n4", "uname -n").strip()).isEqualTo("n4");
        assertThat(scc.onNode("n4", "exit 42").status()).isEqualTo(42);
    }

    @Test
    void whatNeedsRdmaIsRefusedAndSaysWhatToDo() {
        CommandResult verified = scc.run("create", "demo", "--nodes", "2");

        assertThat(verified.status()).isEqualTo(6);
        assertThat(verified.errors())
                .contains("n1 has no RDMA device on eth1")
                .contains("nothing has changed")
                .contains("--verify off");
        assertThat(create("demo", 2).status()).isZero();
        CommandResult verify = scc.run("verify", "demo");
        assertThat(verify.status()).isEqualTo(1);
        assertThat(verify.errors()).contains("cannot verify: there is no RDMA device");
        CommandResult job = scc.run("run", "demo", "-n", "2", "--mpi", "mpich", "--", programs.mpich());
        assertThat(job.status()).isEqualTo(6);
        assertThat(job.errors()).contains("has no RDMA device").contains("--allow-tcp");
        scc.ok("delete", "demo");
    }

    @Test
    void twoClustersAtOnceReachThemselvesAndNotEachOther() throws Exception {
        Footprint before = Footprint.ofNetworks(scc, testbed.nodes());
        try (Running red = scc.start("red", "create", "red", "--nodes", "2", "--verify", "off");
                Running blue = scc.start("blue", "create", "blue", "--nodes", "2", "--verify", "off")) {
            assertThat(red.await(SOON)).as(red.errors()).isZero();
            assertThat(blue.await(SOON)).as(blue.errors()).isZero();
        }
        JsonNode reds = scc.json("show", "red").get("nodes");
        JsonNode blues = scc.json("show", "blue").get("nodes");
        JsonNode sender = reds.get(0);
        JsonNode stranger = blues.get(1);

        assertThat(pings(sender, reds.get(1))).isTrue();
        assertThat(connects(sender, reds.get(1))).isTrue();
        assertThat(pings(sender, stranger)).isFalse();
        // A tenant is root on its node: a route that leads to the other cluster must not help.
        String underlay = scc.onNodeOk(name(stranger), "ip -4 -o addr show eth0 | awk '{print $4}' | cut -d/ -f1")
                .strip();
        String route = "/32 via " + underlay;
        scc.onNodeOk(name(sender), "ip route add " + vpcIp(stranger) + route);
        assertThat(pings(sender, stranger)).isFalse();
        assertThat(connects(sender, stranger)).isFalse();
        scc.onNodeOk(name(sender), "ip route del " + vpcIp(stranger) + route);

        JsonNode scaled = scc.json("scale", "red", "--nodes", "3").get("nodes");
        assertThat(pings(scaled.get(2), scaled.get(0))).isTrue();
        assertThat(pings(scaled.get(1), scaled.get(2))).isTrue();
        assertThat(scc.json("list")).hasSize(2);
        scc.ok("delete", "red");
        scc.ok("delete", "blue");

        assertThat(before.differencesTo(Footprint.ofNetworks(scc, testbed.nodes())))
                .isEmpty();
        assertThat(testbed.allFree()).isTrue();
        assertThat(scc.ok("events")).contains("scale red").contains("delete blue");
    }

    /** A firewall on one node, and a switch port with a smaller MTU at another. */
    @Test
    void whatKeepsPacketsFromAVpcIsNamedBeforeReady() throws Exception {
        Footprint before = Footprint.ofNetworks(scc, testbed.nodes());
        scc.onNodeOk(
                "n2",
                "nft 'add table inet wall; add chain inet wall in { type filter hook input priority 0; }"
                        + " ; add rule inet wall in udp dport 4789 drop'");
        port("u4", 1400);

        CommandResult created = create("demo", 5);

        scc.onNodeOk("n2", "nft delete table inet wall");
        port("u4", 1500);
        assertThat(created.status()).as(created.errors()).isEqualTo(1);
        assertThat(created.errors())
                .contains("paths in the VPC failed")
                .contains("node n2: fails with", "those the other way arrive")
                .contains("node n4: fails with", "packets of up to 1354 bytes pass, and the VPC's MTU is 1450")
                .contains("let UDP port 4789 (VXLAN) through at node n2 (")
                .contains("everything was undone on all 5 nodes")
                .doesNotContain("node n1: fails", "node n3: fails", "node n5: fails");
        assertThat(before.differencesTo(Footprint.ofNetworks(scc, testbed.nodes())))
                .isEmpty();
        assertThat(create("demo", 5).status()).isZero();
        assertThat(scc.json("show", "demo")
                        .get("verification")
                        .get("vpc")
                        .get("passed")
                        .asInt())
                .isEqualTo(5);
        assertThat(scc.ok("show", "demo")).contains("vpc paths     5 of 5 passed, 1450 bytes");
        scc.ok("delete", "demo");
        assertThat(scc.ok("events")).contains("node n2: fails with");
    }

    /** The end of a node's wire that its agent does not see. */
    private void port(String port, int mtu) throws CommandFailed {
        new LocalCommands()
                .check(Command.of("ip", "-n", testbed.name(), "link", "set", port, "mtu", Integer.toString(mtu)));
    }

    @Test
    void clustersAndAPlainHostShareAVpc() throws Exception {
        Footprint before = Footprint.ofNetworks(scc, testbed.nodes());
        scc.ok("vpc", "create", "lab", "--cidr", "172.20.0.0/24");
        for (String name : List.of("red", "blue")) {
            scc.ok("create", name, "--nodes", name.equals("red") ? "2" : "1", "--vpc", "lab", "--verify", "off");
        }
        List<JsonNode> reds = scc.json("show", "red").get("nodes").valueStream().toList();
        JsonNode blue = scc.json("show", "blue").get("nodes").get(0);
        JsonNode host = scc.json("eni", "attach", "n5", "--vpc", "lab", "--ip", "172.20.0.99");

        assertThat(pings(reds.get(0), reds.get(1))).isTrue();
        assertThat(pings(reds.get(0), blue)).isFalse();
        for (JsonNode member : List.of(reds.get(0), reds.get(1), blue)) {
            assertThat(scc.onNode("n5", "ping -c 2 -i 0.2 -W 2 -M do -s 1422 " + vpcIp(member))
                            .ok())
                    .as("the host reaches %s, at full MTU", member)
                    .isTrue();
            assertThat(scc.onNode(name(member), "ping -c 2 -i 0.2 -W 2 172.20.0.99")
                            .ok())
                    .isTrue();
        }
        assertThat(scc.run("vpc", "delete", "lab").errors())
                .contains("in use by ENI eni-", "cluster blue", "cluster red");
        assertThat(scc.run("eni", "attach", "n1", "--vpc", "lab").errors())
                .contains("as cluster red, and may have one there; --netns, --pid or --tap");
        besideAMember(reds, blue);
        // What somebody else takes away comes back.
        scc.onNodeOk("n5", "ip link del eni1");
        await().atMost(SOON)
                .until(() -> scc.onNode("n5", "ping -c 1 -W 1 " + vpcIp(blue)).ok());

        rulesOfGroupsHold(host.get("eni").asString(), reds.get(0), blue);
        moves(host, blue);
        scc.ok("eni", "detach", host.get("eni").asString());
        assertThat(scc.onNode("n1", "ping -c 1 -W 1 172.20.0.99").ok()).isFalse();
        scc.ok("delete", "red");
        scc.ok("delete", "blue");
        await().atMost(SOON).until(() -> scc.run("vpc", "delete", "lab").status() == 0);
        assertThat(scc.json("vpc", "list")).isEmpty();
        assertThat(before.differencesTo(Footprint.ofNetworks(scc, testbed.nodes())))
                .isEmpty();
    }

    /** In another network namespace of n1, a member of red. It stays when red goes, and when red comes again. */
    private void besideAMember(List<JsonNode> reds, JsonNode blue) throws Exception {
        String holder = scc.onNodeOk("n1", "unshare -n sleep 600 </dev/null >/dev/null 2>&1 & echo $!")
                .strip();
        try {
            String inside = "nsenter -t " + holder + " -n ";
            JsonNode eni = scc.json("eni", "attach", "n1", "--vpc", "lab", "--ip", "172.20.0.98", "--pid", holder);
            String device = scc.onNodeOk("n1", "ip -o link show vpc5000 | cut -d: -f1");
            for (JsonNode member : List.of(reds.get(0), reds.get(1), blue)) {
                assertThat(scc.onNode("n1", inside + "ping -c 2 -i 0.2 -W 2 -M do -s 1422 " + vpcIp(member))
                                .ok())
                        .as("it reaches %s", member)
                        .isTrue();
                assertThat(scc.onNode(name(member), "ping -c 2 -i 0.2 -W 2 172.20.0.98")
                                .ok())
                        .isTrue();
            }
            assertThat(pings(blue, reds.get(0))).isFalse();
            scc.onNodeOk("n1", "nft delete table netdev scc_netdev_eni1; ip link del eni0");
            await().atMost(SOON)
                    .until(() -> scc.onNode("n1", inside + "ping -c 1 -W 1 " + vpcIp(reds.get(0)))
                            .ok());

            scc.ok("delete", "red");
            await().atMost(SOON).until(() -> !scc.onNodeOk("n1", "ip -br link").contains("eni0"));
            assertThat(scc.onNode("n1", inside + "ping -c 2 -i 0.2 -W 2 172.20.0.99")
                            .ok())
                    .isTrue();
            assertThat(scc.onNodeOk("n1", "ip -o link show vpc5000 | cut -d: -f1"))
                    .isEqualTo(device);
            scc.ok("create", "red", "--nodes", "2", "--vpc", "lab", "--verify", "off");
            assertThat(scc.json("show", "red").get("nodes").get(0).get("vpcIp"))
                    .isEqualTo(reds.get(0).get("vpcIp"));
            scc.ok("eni", "detach", eni.get("eni").asString());
        } finally {
            scc.onNode("n1", "kill " + holder);
        }
    }

    /** What is said from the rules is what packets do. */
    private void rulesOfGroupsHold(String eni, JsonNode friend, JsonNode other) throws Exception {
        scc.ok("sg", "create", "door", "--vpc", "lab");
        scc.ok("sg", "rule", "add", "door", "in", "icmp", vpcIp(friend) + "/32");
        scc.ok("sg", "apply", "door", eni);
        for (JsonNode member : List.of(friend, other)) {
            JsonNode said = scc.json("vpc", "explain", name(member), eni, "icmp");
            boolean allowed = said.get("allowed").asBoolean();

            assertThat(allowed).as(said.toString()).isEqualTo(name(member).equals(name(friend)));
            await().atMost(SOON)
                    .until(() -> scc.onNode(name(member), "ping -c 1 -W 1 172.20.0.99")
                                    .ok()
                            == allowed);
        }
        assertThat(scc.run("sg", "delete", "door").errors()).contains("in use by ENI " + eni);
        scc.ok("sg", "apply", "door", eni, "--remove");
        scc.ok("sg", "delete", "door");
    }

    /** With its address and Ethernet address, and nothing stays behind. */
    private void moves(JsonNode eni, JsonNode friend) throws Exception {
        String id = eni.get("eni").asString();

        assertThat(scc.run("eni", "move", id, name(friend)).errors()).contains("as cluster blue");
        assertThat(scc.ok("eni", "move", id, "n4", "--dry-run")).contains("/scc/plugs/n4", "/scc/plugs/n5");
        JsonNode moved = scc.json("eni", "move", id, "n4");

        assertThat(moved.get("node").asString()).isEqualTo("n4");
        assertThat(moved.get("mac")).isEqualTo(eni.get("mac"));
        assertThat(moved.get("addresses")).isEqualTo(eni.get("addresses"));
        assertThat(scc.onNodeOk("n5", "ip -br addr")).doesNotContain("172.20.0.99");
        await().atMost(SOON)
                .until(() ->
                        scc.onNode(name(friend), "ping -c 1 -W 1 172.20.0.99").ok());
    }

    private static String vpcIp(JsonNode node) {
        return node.get("vpcIp").asString();
    }

    private boolean pings(JsonNode from, JsonNode to) {
        return scc.onNode(name(from), "ping -c 2 -i 0.2 -W 2 " + vpcIp(to)).ok();
    }

    private boolean connects(JsonNode from, JsonNode to) {
        String pid = scc.onNodeOk(name(to), "busybox nc -l -p 7711 </dev/null >/dev/null 2>&1 & echo $!")
                .strip();
        boolean connected = scc.onNode(name(from), "busybox nc -w 3 " + vpcIp(to) + " 7711 </dev/null >/dev/null")
                .ok();
        scc.onNode(name(to), "kill " + pid);
        return connected;
    }

    @Test
    void jobsRunOnTheNodesAndTalkOverTheVpc(@TempDir Path directory) throws Exception {
        assertThat(create("demo", 2).status()).isZero();

        String names = scc.ok("run", "demo", "-n", "4", "--mpi", "none", "--", "uname", "-n");
        assertThat(names.lines()).containsExactlyInAnyOrder("n1", "n1", "n2", "n2");
        assertThat(scc.run("run", "demo", "--mpi", "none", "--", "sh", "-c", "exit 7")
                        .status())
                .isEqualTo(7);
        assertThat(scc.run("run", "demo", "--mpi", "none", "--", "/no/such/program")
                        .status())
                .isEqualTo(127);
        for (String[] ring :
                List.of(new String[] {"mpich", programs.mpich()}, new String[] {"openmpi", programs.openMpi()})) {
            long before = received();
            String said = scc.ok("run", "demo", "-n", "4", "--mpi", ring[0], "--allow-tcp", "--", ring[1]);
            assertThat(said).contains("ring of 4 ranks, 0 bytes differ");
            assertThat(received() - before)
                    .as("bytes over the VPC by " + ring[0])
                    .isGreaterThan(RING_BYTES);
        }

        outputAndEndAreAsWanted(directory);
        terminalIsLentAndGivenBack(directory);
        filesComeAlongAndBack(directory);
        assertThat(testbed.jobTraces())
                .as("cgroups and directories of jobs that have ended")
                .isEmpty();
        scc.ok("delete", "demo");
    }

    /** Class of hole: a second door that nobody has thought of (CWE-306). */
    @Test
    void noPortOfAnyProcessAnswersWhoeverShowsNothingThatCounts() throws Exception {
        assertThat(create("demo", 2).status()).isZero();
        scc.ok("run", "demo", "--mpi", "none", "--", "true");
        Path data = scc.home().resolve("state/scc/testbed-" + scc.environment().get("SCC_TESTBED"));
        Path authority = data.resolve("server/authority");
        Path scratch = Files.createDirectories(scc.home().resolve("strangers"));
        List<Stranger> strangers = Stranger.of(authority, scratch);
        scc.ok("node", "revoke", "n99");

        List<ListeningPort> ports = ListeningPort.of(testbed);

        assertThat(ports).extracting(ListeningPort::daemon).contains("server", "agents", "keeper");
        assertThat(ports)
                .extracting(ListeningPort::namespace)
                .hasSizeGreaterThan(testbed.nodes().size());
        // Most of it is waiting for somebody who says nothing.
        try (ExecutorService threads = Executors.newFixedThreadPool(STRANGERS_AT_ONCE)) {
            List<Future<?>> tries = new ArrayList<>();
            for (ListeningPort port : ports) {
                for (Stranger stranger : strangers) {
                    tries.add(threads.submit(() -> await().atMost(SOON)
                            .untilAsserted(
                                    () -> assertThat(stranger.tries(port)).isEmpty())));
                }
            }
            for (Future<?> one : tries) {
                one.get();
            }
        }
        for (String daemon : List.of("server", "agents")) {
            assertThat(ports.stream().filter(port -> port.daemon().equals(daemon)))
                    .anySatisfy(port ->
                            assertThat(Stranger.server(authority).tries(port)).isNotEmpty());
        }
        JsonNode told = scc.json("audit", "log", "verify", "--all");
        assertThat(told.get("servers").valueStream())
                .as("the logs of server, agents and their keeper: " + told)
                .hasSize(testbed.nodes().size() + 2)
                .allSatisfy(log -> {
                    assertThat(log.get("refused").asLong()).isGreaterThan(strangers.size());
                    assertThat(log.get("broken")).isEmpty();
                });
        assertThat(scc.json("events", "--audit", "--node", testbed.nodes().getFirst())
                        .valueStream())
                .anySatisfy(row -> assertThat(row.get("ending").asString()).isEqualTo("NOT_ENTITLED"));
        scc.ok("delete", "demo");
    }

    private void outputAndEndAreAsWanted(Path directory) throws Exception {
        assertThat(scc.ok("run", "demo", "--label", "--mpi", "none", "--", "uname", "-n")
                        .lines())
                .containsExactlyInAnyOrder("[0 n1] n1", "[1 n2] n2");
        CommandResult limited = scc.run(
                "run",
                "demo",
                "--output-dir",
                directory.toString(),
                "--time-limit",
                "1s",
                "--mpi",
                "none",
                "--",
                "sh",
                "-c",
                "echo $SCC_RANK; sleep 60");
        assertThat(limited.status()).isEqualTo(124);
        assertThat(limited.errors()).contains("its time limit of 1s was over");
        assertThat(directory.resolve("rank-1.out")).hasContent("1\n");
        String machine = Files.readString(Path.of("/etc/hosts"));
        assertThat(scc.ok("run", "demo", "-n", "1", "--mpi", "none", "--", "getent", "hosts", "n2.demo"))
                .contains("n2.demo");
        assertThat(scc.ok("run", "demo", "-n", "1", "--mpi", "none", "--", "cat", "/etc/hosts"))
                .contains(machine.lines().toList())
                .contains("n2.demo");
        assertThat(machine).doesNotContain("n2.demo");
        assertThat(scc.ok("cluster", "export", "demo", "--hostfile").lines()).hasSize(2);
        String untilSignal = "trap 'exit 9' USR1; echo ready; while :; do sleep 0.1; done";
        try (Running job =
                scc.start("signalled", "run", "demo", "-n", "1", "--mpi", "none", "--", "sh", "-c", untilSignal)) {
            await().atMost(SOON).until(() -> job.output().contains("ready"));

            job.signal("USR1");

            assertThat(job.await(SOON)).as(job.errors()).isEqualTo(9);
        }
    }

    /** The caller's terminal is the rank's, raw, and afterwards what it was. */
    private void terminalIsLentAndGivenBack(Path directory) throws Exception {
        // The job runs as somebody who may not enter what is root's alone.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String scc = Scc.root().resolve("tools/scc").toString();
        String rank = "stty size; uname -n; read -r line; echo rank has $line; exit 5";
        CommandResult lent = OuterTerminal.run(
                directory,
                this.scc.environment(),
                "stty -g > before; " + scc + " run demo --tty -- sh -c '" + rank + "'; echo status $?; stty -g > after;"
                        + " cmp before after && echo given back",
                "typed\n");
        CommandResult shell = OuterTerminal.run(
                directory, this.scc.environment(), "exec " + scc + " shell demo n2", "uname -n; tty; exit 6\n");

        assertThat(lent.output()).contains("30 100", "n1", "rank has typed", "status 5", "given back");
        assertThat(shell.output()).contains("n2", "/dev/pts/");
        assertThat(shell.status()).as(shell.output()).isEqualTo(6);
        for (String[] words :
                List.of(new String[] {"shell", "demo"}, new String[] {"run", "demo", "--tty", "--", "true"})) {
            CommandResult refused = this.scc.run(words);
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.errors()).contains("standard input is no terminal");
        }
    }

    /** What a job brings along is there, what it leaves comes back, and a plan is told without a start. */
    private void filesComeAlongAndBack(Path directory) throws Exception {
        Path stage = Files.createDirectory(directory.resolve("stage"));
        Files.writeString(stage.resolve("data"), "brought along\n");
        Path back = directory.resolve("back");
        String script = "cat data; mkdir out; uname -n > out/name; ln -s /etc/passwd out/link";

        String said = scc.ok(
                "run",
                "demo",
                "--mpi",
                "none",
                "--stage",
                stage.toString(),
                "--collect",
                "out/*",
                "--collect-dir",
                back.toString(),
                "--",
                "sh",
                "-c",
                script);

        assertThat(said).isEqualTo("brought along\nbrought along\n");
        assertThat(back.resolve("n1/out/name")).hasContent("n1\n");
        assertThat(back.resolve("n2/out/name")).hasContent("n2\n");
        assertThat(back.resolve("n1/out/link")).doesNotExist();
        Files.createSymbolicLink(stage.resolve("out"), Path.of("/etc"));
        CommandResult refused = scc.run("run", "demo", "--stage", stage.toString(), "--", "true");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.errors()).contains("leads to /etc, out of the folder");
        String plan = scc.ok("run", "demo", "-n", "2", "--mpi", "none", "--map-by", "core", "--dry-run", "--", "false");
        assertThat(plan)
                .contains("CPUS", "WHY", "n1", "n2", "each rank on a core of its own", "next core without a rank");
        CommandResult crowded = scc.run("run", "demo", "-n", "400", "--mpi", "none", "--map-by", "core", "--", "false");
        assertThat(crowded.status()).isEqualTo(4);
        assertThat(crowded.errors()).contains("cores", "--oversubscribe");
    }

    private long received() {
        return Long.parseLong(scc.onNodeOk("n2", "cat /sys/class/net/eni0/statistics/rx_bytes")
                .strip());
    }

    @Test
    void aJobEndsWithItsClientAndLeavesNoProcess() throws Exception {
        assertThat(create("demo", 2).status()).isZero();
        try (Running job = scc.start("endless", "run", "demo", "--mpi", "none", "--", "sleep", "98765")) {
            await().atMost(SOON).until(() -> sleepers() == 2);

            job.interrupt();

            assertThat(job.await(SOON)).isEqualTo(130);
        }
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(sleepers()).isZero();
            assertThat(testbed.jobTraces()).isEmpty();
        });
        scc.ok("delete", "demo");
    }

    private static long sleepers() {
        return ProcessHandle.allProcesses()
                .filter(process -> ServerProcess.argv(process.pid()).equals(List.of("sleep", "98765")))
                .count();
    }
}
