package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.audit.AuditEntry;
import dev.scc.cluster.audit.AuditPage;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.view.AuditList;
import dev.scc.cluster.world.World;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class NodeAuditSearchTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    private static World world(String agent) throws Exception {
        MemoryTree tree = new MemoryTree();
        Alive machine = new Alive("i1", Ipv4.parse("10.99.0.11"), Optional.of(agent));
        for (NodeName node : List.of(N1, N2)) {
            tree.put(Paths.node(node), Json.write(NodeRecord.enrolled(node, machine)));
            tree.put(Paths.assign(node), Json.write(new Assignment.Free(1, 0)));
        }
        tree.put(Paths.alive(N1), Json.write(machine));
        return World.read(tree);
    }

    private static AuditRpc.NodeLogs search(RpcServer agent, AuditRpc.OfNodes ask) throws Exception {
        return new NodeAuditSearch(world(agent.address()), Connections.plain()).run(ask);
    }

    private static AuditRpc.NodeLogs search(RpcServer agent, long eachMillis) throws Exception {
        return search(agent, new AuditRpc.OfNodes(List.of(N1), 10, true, eachMillis));
    }

    private static AuditRpc.OfNodes latest(int most) {
        return new AuditRpc.OfNodes(List.of(N1), most, false, 15_000);
    }

    private static AuditRpc.OfNodes whole(int most) {
        return new AuditRpc.OfNodes(List.of(N1), most, true, 15_000);
    }

    /** Lines of a log, each with the hash of the one before. */
    private static List<String> lines(int count, String before) {
        List<String> lines = new ArrayList<>();
        String hash = before;
        for (int number = 1; number <= count; number++) {
            AuditEntry.Fact fact = new AuditEntry.Fact(
                    "user:ada",
                    "10.0.0.9:1",
                    "scc.Keeper/Run",
                    "run a job",
                    number % 2 == 0 ? AuditEntry.Ending.NOT_ENTITLED : AuditEntry.Ending.DONE,
                    "",
                    0);
            String line = Json.write(new AuditEntry(number, number, fact, hash));
            lines.add(line);
            hash = Fingerprint.of(line.getBytes(StandardCharsets.UTF_8)).hex();
        }
        return lines;
    }

    /** A node that keeps these lines as its agent's log, and tells so many at a time; its keeper keeps none. */
    private static final class Kept implements Answer {
        private final List<String> lines;
        private final int atOnce;
        private final List<AuditLogRpc.Read> asked = new CopyOnWriteArrayList<>();

        Kept(List<String> lines, int atOnce) {
            this.lines = lines;
            this.atOnce = atOnce;
        }

        @Override
        public AuditLogRpc.Lines to(AuditLogRpc.Read read) {
            if (read.log() == AuditLogRpc.Log.KEEPER) {
                return new AuditLogRpc.Lines(Optional.empty());
            }
            asked.add(read);
            int end = read.before().map(place -> (int) place.offset()).orElse(lines.size());
            int begin = Math.max(0, end - atOnce);
            return new AuditLogRpc.Lines(Optional.of(new AuditPage(
                    Optional.of(begin).filter(at -> at > 0).map(at -> new AuditPage.Place(1, at)),
                    lines.subList(begin, end))));
        }
    }

    private interface Answer {
        AuditLogRpc.Lines to(AuditLogRpc.Read read) throws InterruptedException;
    }

    private static RpcServer agent(Answer answer) throws Exception {
        return RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService("scc.AuditLogs")
                        .unary(AuditLogRpc.READ, (_, read) -> answer.to(read))
                        .definition()));
    }

    @Test
    void aNodeThatKeepsNoLogSaysSo() throws Exception {
        try (RpcServer agent = agent(_ -> new AuditLogRpc.Lines(Optional.empty()))) {
            assertThat(search(agent, 15_000).unread())
                    .containsExactly(new AuditRpc.Unread(N1, "it keeps no audit log"));
        }
    }

    @Test
    void aNodeThatDoesNotAnswerIsGivenUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RpcServer agent = agent(_ -> {
            over.await();
            return new AuditLogRpc.Lines(Optional.empty());
        })) {
            assertThat(search(agent, 100).unread())
                    .extracting(AuditRpc.Unread::node)
                    .containsExactly(N1);
            over.countDown();
        }
    }

    @Test
    void ofNodesThatAreNotThereOrAwayThatIsSaid() throws Exception {
        NodeName n9 = new NodeName("n9");
        try (RpcServer agent = agent(new Kept(lines(1, ""), 10))) {
            AuditRpc.NodeLogs found = search(agent, new AuditRpc.OfNodes(List.of(N1, n9, N2), 10, false, 15_000));

            assertThat(found.logs()).extracting(AuditRpc.NodeLog::whose).containsExactly("node:n1");
            assertThat(found.unread())
                    .containsExactly(
                            new AuditRpc.Unread(n9, "there is no such node"),
                            new AuditRpc.Unread(N2, "its agent is gone"));
        }
    }

    @Test
    void bothLogsOfANodeAreReadToTheirBeginnings() throws Exception {
        Kept kept = new Kept(lines(25, ""), 10);
        try (RpcServer agent = agent(read -> read.log() == AuditLogRpc.Log.AGENT
                ? kept.to(read)
                : new AuditLogRpc.Lines(Optional.of(new AuditPage(Optional.empty(), lines(2, "")))))) {
            AuditRpc.NodeLogs found = search(agent, whole(3));

            assertThat(found.unread()).isEmpty();
            assertThat(found.logs())
                    .extracting(AuditRpc.NodeLog::whose, AuditRpc.NodeLog::entries, AuditRpc.NodeLog::refused)
                    .containsExactly(tuple("node:n1", 25L, 12L), tuple("keeper:n1", 2L, 1L));
            assertThat(found.logs()).allSatisfy(log -> assertThat(log.broken()).isEmpty());
            assertThat(found.logs().getFirst().rows())
                    .as("the latest, the oldest first")
                    .extracting(AuditList.Row::number)
                    .containsExactly(23L, 24L, 25L);
            assertThat(kept.asked)
                    .extracting(AuditLogRpc.Read::before)
                    .containsExactly(
                            Optional.empty(),
                            Optional.of(new AuditPage.Place(1, 15)),
                            Optional.of(new AuditPage.Place(1, 5)));
        }
    }

    @Test
    void ofALogOfWhichTheLatestAreWantedNoMoreIsRead() throws Exception {
        Kept kept = new Kept(lines(25, ""), 10);
        try (RpcServer agent = agent(kept)) {
            assertThat(search(agent, latest(3)).logs())
                    .extracting(AuditRpc.NodeLog::entries)
                    .containsExactly(3L);
            assertThat(kept.asked).hasSize(1);
            kept.asked.clear();

            assertThat(search(agent, latest(11)).logs())
                    .extracting(AuditRpc.NodeLog::entries)
                    .containsExactly(11L);
            assertThat(kept.asked).hasSize(2);
        }
    }

    @Test
    void whatIsMissingBeforeTheFirstEntryIsSaid() throws Exception {
        try (RpcServer agent = agent(new Kept(lines(3, "0a"), 10))) {
            assertThat(search(agent, whole(0)).logs())
                    .singleElement()
                    .satisfies(log ->
                            assertThat(log.broken()).containsExactly("entry 1 says that there was one before it"));
        }
    }

    @Test
    void whatIsShownOfALogFitsIntoAnAnswer() throws Exception {
        List<String> kilobytes = new ArrayList<>();
        for (int number = 1_000; number < 1_400; number++) {
            AuditEntry.Fact fact = new AuditEntry.Fact(
                    "u".repeat(200), "f".repeat(200), "m".repeat(200), "a".repeat(100), AuditEntry.Ending.DONE, "", 0);
            int length = Json.write(new AuditEntry(number, number, fact, "")).length();
            AuditEntry.Fact longer = new AuditEntry.Fact(
                    fact.who(), fact.from(), fact.method(), fact.about(), fact.ending(), "w".repeat(1_024 - length), 0);
            kilobytes.add(Json.write(new AuditEntry(number, number, longer, "")));
        }
        assertThat(kilobytes).allSatisfy(line -> assertThat(line).hasSize(1_024));

        try (RpcServer agent = agent(new Kept(kilobytes, 100))) {
            AuditRpc.NodeLog shown = search(agent, latest(1_000)).logs().getFirst();
            assertThat(shown.rows()).hasSize(384);
            assertThat(shown.entries()).isEqualTo(384);

            AuditRpc.NodeLog all = search(agent, whole(1_000)).logs().getFirst();
            assertThat(all.rows()).hasSize(384);
            assertThat(all.entries()).isEqualTo(400);
        }
    }

    @Test
    void aNodeThatTellsMoreThanItMayKeepIsGivenUp() throws Exception {
        List<String> all = new ArrayList<>(Collections.nCopies(80, "x".repeat((64 << 10) - 1)));
        try (RpcServer agent = agent(new Kept(all, 8))) {
            assertThat(search(agent, whole(1)).logs())
                    .extracting(AuditRpc.NodeLog::entries)
                    .containsExactly(80L);
        }
        all.add("");
        try (RpcServer agent = agent(new Kept(all, 8))) {
            assertThat(search(agent, whole(1)).unread())
                    .containsExactly(
                            new AuditRpc.Unread(N1, "it tells more of node:n1's log than a node keeps of one"));
        }
    }

    @Test
    void aNodeThatTellsTheSameAgainIsGivenUp() throws Exception {
        try (RpcServer agent = agent(_ ->
                new AuditLogRpc.Lines(Optional.of(new AuditPage(Optional.of(new AuditPage.Place(1, 7)), List.of()))))) {
            assertThat(search(agent, 15_000).unread())
                    .containsExactly(new AuditRpc.Unread(N1, "it tells the same part of node:n1's log again"));
        }
    }

    /** Each answer is in time, and all together are not. */
    @Test
    void aNodeThatAnswersSlowlyIsGivenUp() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        Connections slow = Connections.over(peer -> new RpcChannel() {
            @Override
            public Peer peer() {
                return peer;
            }

            @Override
            public void connect(Duration within) {}

            @Override
            public <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
                throw new UnsupportedOperationException("one question, one answer");
            }

            @Override
            @SuppressWarnings("unchecked")
            public <Q, A> A call(RpcMethod<Q, A> method, Q request, Duration within) {
                long end = System.nanoTime() + within.toNanos();
                while (System.nanoTime() - end <= 0) {
                    Thread.onSpinWait();
                }
                answers.incrementAndGet();
                return (A) new AuditLogRpc.Lines(Optional.empty());
            }

            @Override
            public void close() {}
        });

        assertThat(new NodeAuditSearch(world("10.99.0.11:7070"), slow)
                        .run(new AuditRpc.OfNodes(List.of(N1), 10, true, 1))
                        .unread())
                .containsExactly(new AuditRpc.Unread(N1, "its audit logs were not read in time"));
        assertThat(answers).hasValueLessThanOrEqualTo(1);
    }

    /** Who has not read what is before does not know whether anything is. */
    @Test
    void thatSomethingIsMissingBeforeIsSaidOnlyOfALogThatWasReadToItsBeginning() throws Exception {
        try (RpcServer agent = agent(new Kept(List.of("no entry", lines(1, "0a").getFirst()), 1))) {
            assertThat(search(agent, latest(1)).logs())
                    .singleElement()
                    .satisfies(log -> assertThat(log.broken()).isEmpty());
        }
    }
}
