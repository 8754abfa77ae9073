package dev.scc.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.fabric.RdmaDevice;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.inventory.Need;
import dev.scc.fabric.inventory.Nic;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.GroupRule;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcMember;
import dev.scc.vpc.VpcName;
import dev.scc.vpc.VpcNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The texts in the tree: agents and controllers of different versions read each other's. */
class JsonFormsTest {
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final NodeName N1 = new NodeName("n1");

    private static <T> void assertForm(T value, Class<T> type, String json) {
        assertThat(Json.write(value)).isEqualTo(json);
        assertThat(Json.read(json, type)).isEqualTo(value);
    }

    @Test
    void assignments() {
        assertForm(new Assignment.Free(3, 7), Assignment.class, "{\"is\":\"Free\",\"epoch\":3,\"clean\":7}");
        assertForm(
                new Assignment.Serve(3, DEMO, 1, 70),
                Assignment.class,
                "{\"is\":\"Serve\",\"epoch\":3,\"cluster\":\"demo\",\"revision\":1,\"network\":70}");
        assertForm(
                new Assignment.Leave(4, DEMO, 70),
                Assignment.class,
                "{\"is\":\"Leave\",\"epoch\":4,\"cluster\":\"demo\",\"network\":70}");
    }

    @Test
    void statuses() {
        assertForm(
                new NodeStatus(
                        2,
                        new NodeStatus.Reached(DEMO, 1, Optional.of(new NodeStatus.SegmentAddress("0000:ffff", 3))),
                        List.of(new PhaseTime("links", 12))),
                NodeStatus.class,
                "{\"assignment\":2,\"state\":{\"is\":\"Reached\",\"cluster\":\"demo\",\"revision\":1,"
                        + "\"segment\":{\"gid\":\"0000:ffff\",\"gidIndex\":3}},"
                        + "\"phases\":[{\"name\":\"links\",\"millis\":12}]}");
        assertForm(
                new NodeStatus(2, new NodeStatus.StepFailed("add link:eni0", "no room", List.of("link:x")), List.of()),
                NodeStatus.class,
                "{\"assignment\":2,\"state\":{\"is\":\"StepFailed\",\"step\":\"add link:eni0\",\"why\":\"no room\","
                        + "\"left\":[\"link:x\"]},\"phases\":[]}");
        assertForm(
                new NodeStatus(0, new NodeStatus.Clean(), List.of()),
                NodeStatus.class,
                "{\"assignment\":0,\"state\":{\"is\":\"Clean\",\"worse\":null,\"unchecked\":null},\"phases\":[]}");
        assertThat(Json.read("{\"is\":\"Clean\"}", NodeStatus.State.class)).isEqualTo(new NodeStatus.Clean());
    }

    @Test
    void requests() {
        assertForm(
                new Request.Create(ClusterSpec.of("demo", 3)),
                Request.class,
                "{\"is\":\"Create\",\"spec\":{\"name\":\"demo\",\"nodes\":3,\"vpc\":null,\"vpcCidr\":null,"
                        + "\"rdmaCidr\":null,\"select\":{},\"arrange\":null,\"verify\":\"FULL\",\"onFailure\":\"rollback\","
                        + "\"users\":[],\"unchecked\":false}}");
        assertForm(new Request.Scale(DEMO, 4), Request.class, "{\"is\":\"Scale\",\"cluster\":\"demo\",\"nodes\":4}");
        assertForm(new Request.Delete(DEMO), Request.class, "{\"is\":\"Delete\",\"cluster\":\"demo\"}");
        assertForm(new Request.Cordon(N1, "fan"), Request.class, "{\"is\":\"Cordon\",\"node\":\"n1\",\"why\":\"fan\"}");
        assertForm(new Request.Uncordon(N1), Request.class, "{\"is\":\"Uncordon\",\"node\":\"n1\"}");
        assertForm(
                new Request.Label(N1, Map.of("rack", "r1"), Set.of("old")),
                Request.class,
                "{\"is\":\"Label\",\"node\":\"n1\",\"set\":{\"rack\":\"r1\"},\"remove\":[\"old\"]}");
    }

    @Test
    void requestsOfOperators() {
        assertForm(new Request.Collect(), Request.class, "{\"is\":\"Collect\"}");
        assertForm(new Request.Forget(N1, true), Request.class, "{\"is\":\"Forget\",\"node\":\"n1\",\"gone\":true}");
    }

