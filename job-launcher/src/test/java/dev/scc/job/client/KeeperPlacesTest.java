package dev.scc.job.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.job.ForwardingTasks;
import dev.scc.job.TestCluster;
import dev.scc.job.rpc.JobRpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class KeeperPlacesTest {
    private static final List<Member> NODES = List.of(
            TestCluster.member(1, "127.0.0.1:1", "rxe0"),
            TestCluster.member(2, "127.0.0.1:2", "rxe0"),
            TestCluster.member(3, "127.0.0.1:3", "rxe0"));

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final CountDownLatch others = new CountDownLatch(2);
    private boolean leadStarts;

    /** Nothing that waits for something with a limit reaches that limit, or all of it does at once. */
    private static final class Time extends ForwardingTasks {
        private final boolean flies;

        Time(boolean flies) {
            this.flies = flies;
        }

        @Override
        public Latch latch() {
            Latch latch = super.latch();
            return new Latch() {
                @Override
                public void open() {
                    latch.open();
                }

                @Override
                public boolean isOpen() {
                    return latch.isOpen();
                }

                @Override
                public void await() throws InterruptedException {
                    latch.await();
                }

                @Override
                public boolean await(Duration atMost) throws InterruptedException {
                    if (!flies) {
                        latch.await();
                    }
                    return latch.isOpen();
                }
            };
        }
    }

    /** One of the agents. */
    private final class Agent implements RpcChannel {
        private final Peer peer;

        Agent(Peer peer) {
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
            assertThat(method.name()).isEqualTo(JobRpc.PLACE.name());
            return new RpcCall<>() {
                private boolean told;

                @Override
                public void send(Q request) {
                    String node = ((JobRpc.Ask) request).node().value();
                    asked.add(node);
                    if (!node.equals("n1")) {
                        others.countDown();
                    }
                }

                @Override
                public void sendNoMore() {
                    // There is one question.
                }

                @Override
                @SuppressWarnings("unchecked") // It is what the method answers.
                public Optional<A> next() throws InterruptedException {
                    if (told) {
                        return Optional.empty();
                    }
                    told = true;
                    if (leadStarts) {
                        others.await();
                    }
                    return Optional.of((A) new JobRpc.Place("127.0.0.1:7071"));
                }

                @Override
                public Optional<A> next(Duration atMost) throws InterruptedException {
                    return next();
                }

                @Override
                public void close() {
                    // Nothing is left of it.
                }
            };
        }

        @Override
        public void close() {
            // Nothing is left of it.
        }
    }

    private String place(boolean flies) throws RpcFailed, InterruptedException {
        return new KeeperPlaces(Connections.over(Agent::new), Duration.ofSeconds(20), new Time(flies))
                .ofLead(NODES.getFirst(), NODES, Optional.empty());
    }

    @Test
    void whereTheLeadsKeeperRunsNoOtherNodeIsAsked() throws Exception {
        assertThat(place(false)).isEqualTo("127.0.0.1:7071");

        assertThat(asked).containsExactly("n1");
    }

    @Test
    void whileTheLeadsKeeperIsStartedTheOthersAreToo() throws Exception {
        leadStarts = true;

        assertThat(place(true)).isEqualTo("127.0.0.1:7071");

        assertThat(asked).containsExactlyInAnyOrder("n1", "n2", "n3");
    }
}
