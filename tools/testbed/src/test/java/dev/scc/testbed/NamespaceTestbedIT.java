package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.Cgroup;
import dev.scc.host.FileTree;
import dev.scc.host.NodeName;
import dev.scc.host.ProcessId;
import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Testbeds whose nodes are not machines: namespaces, or nothing at all. */
class NamespaceTestbedIT {
    private static final List<List<String>> SERVER = List.of(List.of("sh", "-c", "echo serving; exec sleep 1000"));
    private static final TestbedSpec THREE =
            new TestbedSpec(3, new NodeKind.Netns(List.of("sh", "-c", "exec sleep 1000")), SERVER);

    private final Scratch scratch = new Scratch();
    private final Testbed testbed = scratch.testbed();
    private final LocalCommands machine = new LocalCommands();

    @BeforeEach
    void capabilities() {
        Capabilities.require(THREE);
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        testbed.down();
    }

    private String namespace(int node) {
        return scratch.name().namespace(new NodeName("n" + node));
    }

    private boolean runs(String... argv) throws Exception {
        return machine.run(Command.of(argv)).ok();
    }

    @Test
    void nodesReachEachOtherAndTheServersAddressWithoutTaps() throws Exception {
        HostCheck withoutTun =
                new HostCheck(Path.of("/dev/net/no-tun"), Path.of("/bin/no-busybox"), Path.of("/proc/self"));
        Testbed same = new Testbed(
                scratch.name(), scratch.data(), new KernelCache(scratch.sibling("cache"), machine), withoutTun);

        UpOutcome outcome = same.up(THREE, scratch::note);

        assertThat(outcome).as("%s", outcome).isInstanceOf(UpOutcome.Up.class);
        assertThat(runs("ip", "netns", "exec", namespace(1), "ping", "-c", "1", "-W", "2", "10.99.0.13"))
                .isTrue();
        assertThat(runs("ip", "netns", "exec", namespace(3), "ping", "-c", "1", "-W", "2", "10.99.0.1"))
                .isTrue();
        String fabric = machine.check(Command.of("ip", "-n", namespace(2), "-o", "link", "show", "eth1"));
        assertThat(fabric).contains("mtu " + TestbedNode.RDMA_MTU).contains("state UP");
        assertThat(testbed.status()).isInstanceOfSatisfying(TestbedStatus.Present.class, present -> {
            assertThat(present.kind()).isEqualTo("netns");
            assertThat(present.nodes()).hasSize(3).allMatch(TestbedStatus.NodeStatus::answers);
        });
        assertThat(testbed.ended()).isEmpty();
        DownOutcome down = testbed.down();
        assertThat(down.left()).isEmpty();
        assertThat(down.removed()).anyMatch(line -> line.contains("and those of 3 nodes"));
        scratch.assertNothingLeft();
    }

    @Test
    void aSecondUpOfAnotherKindIsRefusedAndChangesNothing() throws Exception {
        testbed.up(THREE, scratch::note);

        UpOutcome second = testbed.up(new TestbedSpec(10, new NodeKind.Sim(List.of()), List.of()), scratch::note);

        assertThat(problem(second).why()).contains("it is up already, with 3 nodes");
        assertThat(runs("ip", "-n", namespace(3), "link", "show", "eth0")).isTrue();
    }

    @Test
    void agentsThatEndedAndANodeThatIsGoneAreReported() throws Exception {
        testbed.up(THREE, scratch::note);
        TestbedState state = new StateFile(scratch.data()).read().orElseThrow();

        ProcessId agents = state.made().processes().iterator().next();
        agents.kill();
        agents.awaitEnd(Duration.ofSeconds(10));
        machine.check(Command.of("ip", "netns", "delete", namespace(2)));

        assertThat(testbed.ended()).containsExactly("the process of the agents");
        assertThat(testbed.status())
                .isInstanceOfSatisfying(
                        TestbedStatus.Present.class,
                        present -> assertThat(present.nodes())
                                .extracting(TestbedStatus.NodeStatus::running, TestbedStatus.NodeStatus::answers)
                                .containsExactly(
                                        Tuple.tuple(true, false), Tuple.tuple(false, false), Tuple.tuple(true, false)));
    }

