package dev.scc.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Alive;
import dev.scc.cluster.Assignment;
import dev.scc.cluster.ClusterMove;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Plug;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.change.RequestChange;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniPlace;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is not known, because nobody understands what stands there, and what is full: nothing is decided as if it were not so. */
class UnreadableTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final NodeName N1 = new NodeName("n1");
    private static final ClusterName DEMO = new ClusterName("demo");
    private static final Instant NOW = Instant.ofEpochSecond(5_000);

    private static World unread(World world, String... paths) {
        Map<String, String> unread = new TreeMap<>();
        for (String path : paths) {
            unread.put(path, "is nonsense");
        }
        return new World(
                world.nodes(), world.clusters(), world.pools(), world.vpcs(), world.enis(), world.groups(), unread);
    }

    private static Situation situation(World world) {
        return new Situation(world, Map.of(), Timing.usual(), NOW);
    }

    private static RequestPlanner.Answer ask(World world, Request request, String id) {
        return new RequestPlanner(situation(world), 5)
                .answer(request, id, new Asker.Unproven(), Optional.empty(), Optional.empty());
    }

    private static World after(World world, Request request, String id) {
        RequestPlanner.Answer answer = ask(world, request, id);
        assertThat(answer).isInstanceOf(RequestPlanner.Answer.Commit.class);
        return Worlds.after(world, ((RequestPlanner.Answer.Commit) answer).changes());
    }

    private static void assertRefused(World world, Request request, Refusal reason, String why) {
        assertThat(ask(world, request, "r")).isInstanceOfSatisfying(RequestPlanner.Answer.Refuse.class, refuse -> {
            assertThat(refuse.why()).contains(why);
            assertThat(refuse.reason()).isEqualTo(reason);
        });
    }

    private static World withVpc(World world, String cidr) {
        return after(world, new Request.VpcCreate(LAB, Cidr.parse(cidr)), "vpc");
    }

    private static Request attach(VpcName vpc, Optional<EniPlace> place) {
        return new Request.EniAttach(N1, vpc, Optional.empty(), Optional.empty(), List.of(), place);
    }

    @Test
    void noEniIsGivenWhereTheVpcOrWhatTheNodeHasCannotBeRead() {
        World world = withVpc(Worlds.free(2), "172.20.0.0/24");
        Request attach = attach(LAB, Optional.empty());

        assertRefused(unread(world, Paths.plugs(N1)), attach, Refusal.DOES_NOT_FIT, "or of the ENIs of node n1");
        assertRefused(unread(world, Paths.vpc(LAB)), attach, Refusal.DOES_NOT_FIT, "what the tree says of VPC lab");
        assertRefused(unread(world, Paths.vpc(LAB) + "/x"), attach, Refusal.DOES_NOT_FIT, "of VPC lab");
        after(unread(world, Paths.plugs(new NodeName("n2"))), attach, "r");
        assertRefused(world, attach(new VpcName("no"), Optional.empty()), Refusal.UNKNOWN, "there is no VPC no");
    }

    @Test
    void aClustersOwnVpcIsNotForEnis() {
        World world = after(
                Worlds.free(2), new Request.Create(ClusterSpec.of("demo", 1).withVerify(Pattern.OFF)), "create");

        assertRefused(
                world, attach(new VpcName("demo"), Optional.empty()), Refusal.NOT_SUPPORTED, "demo is a cluster's own");
    }

    @Test
    void aNodeHasOneEniForEachSlotAndNoMore() {
        World world = withVpc(Worlds.free(1), "172.20.0.0/24");
        for (int slot = 1; slot <= Plug.LAST_SLOT; slot++) {
            world = after(world, attach(LAB, Optional.of(NamespaceFile.parse("space" + slot))), "r" + slot);
        }

        assertRefused(
                world,
                attach(LAB, Optional.of(NamespaceFile.parse("one-more"))),
                Refusal.ADDRESSES,
                "node n1 has 31 ENIs beside that of a cluster");
    }

    @Test
    void aVpcThatCoversANodesAddressIsNotForEnis() {
        World vpc = withVpc(Worlds.of(), "10.99.1.0/24");
        Node far = Worlds.node(200, new Assignment.Free(1, 0), true);
        World world = new World(
                Worlds.of(Worlds.node(1, new Assignment.Free(1, 0), true), far).nodes(),
                vpc.clusters(),
                vpc.pools(),
                vpc.vpcs(),
                vpc.enis(),
                vpc.groups(),
                Map.of());

        assertRefused(world, attach(LAB, Optional.empty()), Refusal.ADDRESSES, "covers 10.99.1.10, a node's address");
    }

    @Test
    void aNodeWhoseEnisCannotBeReadStaysWhateverSomebodyVouchesFor() {
        World world = after(withVpc(Worlds.free(1), "172.20.0.0/24"), attach(LAB, Optional.empty()), "r1");

        assertThat(new EniLoss(unread(world, Paths.plugs(N1)), N1, 0).objection(true))
                .hasValueSatisfying(why -> assertThat(why).contains("the ENIs of node n1 cannot be read"));
        assertThat(new EniLoss(unread(world, Paths.vpc(LAB)), N1, 0).objection(true))
                .isPresent();
        assertThat(new EniLoss(world, N1, 0).objection(true)).isEmpty();
        assertThat(new EniLoss(world, N1, 0).objection(false)).isPresent();
        assertThat(new EniLoss(world, new NodeName("n2"), 0).objection(false)).isEmpty();
    }

    @Test
    void anEniIsInNoMoreGroupsThanItMayBeIn() {
        World world = withVpc(Worlds.free(1), "172.20.0.0/24");
        List<GroupName> groups = IntStream.rangeClosed(0, GroupRecord.MOST_OF_ENI)
                .mapToObj(number -> new GroupName("g" + number))
                .toList();
        for (GroupName group : groups) {
            world = after(world, new Request.GroupCreate(group, LAB), "of-" + group);
        }

        assertThat(GroupKeeping.objection(world, LAB, groups.subList(1, groups.size())))
                .isEmpty();
        assertThat(GroupKeeping.objection(world, LAB, groups))
                .hasValueSatisfying(refuse -> assertThat(refuse.why()).contains("the ENI would be in"));
    }

    @Test
    void aCleanNodeIsNotFreeWhileItsClusterCannotBeRead() {
        Node clean = Worlds.saying(Worlds.node(1, new Assignment.Leave(4, DEMO, 70), true), new NodeStatus.Clean());
        World world = Worlds.of(clean);

        assertThat(new NodeCare(situation(unread(world, Paths.cluster(DEMO))), 5)
                        .welcomeBack()
                        .nothing())
                .isTrue();
        assertThat(new NodeCare(situation(world), 5).welcomeBack().nothing()).isFalse();
    }

    @Test
    void aMemberOfWhichNothingCanBeReadIsNamedWhenItsClusterGoes() {
        Request create = new Request.Create(ClusterSpec.of("demo", 2).withVerify(Pattern.OFF));
        World world = after(after(Worlds.free(2), create, "create"), new Request.Delete(DEMO), "delete");
        NavigableMap<NodeName, Node> rest = new TreeMap<>();
        world.nodes().forEach((name, node) -> {
            if (!name.equals(N1)) {
                rest.put(name, Worlds.saying(node, new NodeStatus.Clean()));
            }
        });
        World hidden = new World(
                rest,
                world.clusters(),
                world.pools(),
                world.vpcs(),
                world.enis(),
                world.groups(),
                Map.of(Paths.assign(N1), "is nonsense"));

        NextStep next = new ClusterPlanner(situation(hidden), 5)
                .next(Worlds.cluster(hidden, "demo"), Optional.empty(), Optional.empty());

        assertThat(next).isInstanceOfSatisfying(NextStep.Commit.class, commit -> {
            assertThat(commit.move()).isEqualTo(new ClusterMove.Gone(true));
            assertThat(Worlds.only(RequestChange.Answer.class, commit.changes()))
                    .singleElement()
                    .satisfies(answer -> assertThat(((Outcome.Done) answer.outcome()).left())
                            .singleElement()
                            .asString()
                            .contains("n1")
                            .contains("cannot be read"));
        });
    }

    @Test
    void aNodeThatHasNotSaidWhatItHasOrWhereItsAgentIsIsNotPlaced() {
        Node node = Worlds.node(1, new Assignment.Free(1, 0), true);
        Node silent = new Node(node.record(), node.assignment(), node.status(), Optional.empty(), true);
        Node nonsense = new Node(
                node.record(), node.assignment(), node.status(), Optional.empty(), true, Optional.of("/a is nonsense"));
        Node nowhere = new Node(
                new Held<>(NodeRecord.enrolled(N1, Alive.at("i1", Ipv4.parse("10.99.0.11"))), 0),
                node.assignment(),
                node.status(),
                node.inventory(),
                true);
        ClusterSpec spec = ClusterSpec.of("demo", 1);

        assertThat(Placement.of(spec, List.of(silent)).unsuitable())
                .containsExactly("n1 has not reported its inventory yet");
        assertThat(Placement.of(spec, List.of(nonsense)).unsuitable())
                .singleElement()
                .asString()
                .contains("/a is nonsense");
        assertThat(Placement.of(spec, List.of(nowhere)).unsuitable())
                .containsExactly("n1 has not said where its agent is");
        assertThat(Placement.of(spec.withVerify(Pattern.OFF), List.of(nowhere)).chosen())
                .containsExactly(nowhere);
    }
}
