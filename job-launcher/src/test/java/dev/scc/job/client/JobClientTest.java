package dev.scc.job.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Roster;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.job.Attachment;
import dev.scc.job.JobEvent;
import dev.scc.job.JobId;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiFamily;
import dev.scc.job.OwnTime;
import dev.scc.job.Refusal;
import dev.scc.job.Tasks;
import dev.scc.job.TestCluster;
import dev.scc.job.Transport;
import dev.scc.job.rpc.JobRpc;
import dev.scc.job.rpc.KeeperRpc;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobClientTest {
    private static final Roster ROSTER = TestCluster.rosterOf(List.of(TestCluster.member(1, "127.0.0.1:1", "rxe0")));
    private static final JobEvent STARTED =
            new JobEvent.Started(new JobId("demo-1"), MpiFamily.NONE, Transport.NONE, 1, 1);
    private static final JobOutcome REFUSED =
            new JobOutcome.Refused(new Refusal.Earlier("it was too much", 2), List.of());
    private final RpcFailed lost = new RpcFailed(RpcFailed.Kind.UNREACHABLE, "the connection broke");

    /** What the lead says, call by call; then the connection breaks. */
    private final Deque<List<JobEvent>> answers = new ArrayDeque<>();

    private final List<KeeperRpc.ToJob> said = new ArrayList<>();
    private final JobClient client = new JobClient(Connections.over(Lead::new), Duration.ofMillis(400), new OwnTime());

    /** The agent of a lead, and its keeper. */
    private final class Lead implements RpcChannel {
        private final Peer peer;

        Lead(Peer peer) {
            this.peer = peer;
        }

        @Override
        public Peer peer() {
            return peer;
        }

        @Override
        public void connect(Duration within) {
            // It is always there.
        }

        @Override
        public <Q, A> RpcCall<Q, A> open(RpcMethod<Q, A> method, Optional<Duration> within) {
            Deque<Object> script = new ArrayDeque<>(
                    method.name().equals(JobRpc.PLACE.name())
                            ? List.of(new JobRpc.Place("127.0.0.1:2"))
                            : answers.remove());
            return new RpcCall<>() {
                @Override
                public void send(Q request) {
                    synchronized (said) {
                        if (request instanceof KeeperRpc.ToJob words) {
                            said.add(words);
                        }
                    }
                }

                @Override
                public void sendNoMore() {
                    // What counts is what was said.
                }

                @Override
                @SuppressWarnings("unchecked") // The script is made of what the method answers.
                public Optional<A> next() throws RpcFailed {
                    if (script.isEmpty() && method.name().equals(KeeperRpc.RUN.name())) {
                        throw lost;
                    }
                    if (script.isEmpty()) {
                        return Optional.empty();
                    }
                    return Optional.of((A) script.remove());
                }

                @Override
                public Optional<A> next(Duration atMost) throws RpcFailed {
                    return next();
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            };
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private JobOutcome run(JobSpec spec, String input) throws Exception {
        return client.run(
                ROSTER,
                spec,
                Optional.empty(),
                Attachment.BOUND,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new TestCluster.Recorder());
    }

    private List<String> requests() {
        synchronized (said) {
            return said.stream()
                    .filter(KeeperRpc.Run.class::isInstance)
                    .map(one -> ((KeeperRpc.Run) one).spec().request().orElse("none"))
                    .toList();
        }
    }

    @Test
    void whoHasLostTheAnswerAsksAgainUnderTheSameId() throws Exception {
        answers.add(List.of());
        answers.add(List.of(STARTED, new JobEvent.Ended(REFUSED)));

        assertThat(run(JobSpec.of(List.of("app")).under("r1"), "")).isEqualTo(REFUSED);
        assertThat(requests()).containsExactly("r1", "r1");
    }

    @Test
    void whoMayLeaveItAloneAsksAgainToo() throws Exception {
        answers.add(List.of());
        answers.add(List.of(STARTED));

        assertThat(client.start(ROSTER, JobSpec.of(List.of("app")).under("r1"), Optional.empty()))
                .isEqualTo(new JobClient.Start.Running((JobEvent.Started) STARTED));
        assertThat(requests()).containsExactly("r1", "r1");
    }

    @Test
    void withoutAnIdNobodyAsksTwice() {
        answers.add(List.of());

        assertThatThrownBy(() -> run(JobSpec.of(List.of("app")), "")).isSameAs(lost);
        assertThat(requests()).containsExactly("none");
    }

    /** It would hear again what it has heard. */
    @Test
    void whoHasHeardOfTheJobDoesNotAskAgain() {
        answers.add(List.of(STARTED));

        assertThatThrownBy(() -> run(JobSpec.of(List.of("app")).under("r1"), ""))
                .isSameAs(lost);
        assertThat(requests()).containsExactly("r1");
    }

    @Test
    void whoGivesUpSaysThatNobodyKnows() {
        answers.add(List.of());
        answers.add(List.of());

        assertThatThrownBy(() -> run(JobSpec.of(List.of("app")).under("r1"), ""))
                .hasMessageContaining("whether the job was started is not known")
                .hasMessageContaining("request id r1");
    }

    @Test
    void aCallThatIsNotAnsweredTakesNoInput() {
        answers.add(List.of());
        ByteArrayInputStream input = new ByteArrayInputStream("all of it".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> new Submission(Tasks.ofThreads(), Supply.of(input))
                        .make(
                                new Lead(Peer.keeper(ROSTER.members().getFirst().node(), "127.0.0.1:2")),
                                new KeeperRpc.Run(
                                        ROSTER, JobSpec.of(List.of("app")), Optional.empty(), Optional.empty()),
                                Submission.Heard::next))
                .isSameAs(lost);

        assertThat(input.available()).isEqualTo("all of it".length());
    }
}
