package dev.scc.cluster.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Request;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.client.AuditClient;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.Peer;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import dev.scc.vpc.VpcName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A program with a real user's certificate at a real server, while somebody else goes on working. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class HostilePersonTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** On a machine whose processors all have something else to do, too. */
    private static final Duration UNHARMED = Duration.ofSeconds(10);

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Principal EVE = new Principal(Role.USER, "eve");
    private static final VpcName LAB = new VpcName("lab");

    /** gRPC's number of what is larger than may be, after its name as HTTP/2 writes it. */
    private static final String TOO_LARGE = "grpc-status\u00018";

    private static final String GOING_AWAY = "\u0000\u0000\u0000\u0000\u000b";

    @TempDir
    static Path directory;

    private ServerProcess server;
    private Credentials eve;
    private Connections administrator;
    private ClusterClient bystander;

    /** Something that a person may not do, or not so often. */
    @FunctionalInterface
    private interface Attack {
        void run() throws Exception;
    }

    @BeforeAll
    void start() throws Exception {
        Path data = directory.resolve("server");
        server = ServerProcess.embedded(data, ANY, ANY, Security.GUARDED, Timing.usual());
        Authority authority = Authority.open(data.resolve(Security.AUTHORITY), InstantSource.system());
        administrator = Connections.as(new LiveCredentials(Credentials.read(data.resolve(Administrator.CREDENTIALS))));
        bystander = ClusterClient.to(
                server.address(),
                Connections.as(
                        new LiveCredentials(authority.issue(new Principal(Role.OPERATOR, "bob"), Duration.ofDays(1)))),
                LONG);
        try (TrustClient admin = TrustClient.to(server.address(), administrator, LONG)) {
            // The server answers as soon as it leads.
            eve = await().atMost(LONG).ignoreExceptions().until(() -> join(admin), _ -> true);
        }
        bystander.createVpc(
                new Request.VpcCreate(LAB, Cidr.parse("10.5.0.0/24")), "00000000-0000-0000-0000-00000000000b", LONG);
    }

    private static Credentials join(TrustClient admin) throws Exception {
        String token = admin.invite(EVE, Optional.empty(), Duration.ofMinutes(10), Optional.of(Rights.NONE))
                .text();
        return Membership.join(JoinToken.parse(token), LONG);
    }

    @AfterAll
    void stop() {
        bystander.close();
        server.close();
    }

    /** Meanwhile and afterwards somebody else is served. */
    private void harmsNobody(Attack attack) throws Exception {
        FutureTask<Void> attacking = new FutureTask<>(() -> {
            attack.run();
            return null;
        });
        Thread.ofPlatform().daemon().start(attacking);
        boolean over;
        do {
            over = attacking.isDone();
            Instant asked = Instant.now();
            assertThat(bystander.vpcs().vpcs()).hasSize(1);
            assertThat(Duration.between(asked, Instant.now())).isLessThan(UNHARMED);
        } while (!over);
        attacking.get();
    }

    private RawHttp2 open() throws Exception {
        return RawHttp2.open(server.address(), eve);
    }

    @Test
    void whatSheMayNotDoIsRefusedHoweverOftenAndTold() throws Exception {
        int often = 500;
        harmsNobody(() -> {
            try (RpcChannel channel = Connections.as(new LiveCredentials(eve)).to(Peer.server(server.address()))) {
                for (int i = 0; i < often; i++) {
                    try (RpcCall<ServerRpc.Ask, Told> call = channel.open(ServerRpc.ASK, Optional.of(LONG))) {
                        call.send(new ServerRpc.Ask(
                                ClusterClient.newRequestId(), new Request.Cordon(new NodeName("n1"), "x"), 0));
                        call.sendNoMore();
                        assertThat(catchThrowableOfType(RpcFailed.class, call::next)
                                        .kind())
                                .isEqualTo(RpcFailed.Kind.NOT_ENTITLED);
                    }
                }
            }
        });

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(new AuditClient(server.address(), administrator, LONG)
                                .recent().list().entries().stream()
                                        .filter(row -> row.who().contains(EVE.toString()))
                                        .mapToLong(row ->
                                                row.leftOut() + (row.ending().equals("NOT_ENTITLED") ? 1 : 0))
                                        .sum())
                        .isGreaterThanOrEqualTo(often));
    }

    /** Class of hole: replay of somebody else's request. */
    @Test
    void nobodysRequestIsHers() throws Exception {
        Request delete = new Request.VpcDelete(LAB);
        try (ClusterClient hers = ClusterClient.to(server.address(), Connections.as(new LiveCredentials(eve)), LONG)) {
            assertThatThrownBy(() -> hers.change(delete, "00000000-0000-0000-0000-00000000000b", LONG))
                    .isInstanceOf(RuntimeException.class);
            Outcome own = hers.change(delete, ClusterClient.newRequestId(), LONG);
            assertThat(own).isNotInstanceOf(Outcome.Done.class);
        }

        assertThat(bystander.vpcs().vpcs()).hasSize(1);
    }

    @Test
    void whatIsNoProtocolEndsItsConnectionAlone() throws Exception {
        Random random = new Random(20261129);
        harmsNobody(() -> {
            for (int i = 0; i < 20; i++) {
                byte[] garbage = new byte[1 + random.nextInt(4096)];
                random.nextBytes(garbage);
                try (RawHttp2 raw = open()) {
                    if (i % 2 == 0) {
                        raw.begin();
                    }
                    raw.say(garbage);
                } catch (SocketException e) {
                    // Ended while it was said.
                }
            }
        });
    }

    /** Class of hole: a length that is believed before anything of that length has come. */
    @Test
    void aMessageThatIsSaidToBeHugeIsNotWaitedFor() throws Exception {
        harmsNobody(() -> {
            try (RawHttp2 raw = open()) {
                raw.begin();
                raw.say(RawHttp2.call(1, ServerRpc.ASK.name()));
                raw.say(RawHttp2.frame(
                        RawHttp2.DATA,
                        0,
                        1,
                        ByteBuffer.allocate(64)
                                .put((byte) 0)
                                .putInt(Integer.MAX_VALUE)
                                .array()));

                assertThat(raw.answer("grpc-status")).contains(TOO_LARGE);
            }
        });
    }

    /** Class of hole: connections and calls that are held open. */
    @Test
    void whatIsHeldOpenKeepsNobodyOut() throws Exception {
        List<RawHttp2> held = new ArrayList<>();
        try {
            harmsNobody(() -> {
                for (int i = 0; i < 30; i++) {
                    RawHttp2 raw = open();
                    held.add(raw);
                    raw.begin();
                    for (int call = 0; call < 100; call++) {
                        raw.say(RawHttp2.call(1 + 2 * call, ServerRpc.ASK.name()));
                    }
                }
            });
        } finally {
            for (RawHttp2 each : held) {
                each.close();
            }
        }
    }

    /** Class of hole: calls that are begun and taken back by the ten thousand. */
    @Test
    void whoTakesBackWhatHeBeginsByTheTenThousandIsCutOff() throws Exception {
        harmsNobody(() -> {
            try (RawHttp2 raw = open()) {
                raw.begin();
                int taken = 0;
                try {
                    for (; taken < 20_000; taken++) {
                        int stream = 1 + 2 * taken;
                        raw.say(RawHttp2.call(stream, ServerRpc.EVENTS.name()));
                        raw.say(RawHttp2.frame(RawHttp2.RESET, 0, stream, new byte[] {0, 0, 0, 8}));
                    }
                    assertThat(raw.answer(GOING_AWAY)).contains(GOING_AWAY);
                } catch (SocketException e) {
                    assertThat(taken).isGreaterThan(100);
                }
            }
        });
    }
}
