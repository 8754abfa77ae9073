package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.scc.cluster.Paths;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcFailed.Kind;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Credentials;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.KeyProof;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.Root;
import dev.scc.host.Json;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who comes in, stays and is put out, on a tree in memory. */
class TrustServiceTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Principal ROOT = new Principal(Role.ADMIN, "root");
    private static final Principal N1 = new Principal(Role.NODE, "n1");
    private static final Principal ADA = new Principal(Role.USER, "ada");
    private static final Principal S2 = new Principal(Role.SERVER, "s2");
    private static final String FROM = "10.99.0.11:40000";

    @TempDir
    Path directory;

    private final MemoryTree tree = new MemoryTree();
    private Instant now = BEGIN;
    private boolean connected = true;
    private TrustService trust;

    @BeforeEach
    void start() throws Exception {
        Authority authority = Authority.open(directory.resolve("authority"), () -> now);
        trust = new TrustService(
                tree,
                () -> connected,
                authority,
                new NewServers(directory.resolve("tokens"), List.of("s1", "s2"), () -> now),
                new RootRotations(
                        tree,
                        authority,
                        new RootRotations.Self(
                                new Principal(Role.SERVER, "s1"), FROM, List.of(), Connections.plain(), () -> {})),
                "10.99.0.1:7070",
                () -> new TrustRpc.EnsembleSaid(Optional.empty()),
                () -> now);
    }

    private static Caller caller(Principal who) {
        return new Caller(Optional.of(who), FROM, true);
    }

    private JoinToken invite(Principal who, Optional<String> address, Duration lasts) throws Exception {
        Optional<Rights> rights = who.role().isPerson() ? Optional.of(Rights.NONE) : Optional.empty();
        return JoinToken.parse(trust.invite(caller(ROOT), new TrustRpc.Invite(who, address, lasts.toSeconds(), rights))
                .text());
    }

    private JoinToken invite(Principal who) throws Exception {
        return invite(who, Optional.empty(), Duration.ofHours(1));
    }

    private X509Certificate join(Principal who, String secret) throws Exception {
        KeyPair pair = Credentials.newKeys();
        return Credentials.of(
                        pair,
                        trust.join(
                                        new Caller(Optional.empty(), FROM, true),
                                        new TrustRpc.Join(who, secret, key(pair), proof(pair, who)))
                                .pem())
                .certificate();
    }

    private X509Certificate renew(Principal caller, Principal who) throws Exception {
        KeyPair pair = Credentials.newKeys();
        return Credentials.of(
                        pair,
                        trust.renew(caller(caller), new TrustRpc.Renew(who, key(pair), proof(pair, who)))
                                .pem())
                .certificate();
    }

    private static Bytes key(KeyPair pair) {
        return Bytes.of(pair.getPublic().getEncoded());
    }

    private static Bytes proof(KeyPair pair, Principal who) {
        return Bytes.of(KeyProof.of(pair, who));
    }

    private interface Attempt {
        void make() throws Exception;
    }

    private static void assertFails(Attempt attempt, Kind kind, String why) {
        assertThatThrownBy(attempt::make)
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(why);
    }

    @Test
    void aTokenLetsInOnceWhomItNamesForAsLongAsHisKindMay() throws Exception {
        String secret = invite(N1).secret();
        assertThat(Principal.of(join(N1, secret))).contains(N1);
        assertFails(() -> join(N1, secret), Kind.NOT_ENTITLED, "the token is unknown or spent");

        assertThat(join(N1, invite(N1).secret()).getNotAfter().toInstant()).isEqualTo(BEGIN.plus(Duration.ofHours(24)));
        assertThat(join(ADA, invite(ADA).secret()).getNotAfter().toInstant())
                .isEqualTo(BEGIN.plus(Duration.ofDays(30)));
    }

    @Test
    void aTokenOfAnotherOrFromElsewhereOrTooOldLetsNobodyInAndIsNotSpent() throws Exception {
        JoinToken token = invite(N1, Optional.of("10.99.0.12"), Duration.ofHours(1));
        assertFails(() -> join(N1, token.secret()), Kind.NOT_ENTITLED, "at another address than " + FROM);
        JoinToken here = invite(N1, Optional.of("10.99.0.11"), Duration.ofHours(1));
        assertFails(
                () -> join(new Principal(Role.NODE, "n2"), here.secret()),
                Kind.NOT_ENTITLED,
                "the token is for node:n1");
        now = BEGIN.plus(Duration.ofHours(1)).plusMillis(1);
        assertFails(() -> join(N1, here.secret()), Kind.NOT_ENTITLED, "the token has expired");
        now = BEGIN.plus(Duration.ofHours(1));
        assertThat(Principal.of(join(N1, here.secret()))).contains(N1);
        assertFails(() -> join(N1, "nobody knows it"), Kind.NOT_ENTITLED, "unknown or spent");
    }

    @Test
    void aKeyThatIsNotProvenIsNotSigned() throws Exception {
        KeyPair pair = Credentials.newKeys();
        String secret = invite(N1).secret();

        assertFails(
                () -> trust.join(
                        new Caller(Optional.empty(), FROM, true),
                        new TrustRpc.Join(N1, secret, key(pair), proof(pair, ADA))),
                Kind.INVALID,
                "the key is not proven");
        assertThat(Principal.of(join(N1, secret))).contains(N1);
    }

    @Test
    void aTokenLastsASecondToAWeek() throws Exception {
        assertFails(() -> invite(N1, Optional.empty(), Duration.ZERO), Kind.INVALID, "a second to 7 days");
        assertFails(() -> invite(N1, Optional.empty(), Duration.ofSeconds(-1)), Kind.INVALID, "a second to 7 days");
        assertFails(
                () -> invite(N1, Optional.empty(), Duration.ofDays(7).plusSeconds(1)),
                Kind.INVALID,
                "a second to 7 days");
        invite(N1, Optional.empty(), Duration.ofDays(7));
        invite(N1, Optional.empty(), Duration.ofSeconds(1));
        assertFails(() -> invite(new Principal(Role.KEEPER, "n1")), Kind.INVALID, "no tokens for a keeper");
    }

    @Test
    void whoIsInvitedIsKnownWithHisRightsAndKeepsHisRole() throws Exception {
        trust.invite(caller(ROOT), new TrustRpc.Invite(ADA, Optional.empty(), 60, Optional.empty()));
        assertThat(trust.people().people()).containsExactly(new TrustRpc.Person(ADA, Rights.NONE));
        Rights rights = new Rights(List.of(), Optional.of("ada"), Optional.of(3));
        trust.invite(caller(ROOT), new TrustRpc.Invite(ADA, Optional.empty(), 60, Optional.of(rights)));
        assertThat(trust.people().people()).containsExactly(new TrustRpc.Person(ADA, rights));

        assertFails(
                () -> invite(new Principal(Role.ADMIN, "ada")),
                Kind.REFUSED,
                "ada is known as user: scc user revoke ada");
        assertThat(trust.people().people()).containsExactly(new TrustRpc.Person(ADA, rights));
        assertThat(tree.syncs()).isEqualTo(3);
    }

    @Test
    void everybodyRenewsHisOwnAndANodeThatOfItsKeeper() throws Exception {
        Principal keeper = new Principal(Role.KEEPER, "n1");
        assertThat(Principal.of(renew(N1, N1))).contains(N1);
        assertThat(Principal.of(renew(N1, keeper))).contains(keeper);
        String none = " gets no certificate for ";
        assertFails(() -> renew(N1, new Principal(Role.KEEPER, "n2")), Kind.NOT_ENTITLED, none + "keeper:n2");
        assertFails(() -> renew(N1, new Principal(Role.NODE, "n2")), Kind.NOT_ENTITLED, none + "node:n2");
        assertFails(() -> renew(keeper, N1), Kind.NOT_ENTITLED, none + "node:n1");
        assertFails(() -> renew(ADA, new Principal(Role.KEEPER, "ada")), Kind.NOT_ENTITLED, none);
        assertThat(renew(S2, S2).getNotAfter().toInstant()).isEqualTo(BEGIN.plus(Duration.ofHours(1)));
    }

    @Test
    void aPersonWhoIsNotKnownAnyMoreRenewsNothing() throws Exception {
        assertFails(() -> renew(ADA, ADA), Kind.NOT_ENTITLED, "user:ada is not known any more");
        invite(ADA);
        assertThat(Principal.of(renew(ADA, ADA))).contains(ADA);
        Principal other = new Principal(Role.ADMIN, "ada");
        assertFails(() -> renew(other, other), Kind.NOT_ENTITLED, "admin:ada is not known any more");
    }

    @Test
    void whoIsPutOutIsKnownNoMoreAndWhatWasSignedBeforeCountsForNothing() throws Exception {
        invite(ADA);

        trust.revoke(caller(ROOT), new TrustRpc.Revoke(ADA));

        assertThat(trust.people().people()).isEmpty();
        String path = Paths.revoked(ADA.toString());
        assertThat(tree.get(path).orElseThrow().text()).contains(Long.toString(BEGIN.toEpochMilli()));
        assertFails(
                () -> trust.revoke(caller(ROOT), new TrustRpc.Revoke(ADA)),
                Kind.REFUSED,
                "nobody of that name and role is known");
        trust.revoke(caller(ROOT), new TrustRpc.Revoke(N1));
        now = BEGIN.plusSeconds(1);
        trust.revoke(caller(ROOT), new TrustRpc.Revoke(N1));
        assertThat(tree.get(Paths.revoked(N1.toString())).orElseThrow().text())
                .contains(Long.toString(now.toEpochMilli()));
        assertFails(
                () -> trust.revoke(caller(ROOT), new TrustRpc.Revoke(ROOT)), Kind.REFUSED, "nobody puts himself out");
    }

    @Test
    void aPersonOfAnotherRoleIsNotPutOut() throws Exception {
        tree.put(Paths.user("ada"), Json.write(new PersonRecord(Role.OPERATOR, Rights.NONE)));

        assertFails(() -> trust.revoke(caller(ROOT), new TrustRpc.Revoke(ADA)), Kind.REFUSED, "nobody of that name");

        assertThat(tree.get(Paths.user("ada"))).isPresent();
        assertThat(tree.get(Paths.revoked(ADA.toString()))).isEmpty();
    }

    @Test
    void aServersTokenCountsWithoutTheTreeAndOnce() throws Exception {
        String secret = invite(S2).secret();
        connected = false;
        assertThat(join(S2, secret).getNotAfter().toInstant()).isEqualTo(BEGIN.plus(Duration.ofHours(1)));
        assertFails(() -> join(S2, secret), Kind.NOT_ENTITLED, "the token is unknown or spent");
        assertFails(() -> join(N1, secret), Kind.UNREACHABLE, "no connection to ZooKeeper");
        assertFails(() -> invite(N1), Kind.UNREACHABLE, "no connection to ZooKeeper");
    }

    @Test
    void withoutTheTreeOnlyTheServersOwnAdministratorInvitesServers() throws Exception {
        assertFails(
                () -> invite(new Principal(Role.SERVER, "s9")),
                Kind.REFUSED,
                "s9 is not among the peers of this server");
        connected = false;
        assertFails(() -> invite(S2), Kind.NOT_ENTITLED, "only admin:local makes tokens for servers");
        TrustRpc.Invite wish = new TrustRpc.Invite(S2, Optional.empty(), 60, Optional.empty());
        assertThat(trust.invite(caller(TrustService.LOCAL_ADMINISTRATOR), wish).endsMillis())
                .isEqualTo(BEGIN.plusSeconds(60).toEpochMilli());
        assertThat(trust.invite(new Caller(Optional.empty(), FROM, false), wish).text())
                .isNotEmpty();
    }

    @Test
    void eachRootIsToldAndWhetherItSigns() throws Exception {
        assertThat(trust.roots().roots()).extracting(TrustRpc.RootSaid::signs).containsExactly(true, true);

        trust.rotate(new TrustRpc.Rotate(Root.MEMBERS, TrustRpc.RotationStep.BEGIN, false));

        TrustRpc.RootsSaid begun = trust.roots();
        assertThat(begun.rotation()).isPresent();
        assertThat(begun.roots())
                .extracting(TrustRpc.RootSaid::root, TrustRpc.RootSaid::signs)
                .containsExactly(tuple(Root.SERVERS, true), tuple(Root.MEMBERS, true), tuple(Root.MEMBERS, false));
        assertThat(trust.rotate(new TrustRpc.Rotate(Root.MEMBERS, TrustRpc.RotationStep.CHANGE, false)))
                .isEqualTo(new ServerRpc.Nothing());
        assertThat(trust.rotate(new TrustRpc.Rotate(Root.MEMBERS, TrustRpc.RotationStep.DROP, false)))
                .isEqualTo(new ServerRpc.Nothing());
        assertThat(trust.roots().roots()).hasSize(2);
    }

    @Test
    void aNodesTokenThatSomebodyShowsAsAServerIsToldAsWhatItIs() throws Exception {
        String secret = invite(N1).secret();

        assertFails(() -> join(S2, secret), Kind.NOT_ENTITLED, "the token is for node:n1");
    }

    @Test
    void whoGetsACertificateWhileARootIsReplacedIsNoted() throws Exception {
        invite(ADA);
        String secret = invite(N1).secret();
        trust.rotate(new TrustRpc.Rotate(Root.MEMBERS, TrustRpc.RotationStep.BEGIN, false));

        join(N1, secret);
        renew(ADA, ADA);

        assertThat(tree.get(Paths.reissued(N1.toString()))).isPresent();
        assertThat(tree.get(Paths.reissued(ADA.toString()))).isPresent();
    }

    /** Another server may have made it. */
    @Test
    void aTokenIsLookedForAmongAllThatAreWritten() throws Exception {
        String secret = invite(N1).secret();
        int before = tree.syncs();

        join(N1, secret);

        assertThat(tree.syncs()).isEqualTo(before + 1);
    }

    @Test
    void aServersTokenLetsNobodyElseInAndIsNotSpent() throws Exception {
        String secret = invite(S2).secret();

        assertFails(
                () -> join(new Principal(Role.SERVER, "s1"), secret), Kind.NOT_ENTITLED, "the token is for server:s2");

        assertThat(Principal.of(join(S2, secret))).contains(S2);
    }
}
