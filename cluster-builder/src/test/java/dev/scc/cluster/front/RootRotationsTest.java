package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcServer;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.MemoryTree;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.AuthorityKeys;
import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.trust.Rotation;
import dev.scc.cluster.trust.Rotation.Phase;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server's part in a rotation, on a tree in memory. */
class RootRotationsTest {
    private static final String HERE = "10.99.0.1:7070";
    private static final String ELSEWHERE = "10.99.0.2:7070";
    private static final Principal S1 = new Principal(Role.SERVER, "s1");
    private static final Principal N1 = new Principal(Role.NODE, "n1");
    private static final Principal KEEPER = new Principal(Role.KEEPER, "n1");
    private static final Principal ADA = new Principal(Role.OPERATOR, "ada");

    @TempDir
    Path directory;

    private final MemoryTree tree = new MemoryTree();
    private Authority authority;
    private int reissued;
    private RootRotations rotations;

    @BeforeEach
    void start() throws Exception {
        authority = Authority.open(directory, InstantSource.system());
        rotations = server(List.of(), () -> reissued++);
    }

    private RootRotations server(List<String> peers, RootRotations.Reissue reissue) {
        return new RootRotations(
                tree, authority, new RootRotations.Self(S1, HERE, peers, Connections.plain(), reissue));
    }

    private Rotation latest() throws Exception {
        return rotations.state().rotation().orElseThrow();
    }

    private void toldOf(Principal who) {
        tree.put(Paths.reissued(who.toString()), "0");
    }

    private static void lives(MemoryTree tree, String node) {
        tree.put(Paths.node(new NodeName(node)), "");
        tree.put(Paths.alive(new NodeName(node)), "");
    }

    private void pool() {
        lives(tree, "n1");
        tree.put(Paths.node(new NodeName("n2")), "");
        tree.put(Paths.user("ada"), Json.write(new PersonRecord(Role.OPERATOR, Rights.NONE)));
    }

    @Test
    void aRootIsReplacedInThreeStepsAndEachIsWrittenDown() throws Exception {
        Fingerprint before = authority.signs(Root.MEMBERS);

        rotations.begin(Root.MEMBERS, false);
        Rotation spreading = latest();
        assertThat(spreading)
                .isEqualTo(new Rotation(Root.MEMBERS, Phase.SPREADING, 1, HERE, before, spreading.after()));
        assertThat(spreading.isIn(authority.roots())).isTrue();
        assertThat(authority.signs(Root.MEMBERS)).isEqualTo(before);
        assertThat(reissued).isEqualTo(1);

        rotations.change(Root.MEMBERS, false);
        assertThat(latest()).isEqualTo(new Rotation(Root.MEMBERS, Phase.REISSUING, 2, HERE, before, spreading.after()));
        assertThat(authority.signs(Root.MEMBERS)).isEqualTo(spreading.after());
        assertThat(reissued).isEqualTo(2);

        rotations.drop(Root.MEMBERS, false);
        assertThat(latest()).isEqualTo(new Rotation(Root.MEMBERS, Phase.DROPPED, 3, HERE, before, spreading.after()));
        assertThat(authority.roots().members()).hasSize(1);
        assertThat(reissued).isEqualTo(3);
        assertThat(tree.children(TreeEntry.REISSUED.path())).isEmpty();

        rotations.begin(Root.SERVERS, false);
        assertThat(latest().step()).isEqualTo(4);
    }

    @Test
    void whoAsksForAStepAgainChangesNothing() throws Exception {
        rotations.begin(Root.MEMBERS, false);
        rotations.begin(Root.MEMBERS, false);
        assertThat(latest().step()).isEqualTo(1);
        rotations.change(Root.MEMBERS, false);
        rotations.change(Root.MEMBERS, false);
        assertThat(latest().step()).isEqualTo(2);
        rotations.drop(Root.MEMBERS, false);
        rotations.drop(Root.MEMBERS, false);
        assertThat(latest().step()).isEqualTo(3);
        assertThat(reissued).isEqualTo(3);
    }

