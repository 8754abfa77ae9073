package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who calls again goes by a connection that stands, as the address shows that the call comes from. */
@Timeout(240)
class ChannelPoolTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final NodeName N1 = new NodeName("n1");
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final RpcMethod<Nothing, From> WHENCE =
            RpcMethod.unary("scc.Test", "Whence", Access.FABRIC, Nothing.class, From.class);
    private static final RpcMethod<Nothing, From> FOREVER =
            RpcMethod.streaming("scc.Test", "Forever", Access.FABRIC, Nothing.class, From.class);

    record Nothing() {}

    record From(String address) {}

    @TempDir
    Path directory;

    private Authority authority;
    private LiveCredentials credentials;
    private Connections caller;

    @BeforeEach
    void makeCredentials() throws IOException {
        authority = Authority.open(directory, InstantSource.system());
        credentials = of("s1", Role.SERVER);
        caller = Connections.as(credentials);
    }

    private LiveCredentials of(String name, Role role) {
        return new LiveCredentials(authority.issue(new Principal(role, name), Duration.ofDays(1)));
    }

    private RpcServer server(InetSocketAddress address) throws IOException {
        RpcService service = new RpcService("scc.Test")
                .unary(WHENCE, (who, _) -> new From(who.address()))
                .streaming(FOREVER, (who, _, answers) -> {
                    while (true) {
                        answers.send(new From(who.address()));
                    }
                });
        return RpcServer.start(address, Connections.as(of("n1", Role.NODE)), List.of(service.definition()));
    }

    private String whence(RpcServer server) throws RpcFailed, InterruptedException {
        return whence(server.address());
    }

    private String whence(String address) throws RpcFailed, InterruptedException {
        try (RpcChannel channel = caller.to(Peer.agent(N1, address))) {
            return channel.call(WHENCE, new Nothing(), LONG).address();
        }
    }

    @Test
    void aConnectionServesOneCallerAfterTheOther() throws Exception {
        try (RpcServer server = server(ANY)) {
            assertThat(whence(server)).isEqualTo(whence(server));
        }
    }

    @Test
    void twoAtATimeHaveOneEach() throws Exception {
        try (RpcServer server = server(ANY);
                RpcChannel other = caller.to(Peer.agent(N1, server.address()))) {
            String first = other.call(WHENCE, new Nothing(), LONG).address();

            assertThat(whence(server)).isNotEqualTo(first);
        }
    }

    @Test
    void oneWithACallThatHasNotEndedIsClosed() throws Exception {
        try (RpcServer server = server(ANY)) {
            String first;
            try (RpcChannel channel = caller.to(Peer.agent(N1, server.address()))) {
                RpcCall<Nothing, From> call = channel.open(FOREVER, Optional.empty());
                call.send(new Nothing());
                call.sendNoMore();
                first = call.next().orElseThrow().address();
            }

            assertThat(whence(server)).isNotEqualTo(first);
        }
    }

    @Test
    void whoeverComesBackAtTheSameAddressIsReachedAtOnce() throws Exception {
        RpcServer server = server(ANY);
        InetSocketAddress bound = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        String address = server.address();
        whence(address);
        server.close();
        assertThatThrownBy(() -> whence(address)).isInstanceOf(RpcFailed.class);

        try (RpcServer _ = server(bound)) {
            assertThat(whence(address)).isNotEmpty();
        }
    }

    /** Class of hole: a key that is used for longer than it counts. */
    @Test
    void nothingGoesByAConnectionThatHasShownWhatWasRenewed() throws Exception {
        try (RpcServer server = server(ANY)) {
            String before = whence(server);

            credentials.renew(authority.issue(new Principal(Role.SERVER, "s1"), Duration.ofDays(1)));

            assertThat(whence(server)).isNotEqualTo(before);
        }
    }

    /** Class of hole: a key that is used for longer than it counts. */
    @Test
    void norByOneThatWasInUseWhenItWasRenewed() throws Exception {
        try (RpcServer server = server(ANY)) {
            String before;
            try (RpcChannel channel = caller.to(Peer.agent(N1, server.address()))) {
                before = channel.call(WHENCE, new Nothing(), LONG).address();
                credentials.renew(authority.issue(new Principal(Role.SERVER, "s1"), Duration.ofDays(1)));
            }

            assertThat(whence(server)).isNotEqualTo(before);
        }
    }

    /** Class of hole: one identity's connection used for another's call. */
    @Test
    void thatOfOneIdentityIsNotUsedForAnother() throws Exception {
        try (RpcServer server = server(ANY)) {
            String before = whence(server);
            caller = Connections.as(of("s2", Role.SERVER));

            assertThat(whence(server)).isNotEqualTo(before);
        }
    }
}
