package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterPhase;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.LonelyWaiting;
import dev.scc.cluster.api.Progress;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client makes of what servers tell it, by a clock that goes on only while it waits. */
class RequestCallTest {
    private static final Request DELETE = new Request.Delete(new ClusterName("demo"));
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final Told ACCEPTED = new Told.Accepted();
    private static final Told BEAT = new Told.Beat();
    private static final Outcome DONE = new Outcome.Done(1, List.of());

    private final LonelyWaiting clock = new LonelyWaiting(Duration.ofDays(1));
    private final List<Progress> progress = new ArrayList<>();

    private static Progress entered(ClusterPhase phase) {
        return new Progress.Entered(phase, 2);
    }

    private static Progress done(String node) {
        return new Progress.NodeDone(ClusterPhase.DELETING, new NodeName(node), 1, 2, List.of());
    }

    private static Progress failed(String node) {
        return new Progress.NodeFailed(ClusterPhase.DELETING, new NodeName(node), "remove", "busy");
    }

    private static Told moved(Progress progress) {
        return new Told.Moved(progress);
    }

    private static Told ended() {
        return new Told.Ended(DONE);
    }

    private Outcome run(Lines lines) throws Exception {
        return new RequestCall(lines, clock, "a,b", "r1", DELETE, PATIENCE).run(AT_MOST, progress::add);
    }

    @Test
    void progressIsHandedOnAndTheEndIsReturned() throws Exception {
        Lines lines =
                new Lines(1).then(BEAT, ACCEPTED, moved(entered(ClusterPhase.DELETING)), moved(done("n1")), ended());

        assertThat(run(lines)).isEqualTo(DONE);
        assertThat(progress).containsExactly(entered(ClusterPhase.DELETING), done("n1"));
        assertThat(lines.asked).containsExactly("0 beat 0");
        assertThat(lines.closed).isEqualTo(1);
    }

    @Test
    void anotherServerIsAskedTheSameAndWhatItRepeatsIsNoNews() throws Exception {
        Lines lines = new Lines(3)
                .then(BEAT, ACCEPTED, moved(entered(ClusterPhase.SCALING)), moved(done("n1")), moved(failed("n2")))
                .then(
                        BEAT,
                        moved(entered(ClusterPhase.SCALING)),
                        moved(done("n1")),
                        moved(failed("n2")),
                        moved(done("n3")),
                        moved(entered(ClusterPhase.DELETING)),
                        moved(done("n1")))
                .then(ended());

        assertThat(run(lines)).isEqualTo(DONE);
        assertThat(progress)
                .containsExactly(
                        entered(ClusterPhase.SCALING),
                        done("n1"),
                        failed("n2"),
                        done("n3"),
                        entered(ClusterPhase.DELETING),
                        done("n1"));
        assertThat(lines.asked).containsExactly("0 beat 300", "1 beat 300", "2 beat 300");
        assertThat(lines.closed).isEqualTo(3);
    }

    @Test
    void afterTheLastServerComesTheFirst() throws Exception {
        Lines lines = new Lines(2).then().then().then(ended());

        run(lines);

        assertThat(lines.asked).containsExactly("0 beat 300", "1 beat 300", "0 beat 300");
    }

    @Test
    void oneOfSeveralServersMayBeSilentForLessThanASecond() throws Exception {
        Lines lines = new Lines(2).then(ACCEPTED, BEAT).then(ended());

        run(lines);

        assertThat(lines.patience).containsOnly(Duration.ofMillis(900));
    }

    @Test
    void theOnlyServerMayBeSilentUntilTheEndOnceItHasAnswered() {
        Lines lines = new Lines(1).silent(ACCEPTED);

        assertThatThrownBy(() -> run(lines))
                .isInstanceOf(TimedOut.class)
                .hasMessageContaining("has no outcome after 60 s; no controller has taken up the request")
                .hasMessageNotContaining("seen");
        assertThat(lines.patience).startsWith(PATIENCE, AT_MOST);
        assertThat(clock.passed()).isEqualTo(AT_MOST.toNanos());
    }

    @Test
    void aRequestThatIsUnderWayInTheEndIsSaidToBe() {
        Lines lines = new Lines(1).silent(ACCEPTED, moved(entered(ClusterPhase.DELETING)));

        assertThatThrownBy(() -> run(lines))
                .isInstanceOf(TimedOut.class)
                .hasMessageContaining("the cluster is Deleting, and the controller goes on with it");
    }