    @Test
    void aStepThatIsNotTheNextOneIsRefused() throws Exception {
        assertRefused(() -> rotations.change(Root.MEMBERS, true), "the root of members is not at that point");
        assertRefused(() -> rotations.drop(Root.MEMBERS, true), "not at that point");
        rotations.begin(Root.MEMBERS, false);
        assertRefused(() -> rotations.drop(Root.MEMBERS, true), "not at that point");
        assertRefused(() -> rotations.change(Root.SERVERS, true), "the root of servers is not at that point");
        assertRefused(() -> rotations.begin(Root.SERVERS, false), "the root of members is being replaced");
        rotations.change(Root.MEMBERS, false);
        assertRefused(() -> rotations.begin(Root.MEMBERS, true), "the root of members is being replaced");
        assertThat(latest().step()).isEqualTo(2);
    }

    private interface Step {
        void take() throws Exception;
    }

    private static void assertRefused(Step step, String why) {
        assertThatThrownBy(step::take)
                .isInstanceOfSatisfying(
                        RpcFailed.class, e -> assertThat(e.kind()).isEqualTo(RpcFailed.Kind.REFUSED))
                .hasMessageContaining(why);
    }

    @Test
    void whoLivesAndAllPeopleAreWaitedForUntilTheyHaveACertificateOfThatStep() throws Exception {
        pool();
        rotations.begin(Root.MEMBERS, false);

        assertThat(rotations.state().behind()).containsExactly(N1, ADA);
        assertRefused(() -> rotations.change(Root.MEMBERS, false), "node:n1, operator:ada have not heard");
        rotations.note(ADA);
        assertThat(rotations.state().behind()).containsExactly(N1);
        toldOf(KEEPER);
        assertThat(rotations.state().behind()).containsExactly(N1, KEEPER);
        rotations.note(N1);
        rotations.note(KEEPER);
        assertThat(rotations.state().behind()).isEmpty();

        rotations.change(Root.MEMBERS, false);
        assertThat(rotations.state().behind()).containsExactly(N1, KEEPER, ADA);
        assertRefused(() -> rotations.drop(Root.MEMBERS, false), "still have a certificate of the old root");
        rotations.drop(Root.MEMBERS, true);
        assertThat(rotations.state().behind()).isEmpty();
    }

    @Test
    void allServersOfAnEnsembleAreWaitedFor() throws Exception {
        rotations = server(List.of("s1", "s2"), () -> {});
        rotations.begin(Root.SERVERS, false);

        assertThat(rotations.state().behind()).containsExactly(new Principal(Role.SERVER, "s2"));
    }

    @Test
    void aServerThatIsAloneIsWaitedForToo() throws Exception {
        rotations.begin(Root.SERVERS, false);
        tree.remove(Paths.reissued(S1.toString()));

        assertThat(rotations.state().behind()).containsExactly(S1);
    }

    @Test
    void ofManyWhoAreBehindTheFirstTenAreNamed() throws Exception {
        for (int number = 10; number < 22; number++) {
            lives(tree, "n" + number);
        }
        rotations.begin(Root.MEMBERS, false);
        assertRefused(() -> rotations.change(Root.MEMBERS, false), "node:n19 and 2 more have not heard");
        tree.remove(Paths.alive(new NodeName("n20")));
        tree.remove(Paths.alive(new NodeName("n21")));
        assertRefused(() -> rotations.change(Root.MEMBERS, false), "node:n18, node:n19 have not heard");
    }

    @Test
    void aNoteIsWrittenOnceForEachStep() throws Exception {
        rotations.note(ADA);
        assertThat(tree.children(TreeEntry.REISSUED.path())).isEmpty();
        rotations.begin(Root.MEMBERS, false);
        String path = Paths.reissued(ADA.toString());
        rotations.note(ADA);
        rotations.note(ADA);
        assertThat(tree.get(path).orElseThrow().version()).isZero();
        assertThat(tree.get(path).orElseThrow().text()).isEqualTo("1");

        rotations.change(Root.MEMBERS, false);
        rotations.note(ADA);
        assertThat(tree.get(path).orElseThrow().text()).isEqualTo("2");
        rotations.drop(Root.MEMBERS, true);
        rotations.note(ADA);
        assertThat(tree.get(path)).isEmpty();
    }

