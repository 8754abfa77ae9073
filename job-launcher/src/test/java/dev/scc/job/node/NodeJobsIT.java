package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.NodeLeftover;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.Cgroup;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.JobLimits;
import dev.scc.job.JobRecord;
import dev.scc.job.JobState;
import dev.scc.job.MpiChoice;
import dev.scc.job.ProcessEnd;
import dev.scc.job.Room;
import dev.scc.job.RunAs;
import dev.scc.job.TestCluster;
import dev.scc.job.history.HistoryLimits;
import dev.scc.job.history.JobHistory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node's part of jobs, told by a lead that this test plays. */
@Timeout(240)
class NodeJobsIT {
    private static final NodeName SELF = new NodeName("n1");
    private static final JobId JOB = new JobId("demo-1");

    private final Roster roster = TestCluster.rosterOf(List.of(TestCluster.member(1, "a:7070", "")));
    private final NodeSettings settings;
    private final NodeJobs jobs;
    private final BlockingQueue<Optional<NodeOrder>> orders = new LinkedBlockingQueue<>();
    private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicReference<Throwable> end = new AtomicReference<>();

    NodeJobsIT() throws IOException {
        settings =
                TestCluster.settings("nodejobs-" + UUID.randomUUID().toString().substring(0, 8));
        jobs = new NodeJobs(
                SELF,
                settings,
                new Room(JobLimits.RANKS_OF_A_NODE),
                new TestCluster.Says(() -> Optional.of(roster)),
                Strays.none());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        jobs.endAll("the test is over");
        assertThat(jobs.running()).isEmpty();
        new JobLeftovers(settings).removeAll();
        assertThat(settings.cgroups()).doesNotExist();
    }

    private NodeOrder.Open open(String cluster, String node) {
        return new NodeOrder.Open(
                JOB,
                new ClusterName(cluster),
                SELF,
                new NodeName(node),
                "",
                Ipv4.parse("10.70.0.1"),
                "eth1.70",
                "/",
                1,
                new RunAs.Unmapped(),
                Optional.empty(),
                Optional.empty());
    }

    private static NodeOrder.Start start(int process, String script) {
        return new NodeOrder.Start(process, Optional.of(0), List.of("sh", "-c", script), Map.of(), "/", false);
    }

    private Thread serve() {
        Requests<NodeOrder> requests = orders::take;
        return Thread.ofVirtual().start(() -> {
            try {
                jobs.serve(requests, events::add, (_, _) -> {});
            } catch (RpcFailed | InterruptedException e) {
                end.set(e);
            }
        });
    }

    private void say(NodeOrder order) {
        orders.add(Optional.of(order));
    }

    private void sayNoMore() {
        orders.add(Optional.empty());
    }

    @Test
    void processRunsAndTheNodeSaysWhenAllIsGone() throws Exception {
        Thread serving = serve();
        say(open("demo", "n1"));
        say(start(1, "pwd; exit 3"));
        await().until(() -> events.contains(new NodeEvent.Exited(1, new ProcessEnd.Exited(3))));
        sayNoMore();
        serving.join();

        assertThat(events.getFirst()).isInstanceOf(NodeEvent.Opened.class);
        assertThat(events)
                .filteredOn(NodeEvent.Output.class::isInstance)
                .extracting(
                        event -> new String(((NodeEvent.Output) event).bytes().toArray(), StandardCharsets.UTF_8))
                .containsExactly("/\n");
        assertThat(events.getLast()).isEqualTo(new NodeEvent.Closed(Optional.empty(), List.of()));
        assertThat(settings.cgroups()).doesNotExist();
        assertThat(settings.directory()).doesNotExist();
    }

    @Test
    void oneProcessIsKilledWithAllThatItStartedAndOthersGoOn() throws Exception {
        Thread serving = serve();
        say(open("demo", "n1"));
        say(start(1, "setsid sleep 1000 & sleep 1000"));
        say(start(2, "sleep 1000"));
        Cgroup first = Cgroup.at(settings.cgroups().resolve(JOB.value()).resolve("p1"));
        Cgroup second = Cgroup.at(settings.cgroups().resolve(JOB.value()).resolve("p2"));
        await().until(() -> first.processes().size() >= 3 && !second.processes().isEmpty());

        say(new NodeOrder.Kill(1));

        await().until(() -> events.contains(new NodeEvent.Exited(1, new ProcessEnd.Killed(9))));
        await().until(() -> first.processes().isEmpty());
        assertThat(second.processes()).isNotEmpty();
        sayNoMore();
        serving.join();
    }

    private int pmiPort() {
        await().until(() -> !events.isEmpty());
        return ((NodeEvent.Opened) events.getFirst()).pmiPort();
    }

