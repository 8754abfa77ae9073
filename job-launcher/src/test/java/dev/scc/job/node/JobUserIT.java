package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.Cgroup;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import dev.scc.job.JobId;
import dev.scc.job.ProcessEnd;
import dev.scc.job.Room;
import dev.scc.job.RunAs;
import dev.scc.job.TestCluster;
import dev.scc.job.TestPrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the processes of a job are on a node, and what they can do there. Needs root, as an agent does. */
@Timeout(240)
class JobUserIT {
    private static final NodeName SELF = new NodeName("n1");
    private static final JobId JOB = new JobId("demo-1");
    private static final RunAs UNMAPPED = new RunAs.Unmapped();

    private final Roster roster = TestCluster.rosterOf(List.of(TestCluster.member(1, "a:7070", "")));
    private final NodeSettings settings;

    JobUserIT() throws IOException {
        settings =
                TestCluster.settings("jobuser-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(settings.cgroups()).doesNotExist();
        assertThat(settings.directory()).doesNotExist();
    }

    /** What a job said and how its only process ended. */
    private record Said(String output, String errors, ProcessEnd end) {}

    private Said run(RunAs as, Map<String, String> environment, String directory, List<String> argv)
            throws RpcFailed, InterruptedException {
        return run(settings, as, environment, directory, argv);
    }

    private Said run(
            NodeSettings settings, RunAs as, Map<String, String> environment, String directory, List<String> argv)
            throws RpcFailed, InterruptedException {
        return run(settings, opening(as, directory, Optional.empty()), environment, argv);
    }

    private static NodeOrder.Open opening(RunAs as, String directory, Optional<String> checkpoints) {
        return new NodeOrder.Open(
                JOB,
                new ClusterName("demo"),
                SELF,
                SELF,
                "",
                Ipv4.parse("10.70.0.1"),
                "eth1.70",
                directory,
                1,
                as,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                checkpoints,
                Optional.empty());
    }

    private Said run(NodeSettings settings, NodeOrder.Open opening, Map<String, String> environment, List<String> argv)
            throws RpcFailed, InterruptedException {
        BlockingQueue<Optional<NodeOrder>> orders = new LinkedBlockingQueue<>();
        List<NodeEvent> events = new CopyOnWriteArrayList<>();
        orders.add(Optional.of(opening));
        orders.add(Optional.of(new NodeOrder.Start(1, Optional.of(0), argv, environment, opening.directory(), false)));
        NodeJobs jobs = new NodeJobs(
                SELF, settings, new Room(1), new TestCluster.Says(() -> Optional.of(roster)), Strays.none());
        jobs.serve(
                orders::take,
                event -> {
                    events.add(event);
                    if (event instanceof NodeEvent.Exited) {
                        orders.add(Optional.empty());
                    }
                },
                (_, _) -> {});
        ProcessEnd end = events.stream()
                .filter(NodeEvent.Exited.class::isInstance)
                .map(event -> ((NodeEvent.Exited) event).end())
                .findFirst()
                .orElseThrow();
        return new Said(text(events, false), text(events, true), end);
    }

    private static String text(List<NodeEvent> events, boolean errors) {
        return events.stream()
                .filter(NodeEvent.Output.class::isInstance)
                .map(NodeEvent.Output.class::cast)
                .filter(output -> output.errors() == errors)
                .map(output -> new String(output.bytes().toArray(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    private Said shell(RunAs as, String script) throws RpcFailed, InterruptedException {
        return shell(settings, as, script);
    }

    private Said shell(NodeSettings settings, RunAs as, String script) throws RpcFailed, InterruptedException {
        return run(settings, as, Map.of(), "/", List.of("sh", "-c", script));
    }

    /** What a command says to root, who sees the account from outside. */
    private static String said(String... argv) throws Exception {
        return new LocalCommands().check(Command.of(argv)).strip();
    }

    @Test
    void aCheckpointDirectoryIsMadeAsTheJobsUserAndStaysWithWhatIsInIt(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path checkpoints = directory.resolve("run 7");
        NodeOrder.Open opening = opening(UNMAPPED, "/", Optional.of(checkpoints.toString()));

        Said first = run(settings, opening, Map.of(), List.of("sh", "-c", "echo 1 > '" + checkpoints + "/step'"));
        Said second = run(settings, opening, Map.of(), List.of("cat", checkpoints + "/step"));

        assertThat(first.errors()).isEmpty();
        assertThat(second.output()).isEqualTo("1\n");
        assertThat(Files.getOwner(checkpoints).getName()).isEqualTo("nobody");
        assertThat(checkpoints).isDirectoryContaining(file -> file.endsWith("step"));
    }

    /** Class of hole: a directory that root makes or writes to where the user could not, or by the user's link. */
    @Test
    void aCheckpointDirectoryThatItsUserCouldNotUseIsRefusedBeforeAnythingStarts(@TempDir Path directory)
            throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc"));
        for (String place :
                List.of("/etc", link.toString(), directory.resolve("new").toString(), "/no/such/parent")) {
            assertThatThrownBy(
                            () -> run(settings, opening(UNMAPPED, "/", Optional.of(place)), Map.of(), List.of("true")))
                    .as(place)
                    .isInstanceOf(RpcFailed.class)
                    .hasMessageContaining("cannot make files in the checkpoint directory " + place);
        }
        assertThat(directory.resolve("new")).doesNotExist();
    }

    /** Class of hole: a launcher of root's that starts what people send it as root. */
    @Test
    void whoHasNoAccountRunsAsTheOneThatTheSettingsName() throws Exception {
        Said said = shell(UNMAPPED, "id -un; id -u; id -g");

        assertThat(said.output().lines())
                .containsExactly("nobody", said("id", "-u", "nobody"), said("id", "-g", "nobody"));
    }

    /** Class of hole: supplementary groups that are missing, or that are still those of root. */
    @Test
    void anAccountHasAllOfItsGroupsAndNoOthers() throws Exception {
        Said said = shell(new RunAs.Account("backup"), "id -G");

        assertThat(said.output().strip().split(" "))
                .containsExactlyInAnyOrder(said("id", "-G", "backup").split(" "));
    }

    /** Class of hole: privilege that is kept after a fork: capabilities, saved ids, programs that give rights to who runs them. */
    @Test
    void noProcessOfAUserHasACapabilityOrCanGetOne() throws Exception {
        Said said = shell(UNMAPPED, "grep -E '^(Cap|NoNewPrivs|Uid|Gid)' /proc/self/status");

        String uid = said("id", "-u", "nobody");
        String gid = said("id", "-g", "nobody");
        assertThat(said.output().lines().map(line -> line.replaceAll("\\s+", " ")))
                .containsExactlyInAnyOrder(
                        "Uid: " + String.join(" ", uid, uid, uid, uid),
                        "Gid: " + String.join(" ", gid, gid, gid, gid),
                        "CapInh: 0000000000000000",
                        "CapPrm: 0000000000000000",
                        "CapEff: 0000000000000000",
                        "CapBnd: 0000000000000000",
                        "CapAmb: 0000000000000000",
                        "NoNewPrivs: 1");
    }

    @Test
    void rootIsRootWhereAnAdministratorHasAskedForIt() throws Exception {
        assertThat(shell(new RunAs.Root(), "id -u; grep NoNewPrivs /proc/self/status")
                        .output())
                .startsWith("0\n")
                .contains("NoNewPrivs:\t0");
    }

    /** Class of hole: a mapping of names to accounts that leads to root by another name or by number. */
    @ParameterizedTest
    @ValueSource(strings = {"root", "no-such-account-here"})
    void anAccountThatIsNotThereOrIsRootsIsRefusedBeforeAnythingStarts(String name) {
        assertThatThrownBy(() -> shell(new RunAs.Account(name), "id"))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining("account " + name);
    }

    /** Class of hole: argument injection, and numbers that pass for names. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "-G", "a b", "", "../x", "a:b", "x\n"})
    void whatIsNoNameOfAnAccountIsNoAccount(String name) {
        assertThatThrownBy(() -> new RunAs.Account(name)).isInstanceOf(IllegalArgumentException.class);
    }

    /**
     * Class of hole: injection by the environment. A library that says who loads it would be loaded by whatever runs as root after the
     * job's variables are set: starter, shell, wrapper.
     */
    @ParameterizedTest
    @ValueSource(strings = {"LD_PRELOAD", "LD_AUDIT"})
    void variablesOfTheJobTakeEffectOnlyInProcessesOfItsUser(String variable, @TempDir Path directory)
            throws Exception {
        Path library = Files.copy(TestPrograms.library("who-loads"), directory.resolve("who-loads.so"));
        Path log = Files.createFile(directory.resolve("log"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));

        run(
                UNMAPPED,
                Map.of(variable, library.toString(), "WHO_LOADS_LOG", log.toString(), "BASH_ENV", "/dev/full"),
                "/",
                List.of("sh", "-c", "cat /dev/null"));

        List<String> loaders = Files.readAllLines(log);
        assertThat(loaders).isNotEmpty().allMatch(("uid " + said("id", "-u", "nobody"))::equals);
    }

    /** Class of hole: a directory that root can enter and the user cannot. */
    @Test
    void aDirectoryThatTheUserCannotEnterIsNotThere(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));

        Said said = run(UNMAPPED, Map.of(), directory.toString(), List.of("pwd"));

        assertThat(said.end()).isEqualTo(new ProcessEnd.NoDirectory(13));
        assertThat(said.output()).isEmpty();
    }

    @Test
    void streamsCanBeOpenedAnewByTheUser() throws Exception {
        assertThat(shell(UNMAPPED, "echo out >/dev/stdout; echo err >/dev/stderr"))
                .isEqualTo(new Said("out\n", "err\n", new ProcessEnd.Exited(0)));
    }

    @Test
    void theJobsDirectoryIsItsUsersAndNobodyElses() throws Exception {
        Said said = shell(UNMAPPED, "cd \"$HOME\" && touch mine && stat -c '%U %a' . && ls -A");

        assertThat(said.output()).isEqualTo("nobody 700\nmine\n");
    }

    /** Class of hole: what a starter is told, and what it reports, lies where the job can write. */
    @Test
    void theUserReadsNoOrderAndForgesNoReport() throws Exception {
        Path orders = settings.directory().resolve(JOB + NodeAllocation.ORDERS);

        Said said = shell(UNMAPPED, "ls " + orders + "; echo exit 7 >" + orders + "/p1.end; exit 3");

        assertThat(said.end()).isEqualTo(new ProcessEnd.Exited(3));
        assertThat(said.errors()).contains("Permission denied");
    }

    /** Class of hole: secrets in ps, where everybody on the node reads them. */
    @Test
    void noTokenIsOnACommandLine() throws Exception {
        Said said = shell(new RunAs.Root(), "echo $SCC_JOB_TOKEN; cat /proc/*/cmdline 2>/dev/null | tr '\\0' ' '");

        String token = said.output().lines().findFirst().orElseThrow();
        assertThat(token).hasSize(32);
        assertThat(said.output().lines().skip(1)).noneMatch(line -> line.contains(token));
    }

    /** Class of hole: a job that moves itself out of the reach of its limits and of its end. */
    @Test
    void aJobSeesItsOwnCgroupAloneAndCannotChangeIt() throws Exception {
        String mount = Cgroup.root().toString();
        String script =
                "cat /proc/self/cgroup | grep 0::; ls -d " + mount + "/*/ 2>/dev/null; mkdir " + mount + "/mine";

        for (RunAs as : List.of(UNMAPPED, new RunAs.Root())) {
            Said said = shell(as, script);

            assertThat(said.output()).isEqualTo("0::/\n");
            assertThat(said.errors()).containsAnyOf("Read-only file system", "Permission denied");
        }
    }

    /** Class of hole: a fork bomb. It ends with its job, and the node can still start processes for others. */
    @Test
    void aJobHasNoMoreProcessesThanItIsGranted() throws Exception {
        NodeSettings tight = new NodeSettings(
                settings.cgroups(),
                settings.directory(),
                settings.stages(),
                settings.tools(),
                settings.location(),
                settings.silence(),
                new JobPolicy("games", 20, settings.policy().memory()));

        Said said = shell(tight, UNMAPPED, "for i in $(seq 60); do sleep 1000 & done; echo all");

        assertThat(said.output()).isEmpty();
        assertThat(said.errors()).containsIgnoringCase("cannot fork");
    }

    /** Class of hole: file descriptors of root's that a job inherits. */
    @Test
    void aJobHasNoDescriptorsButItsStreams() throws Exception {
        assertThat(shell(UNMAPPED, "ls /proc/$$/fd; true").output()).isEqualTo("0\n1\n2\n");
    }
}