    @Test
    void vpcs() {
        assertForm(
                new Request.VpcCreate(new VpcName("lab"), Cidr.parse("172.20.0.0/16")),
                Request.class,
                "{\"is\":\"VpcCreate\",\"name\":\"lab\",\"cidr\":\"172.20.0.0/16\",\"containers\":false}");
        assertForm(new Request.VpcDelete(new VpcName("lab")), Request.class, "{\"is\":\"VpcDelete\",\"name\":\"lab\"}");
        assertForm(
                new VpcRecord(
                        new VpcName("lab"),
                        new Vni(5000),
                        Cidr.parse("172.20.0.0/16"),
                        1450,
                        Optional.of(new Principal(Role.USER, "ada")),
                        9),
                VpcRecord.class,
                "{\"name\":\"lab\",\"vni\":5000,\"cidr\":\"172.20.0.0/16\",\"mtu\":1450,\"owner\":\"user:ada\",\"since\":9,"
                        + "\"containers\":false}");
        assertForm(
                new Holding(
                        "cluster demo",
                        List.of(new VpcMember(N1, Ipv4.parse("10.99.0.11"), Ipv4.parse("172.20.0.1"))),
                        List.of(new GroupName("web"))),
                Holding.class,
                "{\"who\":\"cluster demo\",\"members\":[{\"node\":\"n1\",\"underlay\":\"10.99.0.11\","
                        + "\"address\":\"172.20.0.1\"}],\"groups\":[\"web\"]}");
        assertThat(Json.read("{\"who\":\"cluster demo\",\"members\":[]}", Holding.class))
                .isEqualTo(new Holding("cluster demo", List.of(), List.of()));
    }