    private boolean exceeded(String why) {
        return events.stream()
                .anyMatch(event ->
                        event instanceof NodeEvent.Excess excess && excess.why().contains(why));
    }

    /** Class of hole: a field without a limit. The lead ends the job; nothing else of the node's notices. */
    @Test
    void aPmiLineThatDoesNotEndIsToldToTheLead() throws Exception {
        Thread serving = serve();
        say(open("demo", "n1"));

        try (Socket rank = new Socket(InetAddress.getLoopbackAddress(), pmiPort())) {
            rank.getOutputStream().write("x".repeat(JobLimits.PMI_LINE + 1).getBytes(StandardCharsets.US_ASCII));
            await().until(() -> exceeded("PMI line"));
        }

        say(start(1, "exit 3"));
        await().until(() -> events.contains(new NodeEvent.Exited(1, new ProcessEnd.Exited(3))));
        sayNoMore();
        serving.join();
    }

    /** Class of hole: connections without a limit, each of which is remembered. */
    @Test
    void morePmiConnectionsThanThereMayBeAreToldToTheLeadOnce() throws Exception {
        Thread serving = serve();
        say(open("demo", "n1"));
        int port = pmiPort();

        for (int i = 0; i < JobLimits.connections(1) + 20; i++) {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        }

        await().until(() -> exceeded("PMI connections"));
        sayNoMore();
        serving.join();
        assertThat(events).filteredOn(NodeEvent.Excess.class::isInstance).hasSize(1);
    }

    private NodeOrder.Open witnessed(JobRecord record) {
        return new NodeOrder.Open(
                JOB,
                new ClusterName("demo"),
                SELF,
                SELF,
                "",
                Ipv4.parse("10.70.0.1"),
                "eth1.70",
                "/",
                1,
                new RunAs.Unmapped(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(record),
                Optional.empty(),
                Optional.empty());
    }

    /** As when the lead's keeper is killed, which ends its call; and as when the lead ends the job. */
    @Test
    void aJobThatIsLostWithItsLeadIsToldByItsWitnessAndNoOther(@TempDir Path kept) throws Exception {
        JobHistory history = JobHistory.open(kept, HistoryLimits.usual(), InstantSource.system());
        jobs.witnessedBy(new Witnesses(history, InstantSource.system()));
        JobRecord record = JobRecord.pending(
                JOB,
                new ClusterName("demo"),
                "user:ada",
                SELF,
                TestCluster.spec(2, MpiChoice.NONE, "app"),
                Instant.now());
        Thread well = serve();
        say(witnessed(record));
        sayNoMore();
        well.join();
        assertThat(history.all()).isEmpty();

        Thread cut = serve();
        say(witnessed(record));
        say(start(1, "sleep 1000"));
        await().until(() -> jobs.running().equals(List.of(JOB)) && orders.isEmpty());
        cut.interrupt();
        cut.join();

        assertThat(history.all()).singleElement().satisfies(told -> {
            assertThat(told.state()).isInstanceOf(JobState.Lost.class);
            assertThat(told.cause().orElseThrow()).contains("node n1, which led it, was lost", "its connection");
            assertThat(told.owner()).isEqualTo("user:ada");
        });
        assertThat(JobHistory.open(kept, HistoryLimits.usual(), InstantSource.system())
                        .all())
                .hasSize(1);
        assertThatThrownBy(() -> witnessed(record.moved(new JobState.Lost("x"), Instant.now())))
                .hasMessageContaining("no record of job");
    }

    @Test
    void leadThatFallsSilentIsGivenUp() throws Exception {
        Thread serving = serve();
        say(open("demo", "n1"));
        say(start(1, "sleep 1000"));
        await().until(() -> Files.exists(settings.cgroups().resolve(JOB.value()).resolve("p1")));

        assertThat(serving.join(settings.silence().plus(Duration.ofSeconds(15))))
                .isTrue();

        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(jobs.running()).isEmpty();
        assertThat(settings.cgroups()).doesNotExist();
    }

    @Test
    void leadThatBeatsIsNotGivenUp() throws Exception {
        Thread serving = serve();
        say(open("demo", "n1"));
        await().until(() -> !events.isEmpty());
        long begin = System.nanoTime();

        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    jobs.beat(JOB, _ -> {});
                    return System.nanoTime() - begin
                            > settings.silence().plus(Duration.ofSeconds(2)).toNanos();
                });

