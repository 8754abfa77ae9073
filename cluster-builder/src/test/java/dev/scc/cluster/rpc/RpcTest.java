package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.FreePorts;
import dev.scc.host.NodeName;
import dev.scc.host.UserMistake;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class RpcTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    record Question(String text, Optional<Integer> times, List<String> more, Bytes bytes) {
        static Question of(String text) {
            return new Question(text, Optional.empty(), List.of(), Bytes.NONE);
        }
    }

    record Answer(String text, int number) {}

    private static final RpcMethod<Question, Answer> ASK =
            RpcMethod.unary("scc.Test", "Ask", Access.READERS, Question.class, Answer.class);
    private static final RpcMethod<Question, Answer> COUNT =
            RpcMethod.streaming("scc.Test", "Count", Access.READERS, Question.class, Answer.class);
    private static final RpcMethod<Question, Answer> TALK =
            RpcMethod.bidirectional("scc.Test", "Talk", Access.READERS, Question.class, Answer.class);
    private static final RpcMethod<Question, Answer> LEAVE =
            RpcMethod.bidirectional("scc.Test", "Leave", Access.READERS, Question.class, Answer.class);
    private static final RpcMethod<Question, Answer> HANG =
            RpcMethod.unary("scc.Test", "Hang", Access.READERS, Question.class, Answer.class);

    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CompletableFuture<String> reader = new CompletableFuture<>();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicInteger sent = new AtomicInteger();
    private RpcServer server;
    private RpcChannel channel;

    @BeforeEach
    void startServer() throws IOException {
        RpcService service = new RpcService("scc.Test")
                .unary(ASK, (_, question) -> switch (question.text()) {
                    case "refuse" -> throw new RpcFailed(RpcFailed.Kind.REFUSED, "node n1 is not free");
                    case "senseless" -> throw new UserMistake("VLAN 0 is not within 1 to 4094");
                    case "bug" -> throw new IllegalArgumentException("broken");
                    case "error" -> throw new StackOverflowError("too deep");
                    default ->
                        new Answer(
                                question.text(),
                                question.times().orElse(0) + question.bytes().length());
                })
                .streaming(COUNT, (_, question, answers) -> {
                    for (int i = 0; i < question.times().orElseThrow(); i++) {
                        answers.send(new Answer(question.text(), i));
                        sent.incrementAndGet();
                    }
                })
                .bidirectional(TALK, (_, requests, answers) -> {
                    int n = 0;
                    for (Optional<Question> q = requests.next(); q.isPresent(); q = requests.next()) {
                        answers.send(new Answer(q.get().text(), n++));
                    }
                })
                .bidirectional(
                        LEAVE,
                        (_, requests, _) -> Thread.ofVirtual().start(() -> {
                            try {
                                reader.complete("heard " + requests.next().isPresent());
                            } catch (RpcFailed | InterruptedException e) {
                                reader.complete("heard that it is over");
                            }
                        }))
                .unary(HANG, (_, question) -> {
                    hanging.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                    return new Answer("", 0);
                });
        server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(service.definition()));
        channel = Connections.plain().to(Peer.agent(new NodeName("n1"), "127.0.0.1:" + server.port()));
    }

    @AfterEach
    void stopServer() {
        channel.close();
        server.close();
    }

    @Test
    void aRecordGoesThereAndBack() throws Exception {
        Question question = new Question("x", Optional.of(3), List.of("a", "b"), Bytes.of(new byte[] {1, 2}));

        assertThat(channel.call(ASK, question, SOON)).isEqualTo(new Answer("x", 5));
    }

    @Test
    void whoReadsWhatComesHearsThatTheCallIsOver() throws Exception {
        try (RpcCall<Question, Answer> call = channel.open(LEAVE, Optional.of(SOON))) {
            assertThat(call.next()).isEmpty();
        }

        assertThat(reader.get()).isEqualTo("heard that it is over");
    }

    @Test
    void aServerIsReachedByItsNameAndByAnIpv6AddressInBrackets() throws Exception {
        for (String host : List.of("localhost", "[::ffff:127.0.0.1]")) {
            try (RpcChannel named = Connections.plain().to(Peer.server(host + ":" + server.port()))) {
                assertThat(named.call(ASK, Question.of("x"), SOON)).as(host).isEqualTo(new Answer("x", 0));
            }
        }
    }

    @Test
    void aMethodThatTheOtherSideDoesNotHaveIsAFailureOfItsOwnKind() {
        RpcMethod<Question, Answer> newer =
                RpcMethod.unary("scc.Test", "Newer", Access.READERS, Question.class, Answer.class);

        assertThatThrownBy(() -> channel.call(newer, Question.of("x"), SOON))
                .isInstanceOfSatisfying(RpcFailed.class, failed -> {
                    assertThat(failed.kind()).isEqualTo(RpcFailed.Kind.UNKNOWN_METHOD);
                    assertThat(failed).hasMessageContaining("does not know scc.Test/Newer: is it of another version?");
                });
    }

    @Test
    void answersStreamInOrderWithoutLoss() throws Exception {
        List<Integer> numbers = new ArrayList<>();

        channel.stream(
                COUNT,
                new Question("c", Optional.of(5000), List.of(), Bytes.NONE),
                SOON,
                answer -> numbers.add(answer.number()));

        assertThat(numbers).hasSize(5000).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aSlowReaderHoldsTheSenderBack() throws Exception {
        String large = "x".repeat(64 << 10);

        try (RpcCall<Question, Answer> call = channel.open(COUNT, Optional.of(SOON))) {
            call.send(new Question(large, Optional.of(2000), List.of(), Bytes.NONE));
            call.sendNoMore();
            assertThat(call.next()).isPresent();
            await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> sent.get() < 1000);
        }
    }

    @Test
    void bothSidesTalkInTurns() throws Exception {
        try (RpcCall<Question, Answer> call = channel.open(TALK, Optional.empty())) {
            for (int i = 0; i < 100; i++) {
                call.send(Question.of("q" + i));
                assertThat(call.next()).contains(new Answer("q" + i, i));
            }
            call.sendNoMore();
            assertThat(call.next()).isEmpty();
        }
    }

    @Test
    void aRefusalArrivesWithItsReason() {
        assertThatThrownBy(() -> channel.call(ASK, Question.of("refuse"), SOON))
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.REFUSED))
                .hasMessage("node n1 is not free");
        assertThatThrownBy(() -> channel.call(ASK, Question.of("senseless"), SOON))
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.INVALID))
                .hasMessageContaining("VLAN 0");
        assertThatThrownBy(() -> channel.call(ASK, Question.of("bug"), SOON))
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.FAILED))
                .hasMessageContaining("a defect in scc")
                .hasMessageContaining("broken");
        assertThatThrownBy(() -> channel.call(ASK, Question.of("error"), SOON))
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.FAILED))
                .hasMessageContaining("too deep");
    }

    @Test
    void theDeadlineInterruptsTheHandler() {
        assertThatThrownBy(() -> channel.call(HANG, Question.of("h"), Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.TIMED_OUT));

        await().untilTrue(interrupted);
    }

    @Test
    void anInterruptedCallerInterruptsTheHandler() throws Exception {
        AtomicBoolean callerSawIt = new AtomicBoolean();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                channel.call(HANG, Question.of("h"), SOON);
            } catch (InterruptedException e) {
                callerSawIt.set(true);
            } catch (RpcFailed e) {
                throw new AssertionError(e);
            }
        });
        hanging.await();

        caller.interrupt();

        await().untilTrue(callerSawIt);
        await().untilTrue(interrupted);
    }

    @Test
    void nobodyThereIsSaidClearly() throws Exception {
        int free = FreePorts.one();

        try (RpcChannel nobody = Connections.plain().to(Peer.agent(new NodeName("n1"), "127.0.0.1:" + free))) {
            assertThatThrownBy(() -> nobody.call(ASK, Question.of("x"), SOON))
                    .isInstanceOfSatisfying(
                            RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.UNREACHABLE))
                    .hasMessageContaining("127.0.0.1:" + free)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void aServerThatStopsEndsTheCall() throws Exception {
        try (RpcCall<Question, Answer> call = channel.open(TALK, Optional.empty())) {
            call.send(Question.of("q"));
            call.next();

            server.close();

            assertThatThrownBy(call::next).isInstanceOf(RpcFailed.class);
        }
    }

    @Test
    void aMissingFieldIsAnErrorUnlessItIsOptional() {
        RpcMethod<Answer, Answer> wrong =
                RpcMethod.unary("scc.Test", "Ask", Access.READERS, Answer.class, Answer.class);

        assertThatThrownBy(() -> channel.call(wrong, new Answer("x", 1), SOON))
                .isInstanceOf(RpcFailed.class)
                .hasMessageContaining("Question");
    }

    /** Class of hole: a few bytes that become megabytes. */
    @Test
    void whatIsCompressedIsNotTaken() throws Exception {
        ManagedChannel compressing = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        try {
            CompletableFuture<Status> ended = new CompletableFuture<>();
            ClientCall<Question, Answer> call =
                    compressing.newCall(ASK.descriptor(), CallOptions.DEFAULT.withCompression("gzip"));
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            ended.complete(status);
                        }
                    },
                    new Metadata());
            call.request(1);
            call.sendMessage(Question.of("x".repeat(1 << 20)));
            call.halfClose();

            assertThat(ended.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        } finally {
            compressing.shutdownNow();
        }
    }
}