    @Test
    void addressesOfIpv6AndFurtherOnes() {
        Optional<Cidr6> six = Optional.of(Cidr6.parse("fd00:20:0::/64"));
        assertForm(
                new Request.VpcCreate(new VpcName("lab"), Cidr.parse("172.20.0.0/16"), false, six),
                Request.class,
                "{\"is\":\"VpcCreate\",\"name\":\"lab\",\"cidr\":\"172.20.0.0/16\",\"containers\":false,"
                        + "\"cidr6\":\"fd00:20::/64\"}");
        assertForm(
                new VpcRecord(
                        new VpcName("lab"),
                        new Vni(5000),
                        Cidr.parse("172.20.0.0/16"),
                        1450,
                        Optional.empty(),
                        9,
                        false,
                        six),
                VpcRecord.class,
                "{\"name\":\"lab\",\"vni\":5000,\"cidr\":\"172.20.0.0/16\",\"mtu\":1450,\"owner\":null,\"since\":9,"
                        + "\"containers\":false,\"cidr6\":\"fd00:20::/64\"}");
        assertForm(
                new Holding(
                        "ENI eni-0a1b2c3d",
                        List.of(new VpcMember(
                                N1,
                                Ipv4.parse("10.99.0.11"),
                                Ipv4.parse("172.20.0.1"),
                                List.of(Ip.parse("172.20.0.7"), Ip.parse("FD00:20::0001")))),
                        List.of()),
                Holding.class,
                "{\"who\":\"ENI eni-0a1b2c3d\",\"members\":[{\"node\":\"n1\",\"underlay\":\"10.99.0.11\","
                        + "\"address\":\"172.20.0.1\",\"more\":[\"172.20.0.7\",\"fd00:20::1\"]}],\"groups\":[]}");
        assertForm(
                new Request.EniAttach(
                        N1,
                        new VpcName("lab"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(Ip.parse("fd00:20::1:9"), Ip.parse("172.20.0.9"), Ip.parse("172.20.0.8"))),
                Request.class,
                "{\"is\":\"EniAttach\",\"node\":\"n1\",\"vpc\":\"lab\",\"address\":\"172.20.0.9\",\"slot\":null,"
                        + "\"groups\":[],\"namespace\":null,\"attachment\":null,\"more\":[\"fd00:20::1:9\",\"172.20.0.8\"]}");
        assertForm(
                new NodePlugs(List.of(new Plug(
                        new EniId("eni-0a1b2c3d"),
                        new VpcNetwork("lab", new Vni(5000), Cidr.parse("172.20.0.0/16"), Optional.of(1450), six),
                        Ipv4.parse("172.20.0.1"),
                        3,
                        Plug.Phase.ATTACHED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(Ip.parse("fd00:20::1"))))),
                NodePlugs.class,
                "{\"plugs\":[{\"eni\":\"eni-0a1b2c3d\",\"vpc\":{\"name\":\"lab\",\"vni\":5000,\"cidr\":\"172.20.0.0/16\","
                        + "\"mtu\":1450,\"cidr6\":\"fd00:20::/64\"},\"address\":\"172.20.0.1\",\"slot\":3,"
                        + "\"phase\":\"ATTACHED\",\"owner\":null,\"request\":null,\"namespace\":null,"
                        + "\"attachment\":null,\"more\":[\"fd00:20::1\"]}]}");
        assertThat(Json.read(
                                "{\"name\":\"lab\",\"vni\":5000,\"cidr\":\"172.20.0.0/16\",\"mtu\":1450,\"owner\":null,"
                                        + "\"since\":9}",
                                VpcRecord.class)
                        .cidr6())
                .isEmpty();
    }

    @Test
    void securityGroups() {
        GroupName web = new GroupName("web");
        assertForm(
                new Request.GroupCreate(web, new VpcName("lab")),
                Request.class,
                "{\"is\":\"GroupCreate\",\"group\":\"web\",\"vpc\":\"lab\"}");
        assertForm(
                new Request.GroupRuleChange(web, true, GroupRule.parse("in tcp/80-81 sg:web")),
                Request.class,
                "{\"is\":\"GroupRuleChange\",\"group\":\"web\",\"add\":true,\"rule\":\"in tcp/80-81 sg:web\"}");
        assertForm(
                new Request.GroupApply(web, true, List.of(new EniId("eni-0a1b2c3d"))),
                Request.class,
                "{\"is\":\"GroupApply\",\"group\":\"web\",\"apply\":true,\"enis\":[\"eni-0a1b2c3d\"]}");
        assertForm(new Request.GroupDelete(web), Request.class, "{\"is\":\"GroupDelete\",\"group\":\"web\"}");
        assertForm(
                new GroupRecord(web, new VpcName("lab"), List.of(GroupRule.ALL_OUT), Optional.empty(), 9),
                GroupRecord.class,
                "{\"name\":\"web\",\"vpc\":\"lab\",\"rules\":[\"out any 0.0.0.0/0\"],\"owner\":null,\"since\":9}");
    }

    @Test
    void enis() {
        assertForm(
                new Request.EniAttach(
                        N1, new VpcName("lab"), Optional.of(Ipv4.parse("172.20.0.1")), Optional.empty(), List.of()),
                Request.class,
                "{\"is\":\"EniAttach\",\"node\":\"n1\",\"vpc\":\"lab\",\"address\":\"172.20.0.1\",\"slot\":null,"
                        + "\"groups\":[],\"namespace\":null,\"attachment\":null}");
        assertForm(
                new Request.EniDetach(new EniId("eni-0a1b2c3d")),
                Request.class,
                "{\"is\":\"EniDetach\",\"eni\":\"eni-0a1b2c3d\"}");
        assertForm(
                new Request.EniMove(new EniId("eni-0a1b2c3d"), N1, Optional.of(2)),
                Request.class,
                "{\"is\":\"EniMove\",\"eni\":\"eni-0a1b2c3d\",\"node\":\"n1\",\"slot\":2,\"namespace\":null}");
        assertForm(
                new NodePlugs(List.of(new Plug(
                        new EniId("eni-0a1b2c3d"),
                        new VpcNetwork("lab", new Vni(5000), Cidr.parse("172.20.0.0/16"), Optional.of(1450)),
                        Ipv4.parse("172.20.0.1"),
                        3,
                        Plug.Phase.ATTACHING,
                        Optional.empty(),
                        Optional.of("r1"),
                        Optional.of(NamespaceFile.parse("blue")),
                        Optional.of(new Attachment("pods", "c1", "eth0", "shop/web")),
                        List.of()))),
                NodePlugs.class,
                "{\"plugs\":[{\"eni\":\"eni-0a1b2c3d\",\"vpc\":{\"name\":\"lab\",\"vni\":5000,\"cidr\":\"172.20.0.0/16\","
                        + "\"mtu\":1450},\"address\":\"172.20.0.1\",\"slot\":3,\"phase\":\"ATTACHING\",\"owner\":null,"
                        + "\"request\":\"r1\",\"namespace\":\"/run/netns/blue\","
                        + "\"attachment\":{\"network\":\"pods\",\"container\":\"c1\",\"device\":\"eth0\",\"name\":\"shop/web\"}}]}");
        assertForm(
                new PlugStatus(4, Optional.of(new PlugStatus.Fault("add link:eni3", "no room"))),
                PlugStatus.class,
                "{\"plugs\":4,\"failed\":{\"step\":\"add link:eni3\",\"why\":\"no room\"},\"homeless\":[]}");
    }

    @Test
    void outcomes() {
        assertForm(new Outcome.InProgress(5), Outcome.class, "{\"is\":\"InProgress\",\"at\":5}");
        assertForm(
                new Outcome.Done(5, List.of()), Outcome.class, "{\"is\":\"Done\",\"at\":5,\"left\":[],\"freed\":[]}");
        assertForm(
                new Outcome.Refused(5, Refusal.NAME_TAKEN, "taken"),
                Outcome.class,
                "{\"is\":\"Refused\",\"at\":5,\"reason\":\"NAME_TAKEN\",\"why\":\"taken\"}");
        assertForm(
                new Outcome.Failed(5, Failure.of("create demo", "no room").at(N1, new Failure.OfNode("add link:eni0"))),
                Outcome.class,
                "{\"is\":\"Failed\",\"at\":5,\"failure\":{\"what\":\"create demo\",\"node\":\"n1\","
                        + "\"step\":\"add link:eni0\",\"why\":\"no room\",\"done\":\"\",\"next\":\"\",\"left\":[]}}");
    }

    @Test
    void clustersAndPools() {
        ClusterRecord record = new ClusterRecord.Repairing(
                new ClusterShape(ClusterSpec.of("demo", 1), 1, 70, List.of(N1), List.of()),
                new Course(9, List.of()),
                Optional.of(new VerificationSummary(
                        "full",
                        1,
                        0,
                        List.of(new VerificationSummary.FailedPair(N1, N1, "x")),
                        List.of("node n1: x"),
                        Optional.empty())),
                Set.of(N1),
                Optional.of("r1"),
                Optional.empty(),
                new MembershipChange(MembershipChange.Kind.REPAIR, Set.of(N1), 2, false));
        assertForm(
                record,
                ClusterRecord.class,
                "{\"spec\":{\"name\":\"demo\",\"nodes\":1,\"vpc\":null,\"vpcCidr\":null,\"rdmaCidr\":null,"
                        + "\"select\":{},\"arrange\":null,\"verify\":\"FULL\",\"onFailure\":\"rollback\",\"users\":[],\"unchecked\":false},\"phase\":\"Repairing\","
                        + "\"revision\":1,\"network\":70,\"members\":[\"n1\"],\"since\":9,\"phases\":[],"
                        + "\"verification\":{\"pattern\":\"full\",\"pairs\":1,\"passed\":0,"
                        + "\"failed\":[{\"a\":\"n1\",\"b\":\"n1\",\"why\":\"x\"}],\"suspects\":[\"node n1: x\"],\"vpc\":null},"
                        + "\"request\":\"r1\",\"failure\":null,\"leaving\":[],\"refused\":[\"n1\"],"
                        + "\"change\":{\"kind\":\"REPAIR\",\"joining\":[\"n1\"],\"before\":2,\"proven\":false},\"owner\":null}");
        assertForm(
                Pools.empty()
                        .with(
                                70,
                                new Pools.Taken(DEMO, "demo", Cidr.parse("172.16.0.0/20"), Cidr.parse("10.70.0.0/24"))),
                Pools.class,
                "{\"networks\":{\"70\":{\"cluster\":\"demo\",\"vpc\":\"demo\",\"vpcCidr\":\"172.16.0.0/20\","
                        + "\"rdmaCidr\":\"10.70.0.0/24\"}}}");
    }

    private static Member member(int number) {
        return new Member(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0.10").plus(number),
                Ipv4.parse("10.99.0.10").plus(number) + ":7070",
                Ipv4.parse("172.16.0.0").plus(number),
                Ipv4.parse("10.70.0.0").plus(number),
                "rxe0",
                "eth1");
    }

    private static Roster roster(List<Member> members) {
        return new Roster(
                DEMO,
                1,
                3,
                new VpcNetwork("demo", new Vni(70), Cidr.parse("172.16.0.0/20"), Optional.of(1450)),
                new Segment(new VlanId(70), Cidr.parse("10.70.0.0/24"), Optional.of(4200)),
                members);
    }

    /** Members that count up are written once. */
    @Test
    void rosters() {
        assertForm(
                roster(List.of(member(1), member(2), member(3), member(9))),
                Roster.class,
                "{\"cluster\":\"demo\",\"revision\":1,\"epoch\":3,\"vpc\":{\"name\":\"demo\",\"vni\":70,"
                        + "\"cidr\":\"172.16.0.0/20\",\"mtu\":1450},\"segment\":{\"vlan\":70,"
                        + "\"cidr\":\"10.70.0.0/24\",\"mtu\":4200},"
                        + "\"members\":[{\"count\":3,\"node\":\"n1\",\"underlay\":\"10.99.0.11\",\"agent\":\"10.99.0.11:7070\","
                        + "\"vpcAddress\":\"172.16.0.1\",\"rdmaAddress\":\"10.70.0.1\",\"rdmaDevice\":\"rxe0\","
                        + "\"rdmaNetdev\":\"eth1\"},{\"count\":1,\"node\":\"n9\",\"underlay\":\"10.99.0.19\",\"agent\":\"10.99.0.19:7070\","
                        + "\"vpcAddress\":\"172.16.0.9\",\"rdmaAddress\":\"10.70.0.9\",\"rdmaDevice\":\"rxe0\","
                        + "\"rdmaNetdev\":\"eth1\"}]}");
    }

    @Test
    void rostersThatMakeNoSenseAreRefused() {
        String good = Json.write(roster(List.of(member(1), member(2))));
        for (String bad : List.of(
                good.replace("\"count\":2", "\"count\":0"),
                good.replace("\"count\":2", "\"count\":2000000000"),
                good.replace("\"n1\"", "\"gate\""))) {
            assertThatThrownBy(() -> Json.read(bad, Roster.class))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a run of ");
        }
    }

    @Test
    void nodes() {
        assertForm(
                new NodeRecord(
                        N1,
                        Alive.at("i", Ipv4.parse("10.99.0.11")),
                        Map.of("rack", "r1"),
                        Optional.of("fan"),
                        Health.good().failed("no room", 7),
                        Optional.of(9L),
                        Optional.of(10L)),
                NodeRecord.class,
                "{\"node\":\"n1\",\"machine\":{\"instance\":\"i\",\"underlay\":\"10.99.0.11\",\"agent\":null},\"labels\":{\"rack\":\"r1\"},\"cordon\":\"fan\","
                        + "\"health\":{\"failures\":1,\"last\":\"no room\",\"since\":7,\"drained\":false,\"gone\":false},\"repairTold\":9,\"unreachedTold\":10}");
        assertForm(
                new Event(7, 3, new Happening.ClusterMoved(DEMO, ClusterPhase.CREATING, new ClusterMove.Ready())),
                Event.class,
                "{\"at\":7,\"epoch\":3,\"kind\":\"cluster\",\"name\":\"demo\",\"what\":\"was Creating: ready\","
                        + "\"happening\":{\"is\":\"ClusterMoved\",\"cluster\":\"demo\",\"was\":\"Creating\",\"move\":{\"is\":\"Ready\"}}}");
        assertForm(
                new Alive("i", Ipv4.parse("10.99.0.11"), Optional.of("10.99.0.11:7070")),
                Alive.class,
                "{\"instance\":\"i\",\"underlay\":\"10.99.0.11\",\"agent\":\"10.99.0.11:7070\"}");
        assertForm(new Leader("s", 3), Leader.class, "{\"server\":\"s\",\"epoch\":3}");
        assertForm(
                Inventory.of(
                        N1,
                        "eth1",
                        "0.1",
                        NodeInventory.of(
                                "6.1",
                                2,
                                1024,
                                List.of(new Nic("eth1", "02:00:00:00:00:01", 1500, "UP", List.of())),
                                List.of(new RdmaDevice("rxe0", "eth1", "ACTIVE", 1024, List.of())))),
                Inventory.class,
                "{\"node\":\"n1\",\"rdmaNetdev\":\"eth1\","
                        + "\"version\":\"0.1\",\"has\":{\"kernel\":\"6.1\",\"cores\":2,\"memoryBytes\":1024,"
                        + "\"nics\":[{\"name\":\"eth1\",\"mac\":\"02:00:00:00:00:01\",\"mtu\":1500,\"state\":\"UP\","
                        + "\"addresses\":[]}],\"rdmaDevices\":[{\"name\":\"rxe0\",\"netdev\":\"eth1\","
                        + "\"portState\":\"ACTIVE\",\"mtu\":1024,\"gids\":[]}],\"needs\":[],\"needs6\":[],\"traffic\":null},\"repaired\":null,"
                        + "\"findings\":[],\"unreached\":null}");
    }

    /** Servers of before IPv6 read no network of it. */
    @Test
    void whatANodeNeedsByIpv6IsApart() {
        NodeInventory has = NodeInventory.of("6.1", 2, 1024, List.of(), List.of())
                .needing(List.of(
                        new Need(Cidr6.parse("2001:db8::/64"), Need.Kind.ROUTE, "on eth0"),
                        new Need(Cidr.parse("10.1.0.0/16"), Need.Kind.ROUTE, "on eth0")));

        assertForm(
                has,
                NodeInventory.class,
                "{\"kernel\":\"6.1\",\"cores\":2,\"memoryBytes\":1024,\"nics\":[],\"rdmaDevices\":[],"
                        + "\"needs\":[{\"network\":\"10.1.0.0/16\",\"kind\":\"ROUTE\",\"detail\":\"on eth0\"}],"
                        + "\"needs6\":[{\"network\":\"2001:db8::/64\",\"kind\":\"ROUTE\",\"detail\":\"on eth0\"}],"
                        + "\"traffic\":null}");
        assertThat(has.allNeeds()).hasSize(2);
    }

    /** They have told by words alone whether an agent was known to be gone. */
    @Test
    void healthThatOlderBuildsHaveWrittenIsUnderstood() {
        String gone = "{\"failures\":1,\"last\":\"its agent is gone\",\"since\":7,\"drained\":false}";
        String back = "{\"failures\":1,\"last\":\"its agent was gone for a while\",\"since\":7,\"drained\":false}";

        assertThat(Json.read(gone, Health.class)).isEqualTo(Health.good().lost(7));
        assertThat(Json.read(back, Health.class))
                .isEqualTo(Health.good().lost(7).back());
    }

    /** They have probed no VPC. */
    @Test
    void verificationsThatOlderBuildsHaveWrittenAreUnderstood() {
        String summary = "{\"pattern\":\"full\",\"pairs\":1,\"passed\":1,\"failed\":[],\"suspects\":[]}";

        assertThat(Json.read(summary, VerificationSummary.class).vpc()).isEmpty();
    }

    @Test
    void aFailureSaysInOneWordThatItIsOfTheVerification() {
        Failure failed = Failure.of("create demo", "no answer").at(N1, new Failure.Verification());

        String text = Json.write(failed);

        assertThat(text).contains("\"step\":\"verify\"");
        assertThat(Json.read(text, Failure.class)).isEqualTo(failed);
        assertThat(Json.read(text.replace("verify", "probe VPC"), Failure.class))
                .isEqualTo(Failure.of("create demo", "no answer").at(N1, new Failure.VpcProbes()));
        assertThat(Json.read(text.replace("verify", "find GID"), Failure.class).ofVerification())
                .isFalse();
    }

    @Test
    void whatIsNoneOfTheseIsAnError() {
        assertThatThrownBy(() -> Json.read("{\"is\":\"Sell\",\"epoch\":1}", Assignment.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.read("{\"is\":\"Free\"}", Assignment.class))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Class of hole: a decoder that makes objects of whatever class it is told. */
    @Test
    void onlyWhatIsOnTheListIsMadeOfText() {
        for (String type :
                List.of("java.lang.ProcessBuilder", "dev.scc.cluster.Request$Delete", "Delete2", "", "\u0000")) {
            String text = "{\"is\":\"" + type.replace("\u0000", "\\u0000") + "\",\"cluster\":\"demo\"}";
            assertThatThrownBy(() -> Json.read(text, Request.class))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