    @Test
    void aRequestThatIsNotInTheTreeInTheEndIsSaidNotToBeSeen() {
        assertThatThrownBy(() -> run(new Lines(1).silent(BEAT)))
                .isInstanceOf(TimedOut.class)
                .hasMessageContaining("no controller has taken up the request or even seen it");
    }

    @Test
    void whoIsToldAllTheTimeThatNothingIsNewGivesUpInTime() {
        Lines lines = new Lines(2);
        lines.beats = true;

        assertThatThrownBy(() -> run(lines)).isInstanceOf(TimedOut.class);
        assertThat(clock.passed())
                .isBetween(AT_MOST.toNanos(), AT_MOST.plusSeconds(1).toNanos());
    }

    @Test
    void serversThatNeverAnswerAreGivenUpAfterAsMuchPatienceAsThereIs() {
        assertThatThrownBy(() -> run(new Lines(2)))
                .isInstanceOf(ServerUnreachable.class)
                .hasMessageContaining("server a,b does not answer within 5000 ms: nobody there");
        assertThat(clock.passed()).isBetween(PATIENCE.minusMillis(50).toNanos(), PATIENCE.toNanos());
    }

    @Test
    void theOnlyServerIsGivenUpWhenItSaysNothingAtAll() {
        assertThatThrownBy(() -> run(new Lines(1).silent()))
                .isInstanceOf(ServerUnreachable.class)
                .hasMessageContaining("does not answer within 5000 ms");
    }

    @Test
    void aServerThatIsLostWhileItWasAtWorkMayHaveDoneIt() {
        Lines lines = new Lines(2).then(BEAT, ACCEPTED);

        assertThatThrownBy(() -> run(lines))
                .isInstanceOf(ServerUnreachable.class)
                .hasMessageContaining("request r1 was under way; whether it took effect is unknown");
        assertThat(clock.passed())
                .isBetween(AT_MOST.toNanos(), AT_MOST.plusMillis(100).toNanos());
    }

    private void assertUnknown(Lines lines) {
        assertThatThrownBy(() -> run(lines))
                .isInstanceOf(ServerUnreachable.class)
                .hasMessageContaining("request r1 was under way; whether it took effect is unknown");
    }

    @Test
    void whereAllServersAreSilentInTheEndNobodyKnowsWhatBecameOfIt() {
        assertUnknown(new Lines(2).silent(BEAT, ACCEPTED));
    }

    @Test
    void whereTheOnlyServerHasGoneInTheEndNobodyKnowsWhatBecameOfIt() {
        assertUnknown(new Lines(1).then(BEAT, ACCEPTED));
    }

    /** Servers that say what they are told to, and then break off; nobody is there after that. */
    private final class Lines implements RequestLines {
        private final int servers;
        private final Deque<Deque<Told>> words = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();
        private final List<Duration> patience = new ArrayList<>();
        private boolean silent;
        private boolean beats;
        private int closed;

        Lines(int servers) {
            this.servers = servers;
        }

        Lines then(Told... told) {
            words.add(new ArrayDeque<>(List.of(told)));
            return this;
        }

        /** The last one does not break off, it says nothing more. */
        Lines silent(Told... told) {
            silent = true;
            return then(told);
        }

        @Override
        public int servers() {
            return servers;
        }

        @Override
        public Line open(int server, ServerRpc.Ask ask) {
            assertThat(ask.id()).isEqualTo("r1");
            assertThat(ask.request()).isEqualTo(DELETE);
            asked.add(server + " beat " + ask.beatMillis());
            Deque<Told> mine = words.isEmpty() ? new ArrayDeque<>() : words.remove();
            return new Line() {
                @Override
                public Told next(Duration atMost) throws LineLost {
                    patience.add(atMost);
                    if (beats) {
                        clock.pass(Duration.ofMillis(300));
                        return BEAT;
                    }
                    if (!mine.isEmpty()) {
                        return mine.remove();
                    }
                    if (silent && words.isEmpty()) {
                        clock.pass(atMost);
                        throw LineLost.silent("nothing for " + atMost.toMillis() + " ms");
                    }
                    throw LineLost.broken("nobody there");
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }
}
