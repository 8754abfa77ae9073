package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.PlugChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.leftover.Remains;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EniMovingTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");
    private static final NodeName N3 = new NodeName("n3");
    private static final Optional<PlugStatus.Fault> NO_ROOM =
            Optional.of(new PlugStatus.Fault("add link:eni1", "no room"));

    private World world = Worlds.free(4);
    private int requests;
    private EniId eni = EniId.of("none");

    @BeforeEach
    void anEniOfTheFirstNode() {
        done(new Request.VpcCreate(LAB, Cidr.parse("172.20.0.0/29")));
        done(new Request.EniAttach(N1, LAB, Optional.empty(), Optional.empty(), List.of()));
        eni = EniId.of("r" + requests);
        says(N1, Optional.empty());
        care(Map.of());
    }

    private RequestPlanner.Answer ask(Request request) {
        Situation situation = new Situation(world, Map.of(), Timing.usual(), Instant.ofEpochSecond(5_000));
        RequestPlanner.Answer answer = new RequestPlanner(situation, 5)
                .answer(request, "r" + ++requests, new Asker.Unproven(), Optional.empty(), Optional.empty());
        if (answer instanceof RequestPlanner.Answer.Commit commit) {
            world = Worlds.after(world, commit.changes());
        }
        return answer;
    }

    private void done(Request request) {
        assertThat(ask(request)).isInstanceOf(RequestPlanner.Answer.Commit.class);
    }

    private Request.EniMove moving(NodeName to) {
        return new Request.EniMove(eni, to, Optional.empty());
    }

    private void refused(Request request, Refusal reason, String why) {
        assertThat(ask(request)).isInstanceOfSatisfying(RequestPlanner.Answer.Refuse.class, refuse -> {
            assertThat(refuse.why()).contains(why);
            assertThat(refuse.reason()).isEqualTo(reason);
        });
    }

    private void says(NodeName node, Optional<PlugStatus.Fault> fault) {
        NavigableMap<NodeName, NodeEnis> enis = new TreeMap<>(world.enis());
        enis.computeIfPresent(
                node,
                (_, known) -> new NodeEnis(
                        known.plugs(), Optional.of(new PlugStatus(known.plugs().version(), fault))));
        world = new World(world.nodes(), world.clusters(), world.pools(), world.vpcs(), enis, Map.of());
    }

    private List<Outcome> care(Map<NodeName, Instant> missing) {
        Situation situation = new Situation(world, missing, Timing.usual(), Instant.ofEpochSecond(5_000));
        List<Change> changes = new EniCare(situation).next().changes();
        world = Worlds.after(world, changes);
        return Worlds.only(RequestChange.Answer.class, changes).stream()
                .map(RequestChange.Answer::outcome)
                .toList();
    }

    /** Where it is, and how far, by nodes; and where packets to its address go. */
    private String state() {
        StringBuilder text = new StringBuilder();
        world.enis()
                .forEach((node, enis) -> enis.plugs()
                        .value()
                        .of(eni)
                        .ifPresent(plug -> text.append(node)
                                .append(' ')
                                .append(plug.phase())
                                .append(", ")));
        Optional.ofNullable(world.vpcs().get(LAB))
                .orElseThrow()
                .holdings()
                .values()
                .forEach(held -> text.append("at ")
                        .append(held.value().members().getFirst().node()));
        return text.toString();
    }

    @Test
    void theSecondNodeBuildsNothingBeforeTheFirstHasSaidThatNothingIsLeft() {
        done(moving(N2));
        assertThat(state()).isEqualTo("n1 LEAVING, n2 AWAITED, at n1");
        says(N2, Optional.empty());
        assertThat(care(Map.of())).isEmpty();
        assertThat(state()).isEqualTo("n1 LEAVING, n2 AWAITED, at n1");

        says(N1, Optional.empty());
        assertThat(care(Map.of())).isEmpty();
        assertThat(state()).isEqualTo("n1 AWAITED, n2 ARRIVING, at n2");
        says(N2, Optional.empty());

        assertThat(care(Map.of())).containsExactly(new Outcome.Done(5_000_000, List.of()));
        assertThat(state()).isEqualTo("n2 ATTACHED, at n2");
    }

    @Test
    void oneThatTheSecondNodeCannotBuildGoesBackOnceNothingIsLeftThere() {
        done(moving(N2));
        says(N1, Optional.empty());
        care(Map.of());
        says(N2, NO_ROOM);

        assertThat(care(Map.of())).singleElement().isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.failure().why()).isEqualTo("no room");
            assertThat(failed.failure().done()).contains("goes back to node n1");
        });
        assertThat(state()).isEqualTo("n1 AWAITED, n2 LEAVING, at n2");
        assertThat(care(Map.of(N2, Instant.EPOCH))).isEmpty();
        assertThat(state()).isEqualTo("n1 AWAITED, n2 LEAVING, at n2");

        says(N2, Optional.empty());
        care(Map.of());
        assertThat(state()).isEqualTo("n1 ATTACHED, at n1");
    }

    @Test
    void oneWhoseNodeIsLostStaysThere() {
        done(moving(N2));

        assertThat(care(Map.of(N1, Instant.EPOCH)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().done()).isEqualTo("it stays on node n1"));
        assertThat(state()).isEqualTo("n1 ATTACHED, at n1");
    }

    @Test
    void oneThatWaitsForALostNodeStaysWhereItIs() {
        done(moving(N2));

        assertThat(care(Map.of(N2, Instant.EPOCH))).hasSize(1);
        assertThat(state()).isEqualTo("n1 ATTACHED, at n1");
    }

    @Test
    void whatCannotBeIsRefused() {
        refused(moving(N1), Refusal.INVALID, "on node n1 already");
        refused(moving(new NodeName("n9")), Refusal.UNKNOWN, "no node n9");
        refused(new Request.EniMove(EniId.of("x"), N2, Optional.empty()), Refusal.UNKNOWN, "no ENI");
        done(moving(N2));
        refused(moving(N3), Refusal.BUSY, "being moved");
        refused(new Request.EniDetach(eni), Refusal.BUSY, "being moved");
        refused(
                new Request.EniAttach(N2, LAB, Optional.empty(), Optional.empty(), List.of()),
                Refusal.BUSY,
                "of VPC lab in its own network namespace");
    }

    @Test
    void oneOnALostNodeIsNotMoved() {
        world = Worlds.silent(world, N1);

        refused(moving(N2), Refusal.BUSY, "scc node remove n1 --gone");
    }

    /** Its owner vouches that it bears nothing. */
    private List<Change> removed(NodeName node) {
        world = Worlds.silent(world, node);
        Remains remains = new Remains(
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                Map.of());
        RequestPlanner.Answer answer =
                new Cleaning(world, remains, 5_000_000).forget(new Request.Forget(node, true), "gone");
        List<Change> changes = ((RequestPlanner.Answer.Commit) answer).changes();
        world = Worlds.after(world, changes);
        return changes;
    }

    @Test
    void aNodeThatIsTakenOutOfThePoolLeavesTheEniToTheOther() {
        done(moving(N2));
        World leaving = world;
        removed(N1);
        assertThat(state()).isEqualTo("n2 ARRIVING, at n2");

        world = leaving;
        removed(N2);
        assertThat(state()).isEqualTo("n1 ATTACHED, at n1");

        world = leaving;
        says(N1, Optional.empty());
        care(Map.of());
        World arriving = world;
        removed(N2);
        assertThat(state()).isEqualTo("n1 ATTACHED, at n1");

        world = arriving;
        removed(N1);
        assertThat(state()).isEqualTo("n2 ARRIVING, at n2");
        says(N2, NO_ROOM);
        care(Map.of());
        assertThat(world.plugs(N2).of(eni).map(Plug::phase)).contains(Plug.Phase.DETACHING);
    }

    @Test
    void whoWaitsForTheMoveIsToldWhenTheSecondNodeIsTakenOutOfThePool() {
        done(moving(N2));
        String waiting = "r" + requests;
        says(N1, Optional.empty());
        care(Map.of());

        List<Change> changes = removed(N2);

        assertThat(Worlds.only(RequestChange.Answer.class, changes))
                .singleElement()
                .satisfies(answer -> {
                    assertThat(answer.request()).isEqualTo(waiting);
                    assertThat(answer.outcome())
                            .isInstanceOfSatisfying(
                                    Outcome.Failed.class,
                                    failed -> assertThat(failed.failure().why())
                                            .isEqualTo("the node was taken out of the pool meanwhile"));
                });
    }

    /** Its address is taken still: it is on the other node, or will be. */
    @Test
    void anAddressThatGoesOnElsewhereIsNotSaidToBeFree() {
        done(moving(N2));

        List<Change> changes = removed(N1);

        assertThat(Worlds.only(RequestChange.TakeUp.class, changes))
                .extracting(RequestChange.TakeUp::outcome)
                .containsExactly(new Outcome.Done(5_000_000, List.of(), List.of()));
    }

    private int slot(NodeName node) {
        return world.plugs(node).of(eni).orElseThrow().slot();
    }

    @Test
    void itKeepsItsSlotUnlessThatIsTakenOrAnotherIsAskedFor() {
        World before = world;
        done(moving(N2));
        assertThat(slot(N2)).isEqualTo(1);

        world = before;
        done(new Request.EniMove(eni, N2, Optional.of(7)));
        assertThat(slot(N2)).isEqualTo(7);

        world = before;
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        done(new Request.EniAttach(N2, new VpcName("other"), Optional.empty(), Optional.empty(), List.of()));
        done(moving(N2));
        assertThat(slot(N2)).isEqualTo(2);
        refused(new Request.EniMove(eni, N3, Optional.of(1)), Refusal.BUSY, "being moved");

        world = before;
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        done(new Request.EniAttach(N2, new VpcName("other"), Optional.empty(), Optional.empty(), List.of()));
        refused(new Request.EniMove(eni, N2, Optional.of(1)), Refusal.ADDRESSES, "slot 1 of node n2 is taken");
    }

    private void unread(String path) {
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of(path, "is nonsense"));
    }

    /** The second node may have it already. */
    @Test
    void nothingIsMovedWhereItCannotBeReadWhoHasWhat() {
        World before = world;
        for (String path : List.of(Paths.vpc(LAB), Paths.plugs(N3))) {
            unread(path);
            refused(moving(N2), Refusal.DOES_NOT_FIT, "cannot be read");
            world = before;
        }

        done(moving(N2));
        says(N1, Optional.empty());
        World gone = world;
        unread(Paths.plugs(N3));
        care(Map.of());
        assertThat(state()).isEqualTo("n1 LEAVING, n2 AWAITED, at n1");
        world = gone;
        unread(Paths.vpc(LAB));
        care(Map.of());
        assertThat(state()).isEqualTo("n1 LEAVING, n2 AWAITED, at n1");
        world = gone;
        care(Map.of());
        assertThat(state()).isEqualTo("n1 AWAITED, n2 ARRIVING, at n2");
    }

    /** That it would be at home again nobody can prove now. */
    @Test
    void oneOnItsWayBackIsDetachedWhenWhereItCameFromIsTakenOutOfThePool() {
        done(moving(N2));
        says(N1, Optional.empty());
        care(Map.of());
        says(N2, NO_ROOM);
        care(Map.of());
        assertThat(state()).isEqualTo("n1 AWAITED, n2 LEAVING, at n2");

        removed(N1);

        assertThat(state()).isEqualTo("n2 DETACHING, at n2");
    }

    /** The transaction that takes the node out would not fit itself. */
    @Test
    void whatANodeHasIsWrittenOnceWhenItIsTakenOutOfThePool() {
        done(moving(N2));

        assertThat(Worlds.only(PlugChange.class, removed(N1)))
                .extracting(PlugChange::node)
                .containsExactlyInAnyOrder(N1, N2);
    }

    @Test
    void ofSeveralTheOneThatCanGoOnGoesOn() {
        done(new Request.VpcCreate(new VpcName("other"), Cidr.parse("172.21.0.0/24")));
        done(new Request.EniAttach(N3, new VpcName("other"), Optional.empty(), Optional.empty(), List.of()));
        EniId other = EniId.of("r" + requests);
        says(N3, Optional.empty());
        care(Map.of());
        done(moving(N2));
        done(new Request.EniMove(other, N2, Optional.empty()));
        says(N3, Optional.empty());

        care(Map.of());

        assertThat(state()).isEqualTo("n1 LEAVING, n2 AWAITED, at n1");
        assertThat(world.plugs(N2).of(other).map(Plug::phase)).contains(Plug.Phase.ARRIVING);
    }

    /** After older data were restored: nobody could say that it has arrived. */
    @Test
    void oneThatNobodyAwaitsAnyMoreIsDetachedWithItsNode() {
        done(moving(N2));
        String waiting = "r" + requests;
        World leaving = world;
        withoutEnisOf(N2);
        assertDetached(removed(N1), waiting);

        world = leaving;
        says(N1, Optional.empty());
        care(Map.of());
        withoutEnisOf(N1);
        assertDetached(removed(N2), waiting);
    }

    private void assertDetached(List<Change> changes, String waiting) {
        assertThat(Worlds.only(RequestChange.Answer.class, changes))
                .extracting(RequestChange.Answer::request)
                .contains(waiting);
        assertThat(Worlds.only(VpcChange.Release.class, changes))
                .extracting(VpcChange.Release::entry)
                .containsExactly(eni.value());
    }

    private void withoutEnisOf(NodeName node) {
        NavigableMap<NodeName, NodeEnis> enis = new TreeMap<>(world.enis());
        enis.remove(node);
        world = new World(world.nodes(), world.clusters(), world.pools(), world.vpcs(), enis, Map.of());
    }

    @Test
    void whoWaitsForTheMoveIsToldWhenWhereItWasToGoIsTakenOutOfThePool() {
        done(moving(N2));
        String waiting = "r" + requests;

        assertThat(Worlds.only(RequestChange.Answer.class, removed(N2)))
                .extracting(RequestChange.Answer::request)
                .containsExactly(waiting);
        assertThat(state()).isEqualTo("n1 ATTACHED, at n1");
    }

    @Test
    void itIsInTheSlotThatItHadWhereThatIsFree() {
        VpcName other = new VpcName("other");
        done(new Request.VpcCreate(other, Cidr.parse("172.21.0.0/24")));
        done(new Request.EniAttach(N1, other, Optional.empty(), Optional.of(5), List.of()));
        EniId fifth = EniId.of("r" + requests);
        says(N1, Optional.empty());
        care(Map.of());

        done(new Request.EniMove(fifth, N2, Optional.empty()));

        assertThat(world.plugs(N2).of(fifth).map(Plug::slot)).contains(5);
    }

    /** After older data were restored. */
    @Test
    void oneWhoseVpcOrAddressIsNotThereGoesNowhere() {
        World before = world;
        world = new World(world.nodes(), world.clusters(), world.pools(), new TreeMap<>(), world.enis(), Map.of());
        refused(moving(N2), Refusal.DOES_NOT_FIT, "cannot be read");

        world = before;
        done(moving(N2));
        says(N1, Optional.empty());
        Vpc vpc = Optional.ofNullable(world.vpcs().get(LAB)).orElseThrow();
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                new TreeMap<>(Map.of(LAB, new Vpc(vpc.record(), new TreeMap<>()))),
                world.enis(),
                Map.of());
        care(Map.of());
        assertThat(world.plugs(N1).of(eni).map(Plug::phase)).contains(Plug.Phase.LEAVING);
    }
}
