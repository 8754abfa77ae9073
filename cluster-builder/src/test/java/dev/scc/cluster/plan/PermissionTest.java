package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Attachment;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.NodePlugs;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.ClusterChange;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.GuestTap;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PermissionTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Principal ADA = new Principal(Role.USER, "ada");
    private static final Principal EVE = new Principal(Role.USER, "eve");
    private static final NodeName N1 = new NodeName("n1");

    /** Ada's cluster of two nodes, which names grace, beside four free nodes. */
    private static final World WORLD =
            world(Optional.of(ADA), ClusterSpec.of("demo", 2).withUsers(List.of("grace")));

    private static World world(Optional<Principal> owner, ClusterSpec spec) {
        ClusterRecord demo = ClusterRecord.begun(owner, spec, 70, List.of(N1, new NodeName("n2")), 0, "r0");
        World free = Worlds.free(6);
        return new World(free.nodes(), new TreeMap<>(Map.of(DEMO, new Held<>(demo, 3))), free.pools());
    }

    private static Rights rights(List<String> clusters, Optional<Integer> quota) {
        return new Rights(clusters, Optional.empty(), quota);
    }

    private static Asker asker(Principal who, Map<String, Rights> users) {
        Map<String, Held<PersonRecord>> people = new TreeMap<>();
        users.forEach((name, rights) -> people.put(name, new Held<>(new PersonRecord(Role.USER, rights), 7)));
        return new Asker.Proven(who, people);
    }

    private static Asker known(Principal who) {
        return asker(who, Map.of(who.name(), Rights.NONE));
    }

    private static Optional<Refusal> refusal(Asker asker, Request request) {
        return new Permission(asker, WORLD).objection(request).map(RequestPlanner.Answer.Refuse::reason);
    }

    @Test
    void aUserActsOnClustersThatAreHisThatNameHimOrThatHeWasGivenAndOnNoOthers() {
        Principal grace = new Principal(Role.USER, "grace");
        for (Request request : List.of(new Request.Delete(DEMO), new Request.Scale(DEMO, 1))) {
            assertThat(refusal(known(ADA), request)).isEmpty();
            assertThat(refusal(known(grace), request)).isEmpty();
            assertThat(refusal(asker(EVE, Map.of("eve", rights(List.of("demo"), Optional.empty()))), request))
                    .isEmpty();
            assertThat(refusal(known(EVE), request)).contains(Refusal.NOT_ENTITLED);
            assertThat(refusal(asker(EVE, Map.of("eve", rights(List.of("dem", "demo2"), Optional.empty()))), request))
                    .contains(Refusal.NOT_ENTITLED);
        }
    }

    /** Class of hole: a name that means somebody else in another list. */
    @Test
    void whoHasTheOwnersNameInAnotherRoleIsNotTheOwner() {
        World ofOperator = world(Optional.of(new Principal(Role.OPERATOR, "ada")), ClusterSpec.of("demo", 2));

        assertThat(new Permission(known(ADA), ofOperator).objection(new Request.Delete(DEMO)))
                .isPresent();
    }

    /** Class of hole: a right that outlives what it was given by. */
    @Test
    void aUserWhoIsNotKnownAnyMoreOrKnownAsSomethingElseGetsNothing() {
        Asker operator =
                new Asker.Proven(ADA, Map.of("ada", new Held<>(new PersonRecord(Role.OPERATOR, Rights.NONE), 0)));
        for (Asker asker : List.of(asker(ADA, Map.of()), operator)) {
            assertThat(refusal(asker, new Request.Delete(DEMO))).contains(Refusal.NOT_ENTITLED);
            assertThat(refusal(asker, new Request.Create(ClusterSpec.of("x", 1))))
                    .contains(Refusal.NOT_ENTITLED);
            assertThat(new Permission(asker, WORLD).maySee(cluster())).isFalse();
        }
    }

    @Test
    void forWhatAUserMayDoItMattersWhoHeIsAndWhoTheOwnerIsIfThatIsAUser() {
        assertThat(Asker.concerned(EVE, Optional.of(ADA))).containsExactly("ada", "eve");
        assertThat(Asker.concerned(EVE, Optional.empty())).containsExactly("eve");
        assertThat(Asker.concerned(EVE, Optional.of(new Principal(Role.OPERATOR, "op"))))
                .containsExactly("eve");
        assertThat(Asker.concerned(new Principal(Role.OPERATOR, "op"), Optional.of(ADA)))
                .isEmpty();
    }

    private static ClusterRecord cluster() {
        return Worlds.cluster(WORLD, "demo").value();
    }

    @ParameterizedTest
    @EnumSource
    void nodesAreForOperatorsAndWhoeverMayOnlyLookChangesNothing(Role role) {
        Asker asker = asker(new Principal(role, "x"), Map.of("x", Rights.NONE));
        boolean all = role == Role.ADMIN || role == Role.OPERATOR;
        for (Request request : List.of(
                new Request.Cordon(N1, "x"),
                new Request.Uncordon(N1),
                new Request.Label(N1, Map.of(), Set.of()),
                new Request.Collect(),
                new Request.Forget(N1, false),
                new Request.EniMove(EniId.of("x"), N1, Optional.empty()),
                new Request.Delete(DEMO))) {
            assertThat(refusal(asker, request).isEmpty())
                    .as("%s %s", role, request.title())
                    .isEqualTo(all);
        }
        assertThat(refusal(asker, new Request.Create(ClusterSpec.of("x", 1))).isEmpty())
                .isEqualTo(all || role == Role.USER);
        assertThat(new Permission(asker, WORLD).maySee(cluster())).isEqualTo(role != Role.USER);
    }

    @Test
    void theNodesOfAUsersClustersAreWithinHisQuotaTogether() {
        Asker three = asker(ADA, Map.of("ada", rights(List.of(), Optional.of(3))));

        assertThat(refusal(three, new Request.Create(ClusterSpec.of("x", 1)))).isEmpty();
        assertThat(refusal(three, new Request.Create(ClusterSpec.of("x", 2)))).contains(Refusal.OVER_QUOTA);
        assertThat(refusal(three, new Request.Scale(DEMO, 3))).isEmpty();
        assertThat(refusal(three, new Request.Scale(DEMO, 4))).contains(Refusal.OVER_QUOTA);
        assertThat(new Permission(three, WORLD)
                        .objection(new Request.Scale(DEMO, 4))
                        .orElseThrow()
                        .why())
                .isEqualTo("clusters of user:ada would have 4 nodes, and may have 3 together");
    }

    @Test
    void aClusterThatIsBeyondTheQuotaAlreadyMayShrinkAndGo() {
        Asker none = asker(ADA, Map.of("ada", rights(List.of(), Optional.of(0))));

        assertThat(refusal(none, new Request.Scale(DEMO, 1))).isEmpty();
        assertThat(refusal(none, new Request.Scale(DEMO, 2))).isEmpty();
        assertThat(refusal(none, new Request.Delete(DEMO))).isEmpty();
    }

    /** Class of hole: a limit that somebody else's way around leaves out. */
    @Test
    void whoMayUseAnothersClusterGrowsItWithinTheQuotasOfBoth() {
        Rights given = rights(List.of("demo"), Optional.of(5));
        Asker bounded = asker(EVE, Map.of("eve", given, "ada", rights(List.of(), Optional.of(3))));
        Asker free = asker(EVE, Map.of("eve", given, "ada", Rights.NONE));

        assertThat(refusal(bounded, new Request.Scale(DEMO, 3))).isEmpty();
        assertThat(refusal(bounded, new Request.Scale(DEMO, 4))).contains(Refusal.OVER_QUOTA);
        assertThat(refusal(free, new Request.Scale(DEMO, 5))).isEmpty();
        assertThat(refusal(free, new Request.Scale(DEMO, 6))).contains(Refusal.OVER_QUOTA);
    }

    @Test
    void whatIsTakenUpIsItsAskersAndHoldsOnlyIfHisRightsAreWhatWasRead() {
        RequestPlanner planner = new RequestPlanner(
                new Situation(WORLD, Map.of(), Timing.usual(), Instant.EPOCH.plus(Duration.ofDays(1))), 5);

        RequestPlanner.Answer answer = planner.answer(
                new Request.Create(ClusterSpec.of("x", 2)), "r1", known(ADA), Optional.empty(), Optional.empty());

        List<Change> changes = ((RequestPlanner.Answer.Commit) answer).changes();
        assertThat(Worlds.only(ClusterChange.Begin.class, changes))
                .singleElement()
                .satisfies(begun -> assertThat(begun.first().owner()).contains(ADA));
        assertThat(changes).contains(new Change.Rely("ada", 7, Optional.empty()));
    }

    @Test
    void aDryRunSaysWhatACreateWouldBeRefusedFor() {
        Asker none = asker(ADA, Map.of("ada", rights(List.of(), Optional.of(2))));

        assertThat(DryRun.create(ClusterSpec.of("x", 1), none, WORLD))
                .isInstanceOfSatisfying(
                        DryRun.Impossible.class, no -> assertThat(no.reason()).isEqualTo(Refusal.OVER_QUOTA));
    }

    @Test
    void aVpcThatLivesByItselfIsJoinedAndTakenAwayByWhoeverHasMadeIt() {
        VpcName lab = new VpcName("lab");
        VpcRecord record = new VpcRecord(lab, new Vni(6000), Cidr.parse("192.168.64.0/24"), 1450, Optional.of(ADA), 0);
        World world = new World(
                WORLD.nodes(),
                WORLD.clusters(),
                WORLD.pools(),
                new TreeMap<>(Map.of(lab, new Vpc(new Held<>(record, 0), new TreeMap<>()))),
                new TreeMap<>(),
                Map.of());
        for (Request request : List.of(
                new Request.VpcDelete(lab),
                new Request.Create(ClusterSpec.of("x", 1).withVpc("lab")))) {
            assertThat(new Permission(known(ADA), world).objection(request)).isEmpty();
            assertThat(new Permission(known(EVE), world).objection(request))
                    .map(RequestPlanner.Answer.Refuse::reason)
                    .contains(Refusal.NOT_ENTITLED);
        }
    }

    /** Class of hole: an agent's key as a way into networks that nobody has opened to its node. */
    @Test
    void aNodePutsItsOwnContainersIntoVpcsThatAreOpenToThemAndDoesNothingElse() {
        VpcName pods = new VpcName("pods");
        VpcName closed = new VpcName("closed");
        Principal n1 = new Principal(Role.NODE, "n1");
        Plug of = plug(EniId.of("a"), 1, Optional.of(n1), Optional.of(new Attachment("pods", "c", "eth0", "c")));
        Plug admins = plug(EniId.of("b"), 2, Optional.of(ADA), Optional.empty());
        World world = new World(
                WORLD.nodes(),
                WORLD.clusters(),
                WORLD.pools(),
                new TreeMap<>(Map.of(
                        pods, new Vpc(new Held<>(vpc(pods, true), 0), new TreeMap<>()),
                        closed, new Vpc(new Held<>(vpc(closed, false), 0), new TreeMap<>()))),
                new TreeMap<>(Map.of(
                        N1, new NodeEnis(new Held<>(new NodePlugs(List.of(of, admins)), 0), Optional.empty()))),
                Map.of());
        NodeName other = new NodeName("n2");
        Optional<Attachment> container = of.attachment();

        assertThat(refused(n1, world, attach(N1, pods, container))).isFalse();
        assertThat(refused(n1, world, new Request.EniDetach(of.eni()))).isFalse();
        assertThat(List.of(
                        attach(N1, closed, container),
                        attach(other, pods, container),
                        attach(N1, pods, Optional.empty()),
                        new Request.EniDetach(admins.eni()),
                        new Request.EniMove(of.eni(), other, Optional.empty()),
                        new Request.Cordon(N1, "x"),
                        new Request.VpcCreate(new VpcName("x"), Cidr.parse("192.168.66.0/24"))))
                .allSatisfy(request -> assertThat(refused(n1, world, request))
                        .as("%s", request)
                        .isTrue());
        assertThat(refused(new Principal(Role.NODE, "n2"), world, new Request.EniDetach(of.eni())))
                .isTrue();
    }

    private static boolean refused(Principal node, World world, Request request) {
        return new Permission(new Asker.Proven(node, Map.of()), world)
                .objection(request)
                .isPresent();
    }

    private static Request attach(NodeName node, VpcName vpc, Optional<Attachment> container) {
        return new Request.EniAttach(
                node,
                vpc,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(NamespaceFile.parse("c")),
                container,
                List.of());
    }

    private static VpcRecord vpc(VpcName name, boolean containers) {
        return new VpcRecord(
                name,
                new Vni(6000),
                Cidr.parse("192.168.64.0/24"),
                1450,
                Optional.of(ADA),
                0,
                containers,
                Optional.empty());
    }

    private static Plug plug(EniId eni, int slot, Optional<Principal> owner, Optional<Attachment> container) {
        return new Plug(
                eni,
                new VpcNetwork("vpc" + slot, new Vni(6000 + slot), Cidr.parse("192.168.64.0/24"), Optional.empty()),
                Ipv4.parse("192.168.64." + slot),
                slot,
                Plug.Phase.ATTACHED,
                owner,
                Optional.empty(),
                Optional.of(NamespaceFile.parse("c")),
                container,
                List.of());
    }

    @Test
    void aUserSeesWhatIsOnTheNodesOfHisClustersAndEverybodyElseWhatIsOnAll() {
        NodeName free = new NodeName("n5");
        Permission ada = new Permission(asker(ADA, Map.of("ada", rights(List.of(), Optional.empty()))), WORLD);
        Permission eve = new Permission(asker(EVE, Map.of("eve", rights(List.of(), Optional.empty()))), WORLD);
        Permission viewer = new Permission(asker(new Principal(Role.VIEWER, "vic"), Map.of()), WORLD);

        assertThat(List.of(ada.maySee(N1), ada.maySee(free))).containsExactly(true, false);
        ClusterRecord eves =
                ClusterRecord.begun(Optional.of(EVE), ClusterSpec.of("eves", 1), 71, List.of(free), 0, "r1");
        World both = new World(
                WORLD.nodes(),
                new TreeMap<>(Map.of(DEMO, new Held<>(cluster(), 3), eves.name(), new Held<>(eves, 0))),
                WORLD.pools());
        assertThat(new Permission(known(ADA), both).maySee(N1)).isTrue();
        assertThat(new Permission(known(EVE), both).maySee(free)).isTrue();
        assertThat(new Permission(known(EVE), both).maySee(N1)).isFalse();
        assertThat(List.of(eve.maySee(N1), eve.maySee(free))).containsExactly(false, false);
        assertThat(List.of(viewer.maySee(N1), viewer.maySee(free))).containsExactly(true, true);
    }

    @Test
    void theClustersOfOthersDoNotCountForAUsersQuota() {
        Asker five = asker(EVE, Map.of("eve", rights(List.of(), Optional.of(5))));

        assertThat(refusal(five, new Request.Create(ClusterSpec.of("x", 5)))).isEmpty();
        assertThat(refusal(five, new Request.Create(ClusterSpec.of("x", 6)))).contains(Refusal.OVER_QUOTA);
    }

    /** Class of hole: what guards a VPC changed by somebody whose VPC it is not. */
    @Test
    void theSecurityGroupsOfAVpcAreChangedByWhoeverHasMadeItAndTheirPacketsAreHisToSee() {
        VpcName lab = new VpcName("lab");
        GroupName web = new GroupName("web");
        World world = new World(
                WORLD.nodes(),
                WORLD.clusters(),
                WORLD.pools(),
                new TreeMap<>(Map.of(lab, new Vpc(new Held<>(vpc(lab, false), 0), new TreeMap<>()))),
                new TreeMap<>(),
                new TreeMap<>(Map.of(web, new Held<>(new GroupRecord(web, lab, List.of(), Optional.of(ADA), 0), 0))),
                Map.of());
        for (Request request : List.of(
                new Request.GroupCreate(new GroupName("db"), lab),
                new Request.GroupRuleChange(web, true, GroupRule.parse("in tcp/80 0.0.0.0/0")),
                new Request.GroupApply(web, true, List.of(EniId.of("a"))),
                new Request.GroupDelete(web))) {
            assertThat(new Permission(known(ADA), world).objection(request))
                    .as("%s", request)
                    .isEmpty();
            assertThat(new Permission(known(EVE), world).objection(request))
                    .as("%s", request)
                    .map(RequestPlanner.Answer.Refuse::why)
                    .contains("VPC lab is not user:eve's");
        }
        assertThat(new Permission(known(ADA), world).objectionToPacketsOf(web)).isEmpty();
        assertThat(new Permission(known(EVE), world).objectionToPacketsOf(web)).contains("VPC lab is not user:eve's");
        assertThat(new Permission(known(new Principal(Role.VIEWER, "vic")), world).objectionToPacketsOf(web))
                .isEmpty();
        assertThat(new Permission(new Asker.Unproven(), world).objectionToPacketsOf(web))
                .isEmpty();
    }

    /** Class of hole: an ENI of somebody else that looks like one of a node's containers. */
    @Test
    void aNodeTakesOutOnlyWhatItHasAttachedForAContainer() {
        Principal n1 = new Principal(Role.NODE, "n1");
        Optional<Attachment> container = Optional.of(new Attachment("pods", "c", "eth0", "c"));
        Plug adas = plug(EniId.of("a"), 1, Optional.of(ADA), container);
        Plug nobodys = plug(EniId.of("b"), 2, Optional.of(n1), Optional.empty());
        Principal n2 = new Principal(Role.NODE, "n2");
        Plug moved = plug(EniId.of("c"), 3, Optional.of(n2), container);
        World world = new World(
                WORLD.nodes(),
                WORLD.clusters(),
                WORLD.pools(),
                new TreeMap<>(),
                new TreeMap<>(Map.of(
                        N1,
                        new NodeEnis(new Held<>(new NodePlugs(List.of(adas, nobodys, moved)), 0), Optional.empty()))),
                Map.of());

        for (Plug plug : List.of(adas, nobodys)) {
            assertThat(new Permission(new Asker.Proven(n1, Map.of()), world)
                            .objection(new Request.EniDetach(plug.eni()))
                            .map(RequestPlanner.Answer.Refuse::why))
                    .contains(plug.eni() + " is not of a container that node:n1 has attached");
        }
        assertThat(refused(n2, world, new Request.EniDetach(moved.eni())))
                .as("it is on another node")
                .isTrue();
    }

    @Test
    void aNodePutsNothingIntoAVirtualMachineOfItsOwn() {
        VpcName pods = new VpcName("pods");
        World world = new World(
                WORLD.nodes(),
                WORLD.clusters(),
                WORLD.pools(),
                new TreeMap<>(Map.of(pods, new Vpc(new Held<>(vpc(pods, true), 0), new TreeMap<>()))),
                new TreeMap<>(),
                Map.of());

        assertThat(refused(
                        new Principal(Role.NODE, "n1"),
                        world,
                        new Request.EniAttach(
                                N1,
                                pods,
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Optional.of(new GuestTap()),
                                Optional.of(new Attachment("pods", "c", "eth0", "c")),
                                List.of())))
                .isTrue();
    }
}
