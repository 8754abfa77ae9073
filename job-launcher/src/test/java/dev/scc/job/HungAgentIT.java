package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.client.JobClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent that is stopped, or hangs: the kernel accepts connections in its name, and nobody says anything. */
@Timeout(240)
class HungAgentIT {
    private static final Duration OPENING = Duration.ofSeconds(5);

    private TestCluster cluster;
    private ServerSocket mute;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.start(3, OPENING);
        mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        mute.close();
        cluster.stop();
    }

    @Test
    void nodeWhoseAgentHangsIsNamedInTime() throws Exception {
        cluster.redirect(2, mute.getLocalPort());
        long begin = System.nanoTime();

        TestCluster.Run run = cluster.run(TestCluster.spec(2, MpiChoice.NONE, "true"));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(OPENING.multipliedBy(3));
        assertThat(run.exitCode()).isEqualTo(4);
        // Whether the connection or the call runs out of time first is chance.
        assertThat(run.cause())
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("node n2 cannot take part in the job: ")
                        .contains(
                                "agent at 127.0.0.1:" + mute.getLocalPort(),
                                "answer within 5 s",
                                "nothing was started"));
        // Its keeper has not heard of the job.
        assertThat(run.left()).isEmpty();
        await().until(() -> cluster.leftovers().isEmpty());
    }

    /** Class of hole: a node that is ready gives the job up because another one takes its time. */
    @Test
    void nodeWhoseKeeperIsNotHeardIsNamedWithItsPortAndTheOthersEndCleanly() throws Exception {
        cluster.redirectToKeeper(2, mute.getLocalPort());

        TestCluster.Run run = cluster.run(TestCluster.spec(3, MpiChoice.NONE, "true"));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.cause())
                .contains("node n2 cannot take part in the job: its keeper of jobs at 127.0.0.1:" + mute.getLocalPort()
                        + " gave no answer within 5 s: it hangs, or a firewall drops what goes to that port; nothing"
                        + " was started");
        assertThat(run.left()).singleElement().asString().startsWith("n2: not known to be clean");
        await().until(() -> cluster.leftovers().isEmpty());
    }

    @Test
    void leadWhoseAgentHangsIsGivenUp() {
        cluster.redirect(1, mute.getLocalPort());

        assertThatThrownBy(() -> new JobClient(Connections.plain(), Duration.ofSeconds(2))
                        .run(
                                cluster.roster(),
                                TestCluster.spec(1, MpiChoice.NONE, "true"),
                                Optional.empty(),
                                new TestCluster.Recorder()))
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.TIMED_OUT))
                .hasMessage("agent at 127.0.0.1:" + mute.getLocalPort() + " does not answer within 2 s");
    }
}
