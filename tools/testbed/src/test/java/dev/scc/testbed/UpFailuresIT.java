package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.NodeName;
import dev.scc.host.ProcessId;
import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said, and what is left, when a testbed does not come up. */
class UpFailuresIT {
    private final Scratch scratch = new Scratch();
    private final Testbed testbed = scratch.testbed();

    @BeforeEach
    void capabilities() {
        Capabilities.require();
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        testbed.down();
    }

    @Test
    void aGuestThatDiesAtBootIsNamedWithItsConsole() throws Exception {
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<UpOutcome> up = thread.submit(() -> testbed.up(TestbedSpec.bare(2), scratch::note));
            ProcessId n2 = Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> guest(new NodeName("n2")), UpFailuresIT::boots);
            n2.kill();

            UpOutcome outcome = up.get(1, TimeUnit.MINUTES);

            Problem problem = problem(outcome);
            assertThat(problem.what()).isEqualTo("the guest died while it booted");
            assertThat(problem.node()).contains(new NodeName("n2"));
            assertThat(problem.why()).contains(GuestFiles.CONSOLE).contains(GuestFiles.QEMU);
            assertThat(problem.done()).isEqualTo("Everything was taken down again");
        }
        scratch.assertNothingLeft();
    }

    /** Before that it is the shell that makes what the guest sees. */
    private static boolean boots(ProcessId guest) {
        try {
            return guest.pid() != 0
                    && Files.readString(Path.of("/proc/" + guest.pid() + "/comm"))
                            .startsWith("qemu-system");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aServerThatEndsAtOnceIsReportedWithItsLastWords() {
        TestbedSpec spec = new TestbedSpec(
                1,
                new NodeKind.Vm(256, node -> List.of(), _ -> Map.of(), HostFiles.NONE),
                List.of(List.of("sh", "-c", "echo the port is taken >&2; exit 1")));

        Problem problem = problem(testbed.up(spec, scratch::note));

        assertThat(problem.what()).contains("the server ended");
        assertThat(problem.why()).contains("the port is taken");
        scratch.assertNothingLeft();
    }

    @Test
    void tooLittleMemoryIsFoundBeforeAnythingIsMade() {
        TestbedSpec spec = new TestbedSpec(
                16, new NodeKind.Vm(1 << 20, node -> List.of(), _ -> Map.of(), HostFiles.NONE), List.of());

        Problem problem = problem(testbed.up(spec, scratch::note));

        assertThat(problem.what()).isEqualTo("this machine cannot hold the testbed");
        assertThat(problem.why()).contains("16 guests of 1048576 MiB need 16778240 MiB of memory");
        scratch.assertNothingLeft();
    }

    @Test
    void aMissingTunDeviceAndBusyboxAreReportedTogether() {
        Testbed without = new Testbed(
                scratch.name(),
                scratch.data(),
                new KernelCache(Scratch.cache().resolve("kernel"), new LocalCommands()),
                new HostCheck(Path.of("/dev/net/no-tun"), Path.of("/bin/no-busybox"), Path.of("/proc/self")));

        Problem problem = problem(without.up(TestbedSpec.bare(1), scratch::note));

        assertThat(problem.why()).contains("/dev/net/no-tun is missing").contains("/bin/no-busybox is missing");
        scratch.assertNothingLeft();
    }

    @Test
    void aKernelThatCannotBeFetchedIsReportedAndLeavesNoHalfCache() throws Exception {
        Path cache = scratch.sibling("cache");
        Path apt = scratch.sibling("apt");
        Files.createDirectories(apt.resolve("lists/partial"));
        Path config = Files.writeString(apt.resolve("apt.conf"), """
                Dir::State::lists "%1$s/lists";
                Dir::Etc::sourcelist "/dev/null";
                Dir::Etc::sourceparts "%1$s/none";
                Dir::State::status "/dev/null";
                Dir::Cache "%1$s/cache";
                """.formatted(apt));
        Commands local = new LocalCommands();
        Commands withoutMirror = command -> local.run(command.withEnvironment(Map.of("APT_CONFIG", config.toString())));
        Testbed without = new Testbed(
                scratch.name(), scratch.data(), new KernelCache(cache, withoutMirror), HostCheck.ofThisMachine());

        Problem problem = problem(without.up(TestbedSpec.bare(1), scratch::note));

        assertThat(problem.what()).contains("kernel");
        assertThat(problem.why()).contains("linux-image-amd64");
        assertThat(problem.next()).contains("apt-get");
        assertThat(cache.toFile().list()).containsExactly(".lock");
        scratch.assertNothingLeft();
    }

    @Test
    void aDirectoryWithSomeoneElsesFilesIsNotUsed() throws Exception {
        Files.createDirectories(scratch.data());
        Path thesis = Files.writeString(scratch.data().resolve("thesis.tex"), "years of work");

        Problem problem = problem(testbed.up(TestbedSpec.bare(1), scratch::note));

        assertThat(problem.why()).contains("it holds files that are not a testbed's");
        assertThat(testbed.down().clean()).isTrue();
        assertThat(thesis).hasContent("years of work");
    }

    @Test
    void guestsThatDoNotBootWithVirtualizationAreEmulated() throws Exception {
        var deadlines = new GuestsUp.Deadlines(Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofSeconds(15));
        NodeKind.Vm kind =
                new NodeKind.Vm(NodeKind.Vm.DEFAULT_MEMORY_MIB, node -> List.of(), _ -> Map.of(), HostFiles.NONE);
        TestbedSpec spec = new TestbedSpec(1, kind, List.of());

        UpOutcome outcome = testbed.up(
                spec, testbed.guests(spec, kind, List.of(Accelerator.KVM, Accelerator.TCG), deadlines), scratch::note);

        assertThat(outcome).isInstanceOf(UpOutcome.Up.class);
        assertThat(testbed.status()).isInstanceOf(TestbedStatus.Present.class);
        assertThat(testbed.down().clean()).isTrue();
        scratch.assertNothingLeft();
    }

    @Test
    void anInterruptTakesDownWhatWasMade() throws Exception {
        CompletableFuture<UpOutcome> up = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> up.complete(testbed.up(TestbedSpec.bare(1), scratch::note)));
        awaitGuest();

        thread.interrupt();

        assertThat(problem(up.get(1, TimeUnit.MINUTES)).why()).contains("interrupted");
        scratch.assertNothingLeft();
    }

    @Test
    void sigtermInTheMiddleLeavesNothing() throws Exception {
        Process up = otherProcess();
        awaitGuest();

        up.destroy();

        assertThat(up.waitFor(1, TimeUnit.MINUTES)).isTrue();
        scratch.assertNothingLeft();
    }

    @Test
    void whatSigkillLeavesIsRemovedByTheNextUpAndByDown() throws Exception {
        kill(otherProcess());
        assertThat(testbed.status()).isInstanceOf(TestbedStatus.Leftover.class);

        List<Progress> said = new ArrayList<>();
        UpOutcome next = testbed.up(TestbedSpec.bare(1), said::add);

        assertThat(next).as("%s", next).isInstanceOf(UpOutcome.Up.class);
        assertThat(said)
                .anySatisfy(progress -> assertThat(progress)
                        .isInstanceOfSatisfying(
                                Progress.Note.class,
                                note -> assertThat(note.text()).contains("had left: process")));
        assertThat(testbed.down().clean()).isTrue();
        scratch.assertNothingLeft();

        kill(otherProcess());
        assertThat(testbed.down().left()).isEmpty();
        scratch.assertNothingLeft();
    }

    private void kill(Process up) throws InterruptedException {
        awaitGuest();
        up.destroyForcibly();
        assertThat(up.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private Process otherProcess() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dscc.native=" + System.getProperty("scc.native"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        UpInOtherProcess.class.getName(),
                        scratch.name().value(),
                        scratch.data().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(Files.createDirectories(scratch.sibling("up"))
                        .resolve("output.log")
                        .toFile()))
                .start();
    }

    private void awaitGuest() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> guest(new NodeName("n1")).pid() != 0);
    }

    private ProcessId guest(NodeName node) throws IOException {
        return new StateFile(scratch.data())
                .read()
                .filter(state -> state.made() instanceof Made.Guests)
                .map(state -> ((Made.Guests) state.made()).guests().getOrDefault(node, new ProcessId(0, 0)))
                .orElse(new ProcessId(0, 0));
    }

    private static Problem problem(UpOutcome outcome) {
        assertThat(outcome).isInstanceOf(UpOutcome.NotUp.class);
        return ((UpOutcome.NotUp) outcome).problem();
    }
}