    @Test
    void agentsThatEndAtOnceAreReportedWithTheirLastWords() {
        TestbedSpec spec =
                new TestbedSpec(1, new NodeKind.Netns(List.of("sh", "-c", "echo no session >&2; exit 1")), SERVER);

        UpOutcome outcome = testbed.up(spec, scratch::note);

        // Whether it has ended when it is looked for is a race; that it will be found out is not.
        if (outcome instanceof UpOutcome.NotUp(Problem problem)) {
            assertThat(problem.what()).contains("the process of the agents ended");
            scratch.assertNothingLeft();
        } else {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(testbed.ended()).containsExactly("the process of the agents"));
        }
    }

    @Test
    void whoIsNotRootIsToldSoBeforeAnythingIsMade() throws Exception {
        Path file = Files.createTempFile("belongs-to", "nobody");
        Files.setAttribute(file, "unix:uid", 65534);
        HostCheck nobody = new HostCheck(Path.of("/dev/net/tun"), Path.of("/bin/busybox"), file);
        Testbed theirs =
                new Testbed(scratch.name(), scratch.data(), new KernelCache(scratch.sibling("cache"), machine), nobody);

        Problem problem = problem(theirs.up(THREE, scratch::note));
        Files.delete(file);

        assertThat(problem.why()).contains("which only root may");
        assertThat(problem.done()).isEqualTo("Everything was taken down again");
        scratch.assertNothingLeft();
    }

    @Test
    void whatJobsAndPeopleLeftOnNodesGoesWithThem() throws Exception {
        testbed.up(THREE, scratch::note);
        Path cgroup = Scratch.cgroups().resolve(namespace(2));
        Cgroup.create(cgroup.resolve("job"));
        Process inCgroup = new ProcessBuilder(
                        "sh", "-c", "echo 0 > " + cgroup.resolve("job/cgroup.procs") + "; exec sleep 2000")
                .start();
        Process onNode = new ProcessBuilder("ip", "netns", "exec", namespace(3), "sleep", "2000").start();
        Files.createDirectories(Path.of("/run", namespace(2), "jobs"));
        Awaitility.await().until(() -> !Cgroup.at(cgroup).processes().isEmpty());

        DownOutcome down = testbed.down();

        assertThat(down.left()).isEmpty();
        assertThat(inCgroup.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(onNode.waitFor(10, TimeUnit.SECONDS)).isTrue();
        scratch.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"network", "start"})
    void whatAKilledUpLeavesIsRemovedByTheNextUpAndByDown(String phase) throws Exception {
        killedUp(phase);
        assertThat(testbed.status()).isInstanceOf(TestbedStatus.Leftover.class);
        assertThat(runs("ip", "-n", namespace(3), "link", "show", "eth0")).isTrue();

        List<Progress> said = new ArrayList<>();
        UpOutcome next = testbed.up(new TestbedSpec(1, THREE.kind(), SERVER), said::add);

        assertThat(next).as("%s", next).isInstanceOf(UpOutcome.Up.class);
        assertThat(said)
                .anySatisfy(progress -> assertThat(progress)
                        .isInstanceOfSatisfying(
                                Progress.Note.class,
                                note -> assertThat(note.text()).contains("and those of 3 nodes")));
        assertThat(runs("ip", "-n", namespace(3), "link", "show", "eth0")).isFalse();
        assertThat(testbed.down().clean()).isTrue();
        scratch.assertNothingLeft();

        killedUp(phase);
        Files.delete(scratch.data().resolve(StateFile.NAME));
        assertThat(testbed.down().left()).isEmpty();
        assertThat(runs("ip", "-n", namespace(1), "link", "show", "eth0")).isFalse();
        FileTree.remove(scratch.data());
        scratch.assertNothingLeft();
    }

    @Test
    void anUpThatBeginsWhenTheProcessIsEndingBeginsNothing() throws Exception {
        Process up = otherProcess("exit").start();

        String said = new String(up.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(up.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said).contains("NotUp").contains("it was interrupted").contains("Nothing was changed");
        scratch.assertNothingLeft();
    }

    private void killedUp(String phase) throws IOException, InterruptedException {
        Process up = otherProcess(phase)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(up.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(up.exitValue()).isEqualTo(137);
    }

    private ProcessBuilder otherProcess(String phase) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UpInOtherProcess.class.getName(),
                        scratch.name().value(),
                        scratch.data().toString(),
                        phase)
                .redirectErrorStream(true);
    }

    @Test
    void nodesInMemoryRunNoCommandsButTheirAddressesLeadSomewhere() throws Exception {
        UpOutcome outcome =
                testbed.up(new TestbedSpec(300, new NodeKind.Sim(List.of("sleep", "1000")), SERVER), scratch::note);

        assertThat(outcome).as("%s", outcome).isInstanceOf(UpOutcome.Up.class);
        assertThat(testbed.exec(new NodeName("n7"), List.of("true")))
                .isInstanceOfSatisfying(
                        ExecOutcome.NotTried.class,
                        no -> assertThat(no.problem().why()).contains("it runs no commands"));
        List<String> ping = new ArrayList<>(testbed.enter());
        ping.addAll(List.of(
                "ping", "-c", "1", "-W", "2", new TestbedNode(300).address().toString()));
        assertThat(machine.run(Command.of(ping)).ok()).isTrue();
        assertThat(testbed.down().left()).isEmpty();
        scratch.assertNothingLeft();
    }

    private static Problem problem(UpOutcome outcome) {
        assertThat(outcome).isInstanceOf(UpOutcome.NotUp.class);
        return ((UpOutcome.NotUp) outcome).problem();
    }
}
