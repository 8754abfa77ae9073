package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.KeyProof;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class RenewalTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Principal N1 = new Principal(Role.NODE, "n1");

    @TempDir
    Path directory;

    @Test
    void whatIsWantedIsKeptInTheFileAndUsedAndAfterTheEndNothingIsRenewed() throws Exception {
        Authority authority = Authority.open(directory.resolve("authority"), InstantSource.system());
        LiveCredentials node = new LiveCredentials(authority.issue(N1, DAY));
        CompletableFuture<Thread> renews = new CompletableFuture<>();
        node.onRenewal(() -> renews.complete(Thread.currentThread()));
        Path file = directory.resolve("n1.pem");
        RpcService trust = new RpcService(TrustRpc.SERVICE)
                .unary(
                        TrustRpc.RENEW,
                        (_, renew) -> new TrustRpc.Certificate(authority.signedPem(
                                renew.principal(),
                                KeyProof.check(
                                        renew.key().toArray(), renew.proof().toArray(), renew.principal()),
                                DAY)));
        try (RpcServer server = RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.as(new LiveCredentials(authority.issue(new Principal(Role.SERVER, "s1"), DAY))),
                List.of(trust.definition()))) {
            Renewal renewal = Renewal.start(node, Connections.as(node), server.address(), file);

            node.wantRenewal();
            Thread thread = renews.get();
            assertThat(Credentials.read(file).certificate())
                    .isEqualTo(node.current().certificate());

            renewal.close();
            thread.join();
        }
    }
}
