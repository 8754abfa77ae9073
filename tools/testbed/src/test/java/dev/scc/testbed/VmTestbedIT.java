package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One boot of two guests, and what a user and the acceptance tests ask of it. The last test takes it down. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VmTestbedIT {
    private static final TestbedNode N1 = new TestbedNode(1);
    private static final TestbedNode N2 = new TestbedNode(2);

    private final Scratch scratch = new Scratch();
    private final Testbed testbed = scratch.testbed();

    @BeforeAll
    void boot() {
        Capabilities.require();
        TestbedSpec spec = new TestbedSpec(
                2,
                new NodeKind.Vm(
                        512,
                        node -> List.of(
                                "/bin/sh",
                                "-c",
                                "echo \"agent of $0: it's up\"; exit 7",
                                node.name().value()),
                        _ -> Map.of(),
                        new HostFiles(List.of(scratch.parent()), List.of())),
                List.of(List.of("sh", "-c", "echo serving; exec sleep 1000")));

        UpOutcome outcome = testbed.up(spec, scratch::note);

        assertThat(outcome).as("%s", outcome).isInstanceOf(UpOutcome.Up.class);
        scratch.note(outcome);
    }

    @AfterAll
    void removeWhatIsLeft() throws Exception {
        testbed.down();
    }

    @Test
    void aNodeGetsAnRxeLinkWithTheLargestMtu() throws Exception {
        Commands n1 = testbed.in(N1);

        n1.check(Command.of("rdma", "link", "add", "rxe0", "type", "rxe", "netdev", TestbedNode.RDMA_NETDEV));

        assertThat(n1.check(Command.of("rdma", "link"))).contains("rxe0/1 state ACTIVE");
        assertThat(n1.check(Command.of("ibv_devinfo", "-d", "rxe0")))
                .contains("PORT_ACTIVE")
                .containsPattern("active_mtu:\\s+4096");
    }

    @Test
    void whatTakesCommandsIsOnNoNetworkThatGuestsAreOn() throws Exception {
        Commands n1 = testbed.in(N1);
        String port = Integer.toString(TestbedNode.EXEC_PORT);
        n1.check(Command.of("ip", "route", "add", N2.control().toString(), "via", TestbedNode.HOST.toString()));

        assertThat(n1.check(Command.of("ss", "-Hltn"))).doesNotContain(":" + port);
        assertThat(n1.check(Command.of("ip", "-br", "link"))).contains("eth1").doesNotContain("eth2");
        for (Ipv4 address : List.of(N1.address(), N1.control(), N2.address(), N2.control())) {
            assertThat(n1.run(Command.of("/run/scc/busybox", "nc", "-w", "2", address.toString(), port))
                            .ok())
                    .as("%s", address)
                    .isFalse();
        }

        n1.check(Command.of("ip", "route", "del", N2.control().toString()));
    }

    @Test
    void aGuestSeesOnlyWhatItNeedsOfTheHostsFiles() throws Exception {
        Commands n1 = testbed.in(N1);
        Path shown = scratch.sibling("shown");
        Files.writeString(shown, "for guests");

        assertThat(n1.check(Command.of("cat", shown.toString()))).isEqualTo("for guests");
        assertThat(scratch.data()).isNotEmptyDirectory();
        assertThat(n1.check(Command.of("ls", "-A", scratch.data().toString()))).isEmpty();
        for (String unseen :
                List.of(Path.of("pom.xml").toAbsolutePath().toString(), "/etc/shadow", "/boot", "/var/lib/dpkg")) {
            assertThat(Path.of(unseen)).exists();
            assertThat(n1.run(Command.of("ls", "-d", unseen)).ok()).as(unseen).isFalse();
        }
        n1.check(Command.of("test", "-r", "/etc/passwd"));
    }

    @Test
    void theFabricCarriesTaggedFramesOfFullSize() throws Exception {
        for (TestbedNode node : List.of(N1, N2)) {
            Commands in = testbed.in(node);
            in.check(Command.of("ip", "link", "add", "link", "eth1", "name", "eth1.70", "type", "vlan", "id", "70"));
            in.check(Command.of("ip", "addr", "add", "10.70.0." + node.number() + "/24", "dev", "eth1.70"));
            in.check(Command.of("ip", "link", "set", "eth1.70", "up"));
        }

        String ping =
                testbed.in(N1).check(Command.of("ping", "-c", "2", "-i", "0.2", "-M", "do", "-s", "4172", "10.70.0.2"));

        assertThat(ping).contains(" 0% packet loss");
    }

    @Test
    void nodesKnowEachOtherByNameAndReachTheHostsEndOfTheUnderlay() throws Exception {
        Commands n1 = testbed.in(N1);

        assertThat(n1.check(Command.of("hostname")).strip()).isEqualTo("n1");
        assertThat(n1.check(Command.of("ping", "-c", "1", "n2"))).contains("10.99.0.12");
        assertThat(n1.check(Command.of("ping", "-c", "1", TestbedNode.HOST.toString())))
                .contains(" 0% packet loss");
    }

    @Test
    void whatAnAgentAndMpiNeedIsThere() throws Exception {
        Commands n1 = testbed.in(N1);

        assertThat(n1.check(Command.of("sh", "-c", "ulimit -l; ulimit -c"))).isEqualTo("unlimited\n0\n");
        assertThat(n1.check(Command.of("cat", "/sys/fs/cgroup/cgroup.subtree_control"))
                        .split("\\s+"))
                .contains("cpu", "memory", "pids");
        n1.check(Command.of("sh", "-c", "test -c /dev/pts/ptmx && touch /dev/shm/a /run/a /tmp/a /root/a /etc/a"));
        n1.check(Command.of("modprobe", "vrf"));
        assertThat(n1.check(Command.of("lsmod")))
                .contains("rdma_rxe", "rdma_ucm", "8021q", "vxlan", "macvlan", "wireguard", "nf_tables");
        assertThat(n1.check(Command.of("dmesg"))).doesNotContain("Call Trace");
    }

    @Test
    void theAgentsOutputAndItsExitAreOnTheHost() {
        Path log = scratch.data().resolve("n1").resolve(GuestFiles.AGENT);

        Awaitility.await()
                .untilAsserted(() -> assertThat(Files.readString(log))
                        .isEqualTo("agent of n1: it's up\nscc: the agent exited with status 7\n"));
    }

    @Test
    void theExitStatusOfACommandIsPassedOn() throws Exception {
        Commands n1 = testbed.in(N1);

        assertThat(n1.run(Command.of("sh", "-c", "echo out; echo err >&2; exit 42")))
                .isEqualTo(new CommandResult(42, "out\n", "err\n"));
        assertThat(n1.run(Command.of("sh", "-c", "kill -SEGV $$")).status()).isEqualTo(128 + 11);
        CommandResult missing = n1.run(Command.of("/no/such/program"));
        assertThat(missing.status()).isEqualTo(127);
        assertThat(missing.errors()).contains("cannot start /no/such/program");
    }

    @Test
    void inputAndEnvironmentReachTheCommandWhole() throws Exception {
        String megabytes = "0123456789abcde\n".repeat(200_000);

        String back = testbed.in(N1).check(Command.of("cat").withInput(megabytes));
        String value = testbed.in(N1)
                .check(Command.of("sh", "-c", "echo \"$GREETING\"").withEnvironment(Map.of("GREETING", "it's here")));

        assertThat(back.equals(megabytes)).isTrue();
        assertThat(value).isEqualTo("it's here\n");
    }

    @Test
    void aCommandPastItsDeadlineIsKilledInTheGuestWithItsChildren() throws Exception {
        Commands n1 = testbed.in(N1);

        CommandFailed failed = assertThrows(
                CommandFailed.class,
                () -> n1.run(Command.of("sh", "-c", "trap '' TERM; sleep 4321 & wait; sleep 4321")
                        .within(Duration.ofMillis(500))));

        assertThat(failed).hasMessageContaining("did not end within 500 ms");
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                n1.run(Command.of("pgrep", "-f", "sleep 4321")).status())
                        .isEqualTo(1));
    }

    @Test
    void aFileMadeOrChangedOnTheHostIsSeenEvenIfItWasLookedForBefore() throws Exception {
        Commands n1 = testbed.in(N1);
        Path file = scratch.sibling("program");
        Command read = Command.of("cat", file.toString());
        assertThat(n1.run(read).ok()).isFalse();

        for (String content : List.of("made", "changed", "changed again")) {
            Files.writeString(file, content);

            Awaitility.await()
                    .untilAsserted(() -> assertThat(n1.run(read).output()).isEqualTo(content));
        }
    }

    @Test
    void anExecCostsLittle() throws Exception {
        long begin = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            testbed.in(N1).check(Command.of("true"));
        }
        Duration each = Duration.ofNanos((System.nanoTime() - begin) / 10);

        scratch.note("exec: " + each.toMillis() + " ms");
        assertThat(each).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void orphansAreReaped() throws Exception {
        Commands n1 = testbed.in(N1);
        n1.check(Command.of("sh", "-c", "for i in 1 2 3; do (sleep 0.1 &) ; done"));

        Awaitility.await()
                .untilAsserted(() -> assertThat(n1.check(Command.of("ps", "-eo", "stat,comm")))
                        .doesNotContain("sleep")
                        .doesNotContain("<defunct>"));
    }

    @Test
    void aSecondUpIsRefusedAndChangesNothing() throws Exception {
        UpOutcome second = testbed.up(TestbedSpec.bare(1), scratch::note);

        assertThat(second)
                .isInstanceOfSatisfying(
                        UpOutcome.NotUp.class,
                        no -> assertThat(no.problem().why()).contains("it is up already, with 2 nodes"));
        assertThat(testbed.status())
                .isInstanceOfSatisfying(
                        TestbedStatus.Present.class,
                        present -> assertThat(present.nodes()).hasSize(2).allMatch(TestbedStatus.NodeStatus::answers));
    }

    @Test
    void anotherDataDirectoryCannotTakeTheName() throws Exception {
        Path other = scratch.sibling("other");

        UpOutcome outcome = new Testbed(scratch.name(), other, Scratch.cache()).up(TestbedSpec.bare(1), scratch::note);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        UpOutcome.NotUp.class,
                        no -> assertThat(no.problem().why())
                                .contains(scratch.name().namespace()));
        assertThat(testbed.in(N1).run(Command.of("true")).ok()).isTrue();
        assertThat(other).doesNotExist();
    }

    @Test
    void execSaysWhichNodesThereAre() throws Exception {
        assertThat(testbed.exec(new NodeName("n3"), List.of("true")))
                .isInstanceOfSatisfying(
                        ExecOutcome.NotTried.class,
                        no -> assertThat(no.problem().why()).contains("has nodes n1 to n2"));
        assertThat(testbed.exec(N2.name(), List.of("false"))).isEqualTo(new ExecOutcome.Ended(1));
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void aNodeThatIsPoweredOffIsReportedAsSuch() throws Exception {
        assertThat(testbed.powerOff(N2.name())).isTrue();
        assertThat(testbed.powerOff(N2.name())).isFalse();

        assertThat(testbed.status()).isInstanceOfSatisfying(TestbedStatus.Present.class, present -> {
            assertThat(present.servers()).isEqualTo(new TestbedStatus.Servers(1, 1));
            assertThat(present.nodes())
                    .containsExactly(
                            new TestbedStatus.NodeStatus(N1, true, true),
                            new TestbedStatus.NodeStatus(N2, false, false));
        });
        assertThat(testbed.exec(N2.name(), List.of("true"))).isEqualTo(new ExecOutcome.Ended(GuestCommands.LOST));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void downLeavesNothingAndMayBeRepeated() throws Exception {
        DownOutcome down = testbed.down();

        assertThat(down.left()).isEmpty();
        assertThat(down.removed()).isNotEmpty();
        scratch.assertNothingLeft();
        assertThat(testbed.status()).isEqualTo(new TestbedStatus.Down());
        assertThat(testbed.down()).isEqualTo(new DownOutcome(List.of(), List.of()));
    }
}