        assertThat(jobs.running()).containsExactly(JOB);
        sayNoMore();
        serving.join();
        assertThat(catchThrowable(() -> jobs.beat(JOB, _ -> {})))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining("has no part in job demo-1");
    }

    @Test
    void whatAKilledKeeperLeftIsRemoved() throws Exception {
        Cgroup job = Cgroup.create(settings.cgroups().resolve("demo-9"));
        Files.createDirectories(settings.directory().resolve("demo-9"));
        Process orphan = new ProcessBuilder(
                        settings.tools().exec().toString(),
                        "-c",
                        job.directory().toString(),
                        "--",
                        "sleep",
                        "1000")
                .start();
        await().until(() -> !job.processes().isEmpty());

        assertThat(new JobLeftovers(settings).removeAll()).isEmpty();

        assertThat(orphan.waitFor()).isEqualTo(137);
        assertThat(settings.cgroups()).doesNotExist();
        assertThat(settings.directory()).doesNotExist();
    }

    /** The agent looked for jobs to end before this one was there. */
    @Test
    void jobThatOpensWhileTheNodeLeavesItsClusterIsRefused() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        NodeJobs leaving = new NodeJobs(
                SELF,
                settings,
                new Room(1),
                new TestCluster.Says(() -> looks.getAndIncrement() == 0 ? Optional.of(roster) : Optional.empty()),
                Strays.none());
        say(open("demo", "n1"));
        sayNoMore();

        assertThatThrownBy(() -> leaving.serve(orders::take, events::add, (_, _) -> {}))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining("node n1 does not belong to cluster demo, but to none");

        assertThat(events).isEmpty();
        assertThat(leaving.running()).isEmpty();
    }

    @Test
    void jobThatCannotBePreparedLeavesNothing(@TempDir Path parent) throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "in the way");
        NodeSettings broken = new NodeSettings(
                file.resolve("cgroups"),
                settings.directory(),
                settings.stages(),
                settings.tools(),
                settings.location(),
                settings.silence(),
                settings.policy());
        say(open("demo", "n1"));

        assertThatThrownBy(() -> new NodeJobs(
                                SELF,
                                broken,
                                new Room(1),
                                new TestCluster.Says(() -> Optional.of(roster)),
                                Strays.none())
                        .serve(orders::take, events::add, (_, _) -> {}))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining("cannot prepare job demo-1");

        assertThat(settings.directory()).doesNotExist();
    }

    @Test
    void jobsForOtherNodesAndOtherClustersAreRefused() throws Exception {
        Thread wrongNode = serve();
        say(open("demo", "n2"));
        wrongNode.join();
        assertThat(end.get()).hasMessage("this is node n1, not n2");

        Thread wrongCluster = serve();
        say(open("other", "n1"));
        wrongCluster.join();
        assertThat(end.get()).hasMessageContaining("does not belong to cluster other");
    }

    @Test
    void whatJobsOfNobodyHaveLeftIsShownThenRemovedAndRunningJobsAreLeftAlone() throws Exception {
        Thread serving = serve();
        orders.put(Optional.of(open("demo", "n1")));
        orders.put(Optional.of(start(0, "sleep 1000")));
        await().until(() ->
                !Cgroup.at(settings.cgroups().resolve("demo-1")).processes().isEmpty());
        Cgroup stray = Cgroup.create(settings.cgroups().resolve("old-7"));
        Process lost = new ProcessBuilder("sleep", "1000").start();
        Files.writeString(stray.directory().resolve("cgroup.procs"), Long.toString(lost.pid()));
        Files.createDirectories(settings.directory().resolve("old-7"));
        Files.writeString(settings.directory().resolve("old-7.sock"), "");

        List<NodeLeftover> shown = jobs.leftovers(false);
        List<NodeLeftover> removed = jobs.leftovers(true);

        assertThat(shown)
                .extracting(NodeLeftover::what)
                .containsExactly(
                        "cgroup " + stray.directory() + " with 1 processes",
                        "file " + settings.directory().resolve("old-7"),
                        "file " + settings.directory().resolve("old-7.sock"));
        assertThat(removed).isEqualTo(shown);
        assertThat(lost.waitFor()).isNotZero();
        assertThat(jobs.leftovers(false)).isEmpty();
        assertThat(Cgroup.at(settings.cgroups().resolve("demo-1")).processes()).isNotEmpty();
        orders.put(Optional.empty());
        serving.join();
    }

    @Test
    void withTheLastLeftoverGoesWhatHeldIt() throws Exception {
        Cgroup.create(settings.cgroups().resolve("old-7"));
        Files.createDirectories(settings.directory().resolve("old-7"));

        assertThat(jobs.leftovers(true)).hasSize(2);

        assertThat(settings.cgroups()).doesNotExist();
        assertThat(settings.directory()).doesNotExist();
    }
}