    private Rotation begunElsewhere(Fingerprint after) {
        Rotation there =
                new Rotation(Root.MEMBERS, Phase.SPREADING, 5, ELSEWHERE, authority.signs(Root.MEMBERS), after);
        tree.put(TreeEntry.ROTATION.path(), Json.write(there));
        return there;
    }

    @Test
    void whatAnotherServerHasBegunThatOneGoesOnWith() throws Exception {
        begunElsewhere(Fingerprint.of(new byte[] {1}));

        assertRefused(() -> rotations.begin(Root.MEMBERS, false), "--server " + ELSEWHERE + ", or begin anew here");
        assertRefused(() -> rotations.change(Root.MEMBERS, true), "the server at " + ELSEWHERE + " has the new key");
        assertThat(latest().step()).isEqualTo(5);

        rotations.begin(Root.MEMBERS, true);
        assertThat(latest().step()).isEqualTo(6);
        assertThat(latest().by()).isEqualTo(HERE);
    }

    @Test
    void whoCannotReachTheServerThatHasTheNewKeyTriesAgain() throws Exception {
        Rotation there = new Rotation(
                Root.MEMBERS,
                Phase.SPREADING,
                5,
                "127.0.0.1:1",
                authority.signs(Root.MEMBERS),
                Fingerprint.of(new byte[] {1}));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> rotations.isDone(there)).isInstanceOf(InterruptedException.class);
        assertThat(reissued).isZero();
    }

    @Test
    void aServerThatHasDoneItsPartNotesItselfAndDoesNothingElse() throws Exception {
        rotations.begin(Root.MEMBERS, false);
        Rotation begun = latest();
        tree.remove(Paths.reissued(S1.toString()));
        RootRotations again = server(List.of(), () -> reissued++);

        assertThat(again.isDone(begun)).isTrue();

        assertThat(reissued).isEqualTo(1);
        assertThat(tree.get(Paths.reissued(S1.toString()))).isPresent();
    }

    @Test
    void aServerThatSignsWithTheNewRootForgetsTheOldOneByItself() throws Exception {
        rotations.begin(Root.MEMBERS, false);
        rotations.change(Root.MEMBERS, false);
        Rotation on = latest();

        assertThat(rotations.isDone(new Rotation(Root.MEMBERS, Phase.DROPPED, 3, ELSEWHERE, on.before(), on.after())))
                .isTrue();

        assertThat(authority.roots().members()).hasSize(1);
        assertThat(reissued).isEqualTo(3);
        assertThat(tree.get(Paths.reissued(ADA.toString()))).isEqualTo(Optional.empty());
    }

    @Test
    void aServerThatSignsWithTheNewRootAndHasNotSaidSoSaysItWhenItIsAskedAgain() throws Exception {
        rotations.begin(Root.MEMBERS, false);
        Fingerprint after = latest().after();
        RootRotations failing = server(List.of(), () -> {
            throw new IOException("no space");
        });
        assertRefused(() -> failing.change(Root.MEMBERS, false), "no space");
        assertThat(authority.signs(Root.MEMBERS)).isEqualTo(after);
        assertThat(latest().phase()).isEqualTo(Phase.SPREADING);
        rotations.begin(Root.MEMBERS, false);
        assertThat(latest().step()).as("there is nothing to begin").isEqualTo(1);

        rotations.change(Root.MEMBERS, false);

        assertThat(latest().phase()).isEqualTo(Phase.REISSUING);
        assertThat(authority.signs(Root.MEMBERS)).isEqualTo(after);
    }

    @Test
    void whatCannotBeWrittenIsRefusedAndNotPublished() throws Exception {
        rotations = server(List.of(), () -> {
            throw new IOException("no space");
        });

        assertRefused(() -> rotations.begin(Root.MEMBERS, false), "this server cannot write its authority: no space");

        assertThat(rotations.state().rotation()).isEmpty();
    }

    /** Another server of the pool, which has the new key and gives it to the others. */
    private Authority other() throws Exception {
        Path copy = Files.createDirectories(directory.resolve("other"));
        Authority.keep(copy, authority.keys());
        return Authority.open(copy, InstantSource.system());
    }

    private interface Share {
        AuthorityKeys keys() throws RpcFailed;
    }

    private static RpcServer sharing(Share share) throws Exception {
        return RpcServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Connections.plain(),
                List.of(new RpcService(TrustRpc.SERVICE)
                        .unary(TrustRpc.SHARE, (_, _) -> share.keys())
                        .definition()));
    }

    @Test
    void whatAnotherServerHasBegunIsTakenOverFromItStepByStep() throws Exception {
        Fingerprint before = authority.signs(Root.MEMBERS);
        Authority other = other();
        try (RpcServer server = sharing(other::keys)) {
            String by = server.address();
            Fingerprint after = other.prepare(Root.MEMBERS);

            assertThat(rotations.isDone(new Rotation(Root.MEMBERS, Phase.SPREADING, 1, by, before, after)))
                    .isTrue();
            assertThat(authority.roots().members()).hasSize(2);
            assertThat(authority.signs(Root.MEMBERS)).isEqualTo(before);
            assertThat(reissued).isEqualTo(1);
            assertThat(tree.get(Paths.reissued(S1.toString())).orElseThrow().text())
                    .isEqualTo("1");

            other.change(Root.MEMBERS);
            Rotation reissuing = new Rotation(Root.MEMBERS, Phase.REISSUING, 2, by, before, after);
            assertThat(rotations.isDone(reissuing)).isTrue();
            assertThat(authority.signs(Root.MEMBERS)).isEqualTo(after);
            assertThat(reissued).isEqualTo(2);
            assertThat(rotations.isDone(reissuing)).isTrue();
            assertThat(reissued).as("there is nothing more to do").isEqualTo(2);
        }
    }

    @Test
    void aServerThatHasMissedThatTheNewRootSignsTakesItOverThoughTheOldOneIsGone() throws Exception {
        Fingerprint before = authority.signs(Root.MEMBERS);
        Authority other = other();
        Fingerprint after = other.prepare(Root.MEMBERS);
        other.change(Root.MEMBERS);
        other.drop(Root.MEMBERS);
        try (RpcServer server = sharing(other::keys)) {
            assertThat(rotations.isDone(new Rotation(Root.MEMBERS, Phase.DROPPED, 3, server.address(), before, after)))
                    .isTrue();
        }

        assertThat(authority.signs(Root.MEMBERS)).isEqualTo(after);
        assertThat(authority.roots().members()).hasSize(1);
    }

    @Test
    void untilThisServerHasTheNewRootNobodyIsNotedAsHavingHeardOfIt() throws Exception {
        Fingerprint before = authority.signs(Root.MEMBERS);
        Authority other = other();
        Fingerprint after = Fingerprint.of(new byte[] {1});
        try (RpcServer behind = sharing(other::keys);
                RpcServer declines = sharing(() -> {
                    throw new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, "who are you?");
                })) {
            for (RpcServer server : List.of(behind, declines)) {
                assertThat(rotations.isDone(
                                new Rotation(Root.MEMBERS, Phase.SPREADING, 1, server.address(), before, after)))
                        .isFalse();
            }
        }
        rotations.note(ADA);

        assertThat(tree.children(TreeEntry.REISSUED.path())).isEmpty();
        assertThat(authority.signs(Root.MEMBERS)).isEqualTo(before);
    }

    @Test
    void howFarItIsIsWhatAllServersHaveWritten() throws Exception {
        rotations.state();

        assertThat(tree.syncs()).isEqualTo(1);
    }
}
