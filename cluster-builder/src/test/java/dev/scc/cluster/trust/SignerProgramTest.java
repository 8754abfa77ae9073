package dev.scc.cluster.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.scc.cluster.client.Membership;
import dev.scc.cluster.client.TrustClient;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.server.Administrator;
import dev.scc.cluster.server.Security;
import dev.scc.cluster.server.ServerProcess;
import dev.scc.cluster.server.TreeHome;
import dev.scc.host.UserMistake;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A pool whose roots' keys are with a program of the operator's. */
@Timeout(240)
@ResourceLock("guard of ZooKeeper") // One for all servers of a process.
class SignerProgramTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Principal N1 = new Principal(Role.NODE, "n1");

    @TempDir
    Path directory;

    /** Does what the documentation asks of a program, or what a test wants it to do instead. */
    private static final class Safe implements Commands {
        private final Map<Root, KeyPair> keys = new EnumMap<>(Root.class);
        private final List<String> signed = new CopyOnWriteArrayList<>();
        private volatile Optional<CommandResult> instead = Optional.empty();

        Safe() {
            for (Root root : Root.values()) {
                keys.put(root, Credentials.newKeys());
            }
        }

        private KeyPair pair(String root) {
            return java.util.Objects.requireNonNull(keys.get(Root.valueOf(root.toUpperCase(Locale.ROOT))));
        }

        @Override
        public CommandResult run(Command command) {
            KeyPair pair = pair(command.argv().get(2));
            if (command.argv().get(1).equals("key")) {
                return new CommandResult(
                        0,
                        "-----BEGIN PUBLIC KEY-----\n"
                                + Base64.getEncoder()
                                        .encodeToString(pair.getPublic().getEncoded())
                                + "\n-----END PUBLIC KEY-----\n",
                        "");
            }
            signed.add(command.argv().get(2) + " " + command.environment().get("SCC_FOR") + " "
                    + command.environment().get("SCC_SECONDS"));
            return instead.orElseGet(() -> new CommandResult(0, signature(pair, command.input()), ""));
        }

        private static String signature(KeyPair pair, String input) {
            try {
                Signature signer = Signature.getInstance("SHA256withECDSA");
                signer.initSign(pair.getPrivate());
                signer.update(Base64.getDecoder().decode(input.strip()));
                return Base64.getEncoder().encodeToString(signer.sign()) + "\n";
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static SignerProgram program(Commands safe) {
        return new SignerProgram(safe, Path.of("/sign"));
    }

    private Authority open(Safe safe) throws IOException {
        return Authority.open(directory.resolve("authority"), Optional.of(program(safe)), InstantSource.system());
    }

    @Test
    void noKeyOfARootIsInTheServersDirectoryAndMembersComeInAllTheSame() throws Exception {
        Safe safe = new Safe();
        Path data = directory.resolve("server");
        try (ServerProcess server = ServerProcess.start(
                new TreeHome.Single(ANY),
                ANY,
                data,
                ServerProcess.SESSION,
                Security.GUARDED,
                Optional.empty(),
                Optional.of(program(safe)),
                Timing.usual())) {
            Connections own =
                    Connections.as(new LiveCredentials(Credentials.read(data.resolve(Administrator.CREDENTIALS))));
            try (TrustClient admin = TrustClient.to(server.address(), own, LONG)) {
                await().atMost(LONG)
                        .ignoreExceptions()
                        .until(() -> admin.people().isEmpty());
                JoinToken token =
                        JoinToken.parse(admin.invite(N1, Optional.empty(), Duration.ofMinutes(5), Optional.empty())
                                .text());

                safe.instead = Optional.of(new CommandResult(1, "", "the safe is locked\n"));
                assertThatThrownBy(() -> Membership.join(token, Duration.ofSeconds(10)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("gets no signature for node:n1")
                        .hasMessageContaining("the safe is locked");
                safe.instead = Optional.empty();
                Credentials joined = Membership.join(token, LONG);

                assertThat(joined.principal()).isEqualTo(N1);
                assertThat(safe.signed).contains("servers server:server 31536000", "members node:n1 86400");
                assertThatThrownBy(() ->
                                admin.rotate(Root.MEMBERS, dev.scc.cluster.api.TrustRpc.RotationStep.BEGIN, false))
                        .isInstanceOf(UserMistake.class)
                        .hasMessageContaining("--signer");
            }
        }
        try (Stream<Path> files = Files.walk(data.resolve(Security.AUTHORITY))) {
            assertThat(files.filter(Files::isRegularFile))
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .contains("CERTIFICATE")
                            .doesNotContain("KEY"));
        }
    }

    @Test
    void whatIsSignedIsWhatAServerSaysAndByTheRootThatAllHoldTo() throws Exception {
        Safe safe = new Safe();
        Authority authority = open(safe);

        Credentials issued = authority.issue(N1, DAY);

        issued.certificate().verify(authority.roots().members().getFirst().getPublicKey());
        assertThat(issued.principal()).isEqualTo(N1);
        assertThat(open(safe).roots()).isEqualTo(authority.roots());
        assertThat(authority.keys().toString()).doesNotContain("PRIVATE");
    }

    @Test
    void aProgramThatDoesSomethingElseIsToldAsThat() throws Exception {
        Safe safe = new Safe();
        Authority authority = open(safe);
        List<String> told = new ArrayList<>();
        for (String printed : List.of(
                Safe.signature(Credentials.newKeys(), "AAAA"),
                Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}),
                "?")) {
            safe.instead = Optional.of(new CommandResult(0, printed, ""));
            try {
                authority.issue(N1, DAY);
            } catch (SigningFailed e) {
                told.add(String.valueOf(e.getMessage()));
            }
        }

        assertThat(told).hasSize(3).allSatisfy(why -> assertThat(why).startsWith("/sign sign members prints no "));
        assertThat(told.getFirst()).isEqualTo("/sign sign members prints no signature of that by the root's key");
    }

    @Test
    void anotherKeyThanTheRootsIsNotUsedNorOneForBothNorAFileWithAKey() throws Exception {
        open(new Safe());

        assertThatThrownBy(() -> open(new Safe()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has another key than that of this root");
        assertThatThrownBy(() -> Authority.open(directory.resolve("authority"), InstantSource.system()))
                .hasMessageContaining("its key is elsewhere: start with --signer PROGRAM");
        Authority.open(directory.resolve("other"), InstantSource.system());
        assertThatThrownBy(() -> Authority.open(
                        directory.resolve("other"), Optional.of(program(new Safe())), InstantSource.system()))
                .hasMessageContaining("its key is in the file");
        Safe same = new Safe();
        same.keys.put(Root.MEMBERS, same.pair("servers"));
        assertThatThrownBy(() -> program(same).check()).hasMessageContaining("the same key for both roots");
    }
}
