package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.GroupChange;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.change.VpcChange;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupKeepingTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final VpcName OTHER = new VpcName("other");
    private static final GroupName WEB = new GroupName("web");
    private static final GroupName DB = new GroupName("db");
    private static final GroupRule SSH = GroupRule.parse("in tcp/22 172.20.0.0/24");

    private World world = Worlds.free(4);
    private Asker asker = new Asker.Unproven();
    private int requests;

    @BeforeEach
    void twoVpcsAndAGroup() {
        done(new Request.VpcCreate(LAB, Cidr.parse("172.20.0.0/24")));
        done(new Request.VpcCreate(OTHER, Cidr.parse("172.21.0.0/24")));
        done(new Request.GroupCreate(WEB, LAB));
    }

    private RequestPlanner.Answer ask(Request request) {
        Situation situation = new Situation(world, Map.of(), Timing.usual(), Instant.ofEpochSecond(5_000));
        RequestPlanner.Answer answer = new RequestPlanner(situation, 5)
                .answer(request, "r" + ++requests, asker, Optional.empty(), Optional.empty());
        if (answer instanceof RequestPlanner.Answer.Commit commit) {
            world = Worlds.after(world, commit.changes());
        }
        return answer;
    }

    private void done(Request request) {
        assertThat(ask(request)).isInstanceOf(RequestPlanner.Answer.Commit.class);
    }

    private String refused(Request request, Refusal reason) {
        RequestPlanner.Answer answer = ask(request);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        RequestPlanner.Answer.Refuse.class,
                        refuse -> assertThat(refuse.reason()).as(refuse.why()).isEqualTo(reason));
        return ((RequestPlanner.Answer.Refuse) answer).why();
    }

    private EniId attach(String node, VpcName vpc, GroupName... groups) {
        done(attaching(node, vpc, groups));
        return EniId.of("r" + requests);
    }

    private static Request.EniAttach attaching(String node, VpcName vpc, GroupName... groups) {
        return new Request.EniAttach(new NodeName(node), vpc, Optional.empty(), Optional.empty(), List.of(groups));
    }

    private List<GroupRule> rules(GroupName group) {
        return Objects.requireNonNull(world.groups().get(group)).value().rules();
    }

    private List<GroupName> groups(EniId eni) {
        return world.vpcs().values().stream()
                .flatMap(vpc -> Optional.ofNullable(vpc.holdings().get(eni.value())).stream())
                .findFirst()
                .orElseThrow()
                .value()
                .groups();
    }

    /** A group that goes meanwhile would leave an ENI that nobody lets in, or everybody. */
    @Test
    void anEniBeginsOnlyIfAllOfItsGroupsAreAsTheyWere() {
        done(new Request.GroupCreate(DB, LAB));

        RequestPlanner.Answer answer = ask(attaching("n1", LAB, WEB, DB));

        assertThat(Worlds.only(GroupChange.Rely.class, ((RequestPlanner.Answer.Commit) answer).changes()))
                .extracting(rely -> rely.stored().value().name())
                .containsExactlyInAnyOrder(WEB, DB);
    }

    @Test
    void aGroupBeginsWithTheWayOutAndGetsRules() {
        assertThat(rules(WEB)).containsExactly(GroupRule.ALL_OUT);

        done(new Request.GroupRuleChange(WEB, true, SSH));
        assertThat(refused(new Request.GroupRuleChange(WEB, true, SSH), Refusal.INVALID))
                .contains("already");
        done(new Request.GroupRuleChange(WEB, false, GroupRule.ALL_OUT));

        assertThat(rules(WEB)).containsExactly(SSH);
        assertThat(refused(new Request.GroupRuleChange(WEB, false, GroupRule.ALL_OUT), Refusal.UNKNOWN))
                .contains("group web has no rule out any 0.0.0.0/0");
    }

    /** Its record is written anyway: that nobody else writes it meanwhile is asked once. */
    @Test
    void aRuleAboutItsOwnGroupDependsOnNoOther() {
        RequestPlanner.Answer answer = ask(new Request.GroupRuleChange(WEB, true, GroupRule.parse("in any sg:web")));

        List<Change> changes = ((RequestPlanner.Answer.Commit) answer).changes();
        assertThat(Worlds.only(GroupChange.Rely.class, changes)).isEmpty();
        assertThat(Worlds.only(GroupChange.Rewrite.class, changes)).hasSize(1);
    }

    @Test
    void anEniIsInGroupsFromItsFirstInstantOrGetsIntoThemLater() {
        done(new Request.GroupCreate(DB, LAB));
        EniId first = attach("n1", LAB, WEB);
        EniId second = attach("n2", LAB);
        assertThat(groups(first)).containsExactly(WEB);
        assertThat(groups(second)).isEmpty();

        done(new Request.GroupApply(DB, true, List.of(first, second)));
        done(new Request.GroupApply(WEB, false, List.of(first)));

        assertThat(groups(first)).containsExactly(DB);
        assertThat(groups(second)).containsExactly(DB);
        assertThat(refused(new Request.GroupApply(WEB, false, List.of(first)), Refusal.UNKNOWN))
                .contains("is not in group web");
    }

    @Test
    void whatIsInUseStaysAndItIsSaidByWhom() {
        EniId eni = attach("n1", LAB, WEB);
        done(new Request.GroupCreate(DB, LAB));
        done(new Request.GroupRuleChange(DB, true, GroupRule.parse("in any sg:web")));

        assertThat(refused(new Request.GroupDelete(WEB), Refusal.BUSY)).contains("ENI " + eni, "a rule of group db");
        assertThat(refused(new Request.VpcDelete(LAB), Refusal.BUSY)).contains("security group db, security group web");

        done(new Request.GroupDelete(DB));
        done(new Request.GroupApply(WEB, false, List.of(eni)));
        done(new Request.GroupDelete(WEB));
        assertThat(world.groups()).isEmpty();
    }

    /** What cannot be read may be an ENI in the group, or a group with a rule about it. */
    @Test
    void whatMayBeInUseStays() {
        for (String hidden : List.of("/scc/vpcs/lab/eni-00000001", "/scc/vpcs/lab", "/scc/groups/db")) {
            World readable = world;
            world = new World(
                    world.nodes(),
                    world.clusters(),
                    world.pools(),
                    world.vpcs(),
                    world.enis(),
                    world.groups(),
                    Map.of(hidden, "is nothing"));

            assertThat(refused(new Request.GroupDelete(WEB), Refusal.DOES_NOT_FIT))
                    .as(hidden)
                    .contains("cannot be read");
            world = readable;
        }
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of("/scc/vpcs/other", "is nothing"));
        done(new Request.GroupDelete(WEB));
    }

    @Test
    void groupsOfAnotherVpcAreNoneOfIts() {
        EniId eni = attach("n1", OTHER);
        done(new Request.GroupCreate(DB, OTHER));

        assertThat(refused(new Request.GroupApply(WEB, true, List.of(eni)), Refusal.DOES_NOT_FIT))
                .contains("is in VPC other, and the group in lab");
        assertThat(refused(attaching("n2", OTHER, WEB), Refusal.UNKNOWN))
                .contains("VPC other has no security group web");
        assertThat(refused(new Request.GroupRuleChange(WEB, true, GroupRule.parse("in any sg:db")), Refusal.UNKNOWN))
                .contains("VPC lab has no security group db");
    }

    @Test
    void whatIsNotThereOrIsThereAlreadyIsSaid() {
        GroupName none = new GroupName("none");
        assertThat(refused(new Request.GroupCreate(WEB, OTHER), Refusal.NAME_TAKEN))
                .contains("already");
        assertThat(refused(new Request.GroupCreate(DB, new VpcName("none")), Refusal.UNKNOWN))
                .contains("no VPC none");
        assertThat(refused(new Request.GroupRuleChange(none, true, SSH), Refusal.UNKNOWN))
                .contains("no security group none");
        assertThat(refused(new Request.GroupDelete(none), Refusal.UNKNOWN)).contains("no security group none");
        assertThat(refused(new Request.GroupApply(WEB, true, List.of(EniId.of("x"))), Refusal.UNKNOWN))
                .contains("no ENI");
    }

    @Test
    void limitsAreSaid() {
        for (int port = 2; port <= GroupRecord.MOST_RULES; port++) {
            done(new Request.GroupRuleChange(WEB, true, GroupRule.parse("in tcp/" + port + " 10.0.0.0/8")));
        }
        assertThat(refused(new Request.GroupRuleChange(WEB, true, SSH), Refusal.INVALID))
                .contains("has 100 rules, and may have 100");

        EniId eni = attach("n1", LAB);
        for (int number = 1; number <= GroupRecord.MOST_OF_ENI + 1; number++) {
            GroupName name = new GroupName("g" + number);
            done(new Request.GroupCreate(name, LAB));
            Request apply = new Request.GroupApply(name, true, List.of(eni));
            if (number <= GroupRecord.MOST_OF_ENI) {
                done(apply);
            } else {
                assertThat(refused(apply, Refusal.INVALID)).contains("would be in 9 security groups, and may be in 8");
            }
        }
    }

    @Test
    void aVpcHasSoManyGroupsAndNoMore() {
        for (int number = 2; number <= GroupRecord.MOST_OF_VPC; number++) {
            done(new Request.GroupCreate(new GroupName("g" + number), LAB));
        }

        assertThat(refused(new Request.GroupCreate(DB, LAB), Refusal.INVALID))
                .contains("VPC lab has 250 security groups, and may have 250");
        done(new Request.GroupCreate(DB, OTHER));
    }

    @Test
    void aUserChangesGroupsOfHisOwnVpcs() {
        Principal ada = new Principal(Role.USER, "ada");
        asker = new Asker.Proven(ada, Map.of("ada", new Held<>(new PersonRecord(Role.USER, Rights.NONE), 1)));

        assertThat(refused(new Request.GroupRuleChange(WEB, true, SSH), Refusal.NOT_ENTITLED))
                .contains("VPC lab is not user:ada's");
        assertThat(refused(new Request.GroupCreate(DB, LAB), Refusal.NOT_ENTITLED))
                .contains("is not user:ada's");
        done(new Request.VpcCreate(new VpcName("mine"), Cidr.parse("172.22.0.0/24")));
        done(new Request.GroupCreate(DB, new VpcName("mine")));
        done(new Request.GroupRuleChange(DB, true, SSH));
        assertThat(Objects.requireNonNull(world.groups().get(DB)).value().owner())
                .contains(ada);
    }

    @Test
    void aRuleAboutIpv6IsOnlyForAVpcThatHasIt() {
        for (String rule : List.of("in icmpv6 sg:web", "in tcp/22 fd00:20::/64")) {
            assertThat(refused(new Request.GroupRuleChange(WEB, true, GroupRule.parse(rule)), Refusal.DOES_NOT_FIT))
                    .contains("VPC lab has no IPv6, which the rule " + rule + " is about");
        }
        VpcName six = new VpcName("six");
        done(new Request.VpcCreate(six, Cidr.parse("172.22.0.0/24"), false, Optional.of(Cidr6.parse("fd00:22::/64"))));
        done(new Request.GroupCreate(DB, six));
        assertThat(rules(DB)).containsExactly(GroupRule.ALL_OUT, GroupRule.ALL_OUT_6);
        done(new Request.GroupRuleChange(DB, true, GroupRule.parse("in tcp/22 fd00:20::/64")));
        done(new Request.GroupRuleChange(DB, true, SSH));
    }

    @Test
    void whoIsInAGroupAlreadyStaysAsItIsAndTheOthersGetIntoIt() {
        EniId first = attach("n1", LAB, WEB);
        EniId second = attach("n2", LAB);

        RequestPlanner.Answer answer = ask(new Request.GroupApply(WEB, true, List.of(first, second)));

        assertThat(Worlds.only(VpcChange.Hold.class, ((RequestPlanner.Answer.Commit) answer).changes()))
                .extracting(VpcChange.Hold::entry)
                .containsExactly(second.value());
        assertThat(groups(first)).containsExactly(WEB);
        assertThat(groups(second)).containsExactly(WEB);
    }

    @Test
    void anEniThatIsBeingDetachedGetsIntoNoGroup() {
        EniId eni = attach("n1", LAB);
        done(new Request.EniDetach(eni));

        assertThat(refused(new Request.GroupApply(WEB, true, List.of(eni)), Refusal.BUSY))
                .contains(eni + " is being detached");
    }

    /** A group of that name may be there already. */
    @Test
    void noGroupIsMadeWhileAnotherCannotBeRead() {
        world = new World(
                world.nodes(),
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of("/scc/groups/db", "is nothing"));

        assertThat(refused(new Request.GroupCreate(DB, LAB), Refusal.DOES_NOT_FIT))
                .contains("cannot be read");
    }

    @Test
    void anEniOfWhichNobodyKnowsTheAddressIsInNoGroup() {
        EniId eni = attach("n1", LAB);
        NavigableMap<VpcName, Vpc> vpcs = new TreeMap<>(world.vpcs());
        vpcs.computeIfPresent(LAB, (_, vpc) -> new Vpc(vpc.record(), new TreeMap<>()));
        world = new World(world.nodes(), world.clusters(), world.pools(), vpcs, world.enis(), world.groups(), Map.of());

        assertThat(refused(new Request.GroupApply(WEB, true, List.of(eni)), Refusal.DOES_NOT_FIT))
                .contains(eni + " is in VPC lab");
    }

    /** It must not go meanwhile. */
    @Test
    void aRuleAboutAnotherGroupReliesOnThatOne() {
        done(new Request.GroupCreate(DB, LAB));

        RequestPlanner.Answer answer = ask(new Request.GroupRuleChange(WEB, true, GroupRule.parse("in any sg:db")));

        assertThat(Worlds.only(GroupChange.Rely.class, ((RequestPlanner.Answer.Commit) answer).changes()))
                .extracting(rely -> rely.stored().value().name())
                .containsExactly(DB);
        assertThat(Worlds.only(RequestChange.TakeUp.class, ((RequestPlanner.Answer.Commit) answer).changes()))
                .as("who asked is told")
                .hasSize(1);
        assertThat(refused(new Request.GroupRuleChange(WEB, true, GroupRule.parse("in any sg:none")), Refusal.UNKNOWN))
                .contains("VPC lab has no security group none");
    }

    @Test
    void aGroupWhoseOnlyRuleIsAboutAnotherKeepsThatOneAndItselfKeepsNone() {
        done(new Request.GroupCreate(DB, LAB));
        done(new Request.GroupRuleChange(DB, false, GroupRule.ALL_OUT));
        done(new Request.GroupRuleChange(DB, true, GroupRule.parse("in any sg:web")));
        assertThat(refused(new Request.GroupDelete(WEB), Refusal.BUSY))
                .isEqualTo("security group web is in use by a rule of group db");

        done(new Request.GroupRuleChange(DB, true, GroupRule.parse("in any sg:db")));
        done(new Request.GroupDelete(DB));
        done(new Request.GroupDelete(WEB));
    }

    @Test
    void groupsOfAnotherVpcKeepNoVpc() {
        done(new Request.GroupCreate(DB, OTHER));
        assertThat(refused(new Request.VpcDelete(LAB), Refusal.BUSY))
                .isEqualTo("VPC lab is in use by security group web");
        done(new Request.GroupDelete(WEB));

        done(new Request.VpcDelete(LAB));
    }
}
