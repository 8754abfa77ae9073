package dev.scc.job.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.LeaveHook;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Permit;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.Cgroup;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobRecord;
import dev.scc.job.JobSpec;
import dev.scc.job.JobState;
import dev.scc.job.MpiChoice;
import dev.scc.job.OpenToAll;
import dev.scc.job.TestCluster;
import dev.scc.job.agent.JobAgent;
import dev.scc.job.client.JobClient;
import dev.scc.job.node.NodeSettings;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A keeper that is a process of its own, and agents in this one that come and go. Each test has a keeper, a place and a port for itself. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class KeeperDaemonIT {
    private static final NodeName SELF = new NodeName("n1");
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir(factory = OpenToAll.class)
    private Path directory;

    private final NodeSettings settings;
    private final int port;
    private final Roster roster;
    private Optional<Agent> agent = Optional.empty();
    private Optional<Process> client = Optional.empty();
    private volatile boolean member = true;
    /** Of the keepers that agents start from now on; any that is free. */
    private int keeperPort;

    /** In seconds. */
    private long clientSilence = KeeperSpec.CLIENT_SILENCE.toSeconds();

    KeeperDaemonIT() throws IOException {
        settings = TestCluster.settings("keeper-" + UUID.randomUUID().toString().substring(0, 8));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        roster = TestCluster.rosterOf(List.of(new Member(
                SELF,
                Ipv4.parse("127.0.0.1"),
                "127.0.0.1:" + port,
                Ipv4.parse("172.16.0.1"),
                Ipv4.parse("10.70.0.1"),
                "",
                "eth1")));
    }

    /** An agent, as far as jobs go. */
    private record Agent(KeeperDaemon keepers, JobAgent jobs, RpcServer server) {

        /** As when its process is killed: its server is gone, and it says no more to anybody. */
        void vanish() {
            server.close();
            keepers.forsake();
        }

        void close() {
            server.close();
            keepers.close();
        }
    }

    private Authority authority() throws IOException {
        return Authority.open(directory.resolve("authority"), InstantSource.system());
    }

    private Connections as(Role role) {
        try {
            return Connections.as(
                    new LiveCredentials(authority().issue(new Principal(role, SELF.value()), Duration.ofDays(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of the keeper. */
    private Path credentials() throws IOException {
        Path file = directory.resolve("keeper.pem");
        if (Files.notExists(file)) {
            authority()
                    .issue(new Principal(Role.KEEPER, SELF.value()), Duration.ofDays(1))
                    .write(file);
        }
        return file;
    }

    private Agent start(String version) throws IOException {
        return start(version, java(KeeperMain.class, directory.resolve("keeper").toString()));
    }

    /** The words that run a main class of the tests in a process of its own. */
    private static List<String> java(Class<?> main, String... words) {
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dscc.native=" + System.getProperty("scc.native"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        argv.addAll(List.of(words));
        return argv;
    }

    private Agent start(String version, List<String> command) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        KeeperSpec.Node node = KeeperSpec.Node.of(SELF, address, keeperPort, settings, credentials());
        KeeperDaemon keepers = new KeeperDaemon(
                directory.resolve("keeper"),
                command,
                new KeeperSpec(version, clientSilence, List.of(node)),
                _ -> as(Role.NODE),
                Optional.of(cgroup()));
        JobAgent jobs = new JobAgent(
                SELF,
                settings,
                keepers,
                as(Role.NODE),
                () -> Optional.of(roster).filter(_ -> member));
        keepers.take(jobs);
        keepers.attend();
        Agent started = new Agent(keepers, jobs, RpcServer.start(address, as(Role.NODE), jobs.services()));
        agent = Optional.of(started);
        return started;
    }

    @BeforeEach
    void first() throws IOException {
        start("1");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        client.ifPresent(Process::destroyForcibly);
        Optional<Long> keeper = keeper();
        agent.ifPresent(Agent::close);
        await().atMost(LONGEST).untilAsserted(() -> assertThat(keeper()).isEmpty());
        if (keeper.isPresent()) {
            ProcessHandle.of(keeper.get()).ifPresent(ProcessHandle::destroyForcibly);
        }
        assertThat(cgroup()).doesNotExist();
        assertThat(settings.cgroups()).doesNotExist();
        assertThat(settings.directory()).doesNotExist();
    }

    private Path cgroup() {
        return settings.cgroups().resolveSibling(settings.cgroups().getFileName() + "-keeper");
    }

    private Optional<Long> keeper() throws IOException {
        return KeeperAddress.living(directory.resolve("keeper")).map(KeeperAddress::pid);
    }

    /** As an agent does it: the node is no member any more when its jobs are ended. */
    private void leaveCluster() throws Exception {
        member = false;
        for (LeaveHook hook : agent.orElseThrow().jobs().leaveHooks()) {
            hook.leave(DEMO);
        }
    }

    private CompletableFuture<TestCluster.Run> run(String script) {
        return run(TestCluster.spec(1, MpiChoice.NONE, "sh", "-c", script));
    }

    private Optional<String> permit(JobSpec spec) throws IOException {
        Credentials server = authority().issue(new Principal(Role.SERVER, "s1"), Duration.ofDays(1));
        Principal caller = new Principal(Role.ADMIN, SELF.value());
        return Optional.of(new Permit(caller, DEMO.value(), Optional.empty(), spec.asRoot(), System.currentTimeMillis())
                .signed(server));
    }

    private Optional<String> permit(Role role) throws IOException {
        Credentials server = authority().issue(new Principal(Role.SERVER, "s1"), Duration.ofDays(1));
        Principal caller = new Principal(role, SELF.value());
        return Optional.of(
                new Permit(caller, DEMO.value(), Optional.empty(), false, System.currentTimeMillis()).signed(server));
    }

    private CompletableFuture<TestCluster.Run> run(JobSpec spec) {
        CompletableFuture<TestCluster.Run> run = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            TestCluster.Recorder recorder = new TestCluster.Recorder();
            try {
                JobOutcome outcome = new JobClient(as(Role.ADMIN)).run(roster, spec, permit(spec), recorder);
                run.complete(new TestCluster.Run(outcome, recorder.text(false), recorder.text(true), List.of()));
            } catch (Exception e) {
                run.completeExceptionally(e);
            }
        });
        return run;
    }

    /** A job that says that it runs, and then waits for the file {@code go-on}. */
    private CompletableFuture<TestCluster.Run> runWaiting() {
        CompletableFuture<TestCluster.Run> run = run("echo before; touch " + directory + "/runs; while [ ! -e "
                + directory + "/go-on ]; do sleep 0.1; done; echo after; exit 7");
        await().atMost(LONGEST).until(() -> Files.exists(directory.resolve("runs")) || run.isDone());
        assertThat(run).isNotDone();
        return run;
    }

    @Test
    void jobGoesOnWhileItsAgentIsKilledAndItsWholeOutputAndStatusArrive() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();
        Optional<Long> keeper = keeper();

        agent.orElseThrow().vanish();
        start("2");

        assertThat(agent.orElseThrow().keepers().running(SELF)).isPresent();
        Files.createFile(directory.resolve("go-on"));
        assertThat(run.get().output()).isEqualTo("before\nafter\n");
        assertThat(run.get().exitCode()).isEqualTo(7);
        assertThat(run.get().left()).isEmpty();
        assertThat(keeper()).isEqualTo(keeper);
        assertThat(Cgroup.at(cgroup()).processes()).contains(keeper.orElseThrow());
    }

    private JobId detachedWaiting() throws Exception {
        JobSpec spec = TestCluster.spec(
                1,
                MpiChoice.NONE,
                "sh",
                "-c",
                "echo before; while [ ! -e " + directory + "/go-on ]; do sleep 0.1; done; echo after; exit 7");
        return new JobClient(as(Role.ADMIN)).start(roster, spec, permit(spec))
                        instanceof JobClient.Start.Running running
                ? running.started().job()
                : new JobId("none");
    }

    private Member lead() {
        return roster.members().getFirst();
    }

    @Test
    void detachedJobOutlivesItsClientAndItsAgentAndIsFoundThroughTheNextOne() throws Exception {
        JobId job = detachedWaiting();

        agent.orElseThrow().vanish();
        start("2");
        JobClient next = new JobClient(as(Role.ADMIN));
        assertThat(next.job(lead(), permit(Role.ADMIN), job).state()).isInstanceOf(JobState.Running.class);
        assertThat(next.job(lead(), permit(Role.ADMIN), job).owner()).isEqualTo("admin:n1");
        Files.createFile(directory.resolve("go-on"));
        TestCluster.Recorder all = new TestCluster.Recorder();
        KeeperRpc.Now over = next.follow(
                lead(), permit(Role.ADMIN), new KeeperRpc.Follow(job, KeeperRpc.Which.ALL, true), false, all);

        assertThat(over.record().exitCode()).contains(7);
        assertThat(all.text(false)).isEqualTo("before\nafter\n");
    }

    @Test
    void jobWhoseKeeperIsKilledIsLostWithItsReason() throws Exception {
        JobId job = detachedWaiting();

        ProcessHandle.of(keeper().orElseThrow()).orElseThrow().destroyForcibly();
        await().atMost(LONGEST).until(() -> keeper().isEmpty());
        JobRecord lost = new JobClient(as(Role.ADMIN)).job(lead(), permit(Role.ADMIN), job);

        assertThat(lost.state()).isInstanceOf(JobState.Lost.class);
        assertThat(lost.cause().orElseThrow()).contains("keeper of jobs on node n1 ended before the job");
    }

    @Test
    void onlyItsOwnerAndThoseWhoRunThePoolSeeAndEndAJobOfAUsers() throws Exception {
        JobId job = detachedWaiting();
        JobClient user = new JobClient(as(Role.USER));
        JobClient operator = new JobClient(as(Role.OPERATOR));

        assertThat(user.jobs(lead(), permit(Role.USER))).isEmpty();
        assertThatThrownBy(() -> user.cancel(lead(), permit(Role.USER), job))
                .hasMessageContaining("that is yours to see");
        assertThat(operator.jobs(lead(), permit(Role.OPERATOR)))
                .extracting(JobRecord::job)
                .containsExactly(job);

        operator.cancel(lead(), permit(Role.OPERATOR), job);
        await().atMost(LONGEST)
                .until(() ->
                        operator.job(lead(), permit(Role.OPERATOR), job).state().over());
    }

    @Test
    void aNodeThatLeavesItsClusterKeepsNothingOfItsJobs() throws Exception {
        assertThat(run("echo secret").get().exitCode()).isZero();
        Path kept = directory.resolve("keeper/jobs/n1");
        assertThat(kept).isDirectoryContaining("glob:**/demo-*");

        leaveCluster();

        assertThat(kept).doesNotExist();
    }

    @Test
    void aNodeThatLeavesItsClusterWithoutAKeeperKeepsNothingOfItsJobsEither() throws Exception {
        assertThat(run("echo secret").get().exitCode()).isZero();
        agent.orElseThrow().keepers().kill();
        Path kept = directory.resolve("keeper/jobs/n1");
        assertThat(kept).isDirectoryContaining("glob:**/demo-*");

        leaveCluster();

        assertThat(kept).doesNotExist();
    }

    @Test
    void jobGoesOnWhileItsAgentIsStopped() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();

        agent.orElseThrow().close();
        agent = Optional.empty();

        Files.createFile(directory.resolve("go-on"));
        assertThat(run.get().exitCode()).isEqualTo(7);
        start("1");
    }

    @Test
    void agentOfAnotherVersionReplacesTheKeeperOnceThatHasNoJobs() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();
        Optional<Long> old = keeper();
        agent.orElseThrow().vanish();
        start("2");

        CompletableFuture<TestCluster.Run> second = run("echo second");
        assertThat(second.get().output()).isEqualTo("second\n");
        assertThat(keeper()).isEqualTo(old);

        Files.createFile(directory.resolve("go-on"));
        assertThat(run.get().exitCode()).isEqualTo(7);
        assertThat(run("echo third").get().output()).isEqualTo("third\n");
        assertThat(keeper()).isPresent().isNotEqualTo(old);
    }

    @Test
    void keeperIsThereBeforeTheFirstJobOfACluster() {
        await().atMost(LONGEST).untilAsserted(() -> assertThat(keeper()).isPresent());
    }

    @Test
    void nodeThatIsFreeStartsNoKeeperAndEndsOneThatHasStayed() throws Exception {
        assertThat(run("true").get().exitCode()).isZero();
        assertThat(keeper()).isPresent();

        member = false;

        assertThatThrownBy(() -> run("true").get()).hasMessageContaining("node n1 belongs to no cluster now");
        await().atMost(LONGEST).untilAsserted(() -> assertThat(keeper()).isEmpty());
    }

    @Test
    void nodeLeavesItsClusterThoughItsKeeperTakesForEverToStart() throws Exception {
        agent.orElseThrow().close();
        start("1", List.of("sleep", "1000"));
        CompletableFuture<TestCluster.Run> run = run("true");
        await().atMost(LONGEST).until(() -> !Cgroup.at(cgroup()).processes().isEmpty());

        leaveCluster();
        assertThat(cgroup()).doesNotExist();
        assertThatThrownBy(run::get).hasMessageContaining("has left its cluster while the process that keeps jobs was");
    }

    @Test
    void addressThatCannotBeReadMattersOnlyWhileAKeeperRuns() throws Exception {
        Path address = directory.resolve("keeper").resolve("address.json");
        assertThat(run("true").get().exitCode()).isZero();
        String good = Files.readString(address);
        Files.writeString(address, "{");

        assertThatThrownBy(() -> agent.orElseThrow().keepers().running(SELF))
                .hasMessageContaining(address + " does not say where the keeper of jobs listens")
                .hasMessageContaining("but one runs: another scc keeper uses");

        Files.writeString(address, good);
        agent.orElseThrow().close();
        Files.writeString(address, "{");
        start("1");
        assertThat(run("echo again").get().output()).isEqualTo("again\n");
    }

    @Test
    void keeperOfAnotherVersionGoesWhenItsJobsHaveEnded() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();
        Optional<Long> old = keeper();
        agent.orElseThrow().vanish();
        start("2");

        Files.createFile(directory.resolve("go-on"));

        assertThat(run.get().exitCode()).isEqualTo(7);
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(keeper()).isPresent().isNotEqualTo(old));
    }

    @Test
    void whatJobsHaveLeftIsFoundAndRemovedThoughThereIsNoKeeper() throws Exception {
        Cgroup.create(settings.cgroups().resolve("demo-9"));
        Files.createDirectories(settings.directory().resolve("demo-9"));

        List<NodeLeftover> found = agent.orElseThrow().jobs().leftovers().leftovers(true);

        assertThat(found).extracting(NodeLeftover::problem).containsExactly("", "");
        assertThat(settings.cgroups()).doesNotExist();
        assertThat(settings.directory()).doesNotExist();
        assertThat(keeper()).isEmpty();
    }

    @Test
    void agentThatEndsTakesAKeeperWithoutJobsAlong() throws Exception {
        assertThat(run("true").get().exitCode()).isZero();
        assertThat(keeper()).isPresent();

        agent.orElseThrow().close();
        agent = Optional.empty();

        assertThat(keeper()).isEmpty();
    }

    @Test
    void keeperThatIsKilledLeavesNothingRunningAndIsSucceeded() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();

        ProcessHandle.of(keeper().orElseThrow()).orElseThrow().destroyForcibly();

        assertThatThrownBy(run::get).hasMessageContaining("keeper of jobs at 127.0.0.1:");
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(settings.cgroups()).doesNotExist());
        assertThat(run("echo next").get().output()).isEqualTo("next\n");
    }

    /**
     * A job of root's whose rank puts two processes into a cgroup, a session and a group of their own, whose parents end. For
     * that it has to leave its mounts and its view of cgroups, too.
     */
    private JobSpec leaving(Cgroup elsewhere, String then) {
        String script = "nsenter -t $PPID -m -C sh -c 'echo $$ >" + elsewhere.directory()
                + "/cgroup.procs; setsid sleep 1000 & setsid sleep 1000 &' && touch " + directory + "/left; " + then;
        return TestCluster.spec(1, MpiChoice.NONE, "sh", "-c", script).withAllRights();
    }

    private Cgroup elsewhere() throws IOException {
        return Cgroup.create(
                settings.cgroups().resolveSibling(settings.cgroups().getFileName() + "-elsewhere"));
    }

    /** Class of hole: clean-up by cgroup alone, which a process of root's has left. */
    @Test
    void whatHasLeftItsCgroupItsSessionAndItsParentsEndsWithItsJob() throws Exception {
        Cgroup elsewhere = elsewhere();

        TestCluster.Run run = run(leaving(elsewhere, "exit 3")).get();

        assertThat(directory.resolve("left")).exists();
        assertThat(elsewhere.processes()).isEmpty();
        assertThat(run.exitCode()).as(run.errors()).isEqualTo(3);
        assertThat(run.left()).isEmpty();
        Files.delete(elsewhere.directory());
    }

    @Test
    void whatHasLeftItsCgroupEndsBeforeTheNodeLeavesItsCluster() throws Exception {
        Cgroup elsewhere = elsewhere();
        CompletableFuture<TestCluster.Run> run = run(leaving(elsewhere, "sleep 1000"));
        await().atMost(LONGEST).until(() -> elsewhere.processes().size() == 2);

        leaveCluster();

        assertThat(elsewhere.processes()).isEmpty();
        assertThat(run.get().cause()).contains("node n1 leaves cluster demo");
        Files.delete(elsewhere.directory());
    }

    @Test
    void whatHasLeftItsCgroupEndsWithAKeeperThatIsKilled() throws Exception {
        Cgroup elsewhere = elsewhere();
        CompletableFuture<TestCluster.Run> run = run(leaving(elsewhere, "sleep 1000"));
        await().atMost(LONGEST).until(() -> elsewhere.processes().size() == 2);

        ProcessHandle.of(keeper().orElseThrow()).orElseThrow().destroyForcibly();

        await().atMost(LONGEST).until(() -> elsewhere.processes().isEmpty());
        assertThatThrownBy(run::get).hasMessageContaining("keeper of jobs");
        Files.delete(elsewhere.directory());
    }

    @Test
    void nodeLeavesItsClusterThoughItsKeeperHangs() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();
        signal("STOP", keeper().orElseThrow());

        leaveCluster();

        assertThat(settings.cgroups()).doesNotExist();
        assertThatThrownBy(run::get).hasMessageContaining("keeper of jobs at 127.0.0.1:");
    }

    @Test
    void nodeLeavesItsClusterAndTheJobSaysWhy() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();
        agent.orElseThrow().vanish();
        start("1");

        leaveCluster();

        assertThat(run.get().exitCode()).isEqualTo(4);
        assertThat(run.get().cause()).contains("node n1 leaves cluster demo");
        await().atMost(LONGEST)
                .untilAsserted(() ->
                        assertThat(keeper()).as("a free node has no keeper").isEmpty());
    }

    @Test
    void keeperThatIsToldToEndEndsItsJobsCleanly() throws Exception {
        CompletableFuture<TestCluster.Run> run = runWaiting();

        ProcessHandle.of(keeper().orElseThrow()).orElseThrow().destroy();

        assertThat(run.get().cause()).contains("the keeper of jobs on node n1 was told to end");
        assertThat(run.get().left()).isEmpty();
    }

    private static void signal(String signal, long process) throws CommandFailed {
        new LocalCommands().check(Command.of("kill", "-" + signal, Long.toString(process)));
    }

    private Path clientsOutput() {
        return directory.resolve("client.out");
    }

    private Path clientsErrors() {
        return directory.resolve("client.err");
    }

    /** A client in a process of its own, whose job has begun: the first thing that it does is to write its process's id. */
    private Process clientOf(String script) throws Exception {
        Path own = directory.resolve("client.pem");
        authority()
                .issue(new Principal(Role.ADMIN, SELF.value()), Duration.ofDays(1))
                .write(own);
        Path of = Files.writeString(directory.resolve("roster.json"), Json.write(roster));
        String whole = "echo $$ > " + directory + "/pid; mv " + directory + "/pid " + directory + "/runs; " + script;
        JobSpec spec = ClientMain.spec(whole);
        Process process = new ProcessBuilder(java(
                        ClientMain.class,
                        own.toString(),
                        of.toString(),
                        permit(spec).orElseThrow(),
                        whole))
                .redirectOutput(clientsOutput().toFile())
                .redirectError(clientsErrors().toFile())
                .start();
        client = Optional.of(process);
        await().atMost(LONGEST).until(() -> Files.exists(directory.resolve("runs")) || !process.isAlive());
        assertThat(process.isAlive())
                .as(() -> "the client runs: " + text(clientsErrors()))
                .isTrue();
        return process;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean jobLives() {
        return ProcessHandle.of(Long.parseLong(text(directory.resolve("runs")).strip()))
                .isPresent();
    }

    /** A client that somebody has stopped (Ctrl-Z) is not one that is gone. */
    @Test
    void jobOfAClientThatIsStoppedGoesOnAndItsWholeOutputAndStatusArriveAfterwards() throws Exception {
        int lines = 2_000_000; // 15 MB: more than the sockets and the keeper hold between the ranks and the client.
        Process stopped = clientOf("echo before; while [ ! -e " + directory + "/go-on ]; do sleep 0.1; done; seq "
                + lines + "; echo after; exit 7");

        signal("STOP", stopped.pid());
        Files.createFile(directory.resolve("go-on"));
        // A silent connection is otherwise asked for a sign of life after 10 s, and given up 15 s later.
        await().during(Duration.ofSeconds(30)).atMost(LONGEST).until(this::jobLives);
        signal("CONT", stopped.pid());

        assertThat(stopped.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stopped.exitValue()).as(() -> text(clientsErrors())).isEqualTo(7);
        StringBuilder all = new StringBuilder("before\n");
        IntStream.rangeClosed(1, lines).forEach(line -> all.append(line).append('\n'));
        assertThat(text(clientsOutput()).equals(all.append("after\n").toString()))
                .as("whole and in order, of %d bytes", Files.size(clientsOutput()))
                .isTrue();
        // The JVM has a word to say about libraries of the test.
        assertThat(text(clientsErrors()).lines().filter(line -> !line.startsWith("WARNING: ")))
                .isEmpty();
    }

    @Test
    void jobOfAClientThatIsKilledWhileItIsStoppedEnds() throws Exception {
        Process stopped = clientOf("sleep 1000");
        signal("STOP", stopped.pid());

        stopped.destroyForcibly();

        await().atMost(LONGEST).until(() -> !jobLives());
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(settings.cgroups()).doesNotExist());
        assertThat(run("echo next").get().output()).isEqualTo("next\n");
    }

    @Test
    void jobOfAClientThatIsStoppedForLongerThanItsNodeAllowsEndsAndTheClientSaysSo() throws Exception {
        agent.orElseThrow().close();
        clientSilence = 1;
        start("1");
        Process stopped = clientOf("sleep 1000");
        Optional<Long> keeper = keeper();

        signal("STOP", stopped.pid());
        await().atMost(LONGEST).until(() -> !jobLives());
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(settings.cgroups()).doesNotExist());
        signal("CONT", stopped.pid());

        assertThat(stopped.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stopped.exitValue()).isNotZero();
        assertThat(clientsErrors()).content().contains("keeper of jobs at 127.0.0.1:");
        assertThat(keeper()).as("the keeper goes on").isEqualTo(keeper);
    }

    /** The bound is a third of what a keeper may take to start. */
    @Test
    void portOfTheKeeperThatSomebodyElseHoldsIsNamedWithItsProcessToWhoeverStartsAJob() throws Exception {
        agent.orElseThrow().close();
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            keeperPort = held.getLocalPort();
            start("1");

            CompletableFuture<TestCluster.Run> run = run("echo here");

            assertThatThrownBy(() -> run.get(LONGEST.toSeconds(), TimeUnit.SECONDS))
                    .hasMessageContaining("node n1 has nobody to keep its jobs")
                    .hasMessageContaining("port " + keeperPort + " of 127.0.0.1, where node n1 keeps its jobs, is taken"
                            + " by process " + ProcessHandle.current().pid() + " ("
                            + text(Path.of("/proc/self/comm")).strip() + ")");
        }

        assertThat(run("echo there").get().output()).isEqualTo("there\n");
    }
}
