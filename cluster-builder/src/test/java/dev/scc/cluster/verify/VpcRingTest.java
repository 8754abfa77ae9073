package dev.scc.cluster.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.segment.Segment;
import dev.scc.fabric.verify.Suspect;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.vpc.PathOutcome;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whom a ring names, against models of VPCs of which it is known what is wrong. */
class VpcRingTest {
    private static final int CASES = 400;
    private static final PathOutcome PASSED = new PathOutcome.Passed(1450);
    private static final PathOutcome SILENT = new PathOutcome.Silent(false);

    private static NodeName node(int number) {
        return new NodeName("n" + number);
    }

    private static Roster roster(int nodes) {
        return new Roster(
                new ClusterName("demo"),
                1,
                1,
                VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/20")),
                Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/16")),
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(number -> new Member(
                                node(number),
                                Ipv4.parse("10.99.0.10").plus(number),
                                "a:1",
                                Ipv4.parse("172.16.0.0").plus(number),
                                Ipv4.parse("10.70.0.0").plus(number),
                                "",
                                "eth1"))
                        .toList());
    }

    private static VpcVerdict verdict(int nodes, BiFunction<NodeName, NodeName, PathOutcome> says)
            throws InterruptedException {
        return new VpcRing(roster(nodes), others -> {
                    Map<VpcRing.Way, PathOutcome> said = new HashMap<>();
                    others.forEach((from, all) ->
                            all.forEach(to -> said.put(new VpcRing.Way(from, to), says.apply(from, to))));
                    return new VpcRing.Answers(said, Set.of());
                })
                .probe();
    }

    private static List<NodeName> some(Random random, int nodes, int count) {
        List<NodeName> all = new ArrayList<>(
                IntStream.rangeClosed(1, nodes).mapToObj(VpcRingTest::node).toList());
        Collections.shuffle(all, random);
        return all.subList(0, count);
    }

    @Test
    void nodesThatReachNobodyAreNamedAndNoOthers() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int nodes = 3 + random.nextInt(30);
            Set<NodeName> bad = new HashSet<>(some(random, nodes, 1 + random.nextInt(Math.max(1, nodes / 6))));
            PathOutcome failure = random.nextBoolean() ? SILENT : new PathOutcome.Narrow(1450, 1354);

            VpcVerdict verdict =
                    verdict(nodes, (from, to) -> bad.contains(from) || bad.contains(to) ? failure : PASSED);

            assertThat(verdict.ok()).isFalse();
            assertThat(new TreeSet<>(verdict.nodes()))
                    .as("seed %d: %s", seed, verdict.suspects())
                    .isEqualTo(new TreeSet<>(bad));
        }
    }

    @Test
    void aPathAloneIsAPathAlone() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int nodes = 4 + random.nextInt(30);
            int first = 1 + random.nextInt(nodes);
            Set<NodeName> ends = Set.of(node(first), node(first % nodes + 1));

            VpcVerdict verdict =
                    verdict(nodes, (from, to) -> ends.contains(from) && ends.contains(to) ? SILENT : PASSED);

            assertThat(verdict.nodes())
                    .as("seed %d: %s", seed, verdict.suspects())
                    .isEmpty();
            assertThat(verdict.suspects()).singleElement().satisfies(suspect -> {
                assertThat(suspect.kind()).isEqualTo(Suspect.Kind.PAIR);
                assertThat(suspect.nodes()).containsExactlyInAnyOrderElementsOf(ends);
            });
            assertThat(verdict.next()).contains("UDP port 4789", "between", "10.99.0.");
        }
    }

    @Test
    void whatOneNodeSaysNamesNoOther() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int nodes = 3 + random.nextInt(30);
            NodeName liar = node(1 + random.nextInt(nodes));

            VpcVerdict verdict = verdict(nodes, (from, _) -> from.equals(liar) ? SILENT : PASSED);

            assertThat(verdict.nodes()).as("seed %d", seed).isSubsetOf(liar);
        }
    }

    @Test
    void allIsWellOnceEachHasReachedItsNeighbours() throws Exception {
        int[] asked = new int[1];
        for (int nodes = 1; nodes <= 9; nodes++) {
            asked[0] = 0;

            VpcVerdict verdict = verdict(nodes, (_, _) -> {
                asked[0]++;
                return PASSED;
            });

            assertThat(verdict.ok()).isTrue();
            assertThat(verdict.summary().mtu()).isEqualTo(nodes == 1 ? 0 : 1450);
            assertThat(asked[0]).isEqualTo(nodes < 3 ? 2 * (nodes - 1) : 2 * nodes);
        }
    }

    @Test
    void ofTwoItIsSaidWhichWayPacketsAreLost() throws Exception {
        VpcVerdict verdict = verdict(2, (from, _) -> new PathOutcome.Silent(from.equals(node(1))));

        assertThat(verdict.nodes()).isEmpty();
        assertThat(verdict.why())
                .contains("1 of 1 paths in the VPC failed")
                .contains("packets from n1 (10.99.0.11) to n2 (10.99.0.12) are lost, those the other way arrive");
    }

    @Test
    void sizesAreSaidAndWhereToLook() throws Exception {
        VpcVerdict verdict = verdict(
                4,
                (from, to) -> from.equals(node(2)) || to.equals(node(2)) ? new PathOutcome.Narrow(1450, 1354) : PASSED);

        assertThat(verdict.why()).contains("node n2", "packets of up to 1354 bytes pass", "less than 1500 bytes");
        assertThat(verdict.next()).contains("1500 bytes", "at node n2 (10.99.0.12)");
        assertThat(verdict.summary().failed()).hasSize(3);
    }

    @Test
    void whoeverCannotProbeIsLeftToItsNeighbours() throws Exception {
        VpcRing.Asker oldAgents = others -> {
            Map<VpcRing.Way, PathOutcome> said = new HashMap<>();
            others.forEach((from, all) -> all.stream()
                    .filter(_ -> from.equals(node(1)))
                    .forEach(to -> said.put(new VpcRing.Way(from, to), PASSED)));
            return new VpcRing.Answers(said, Set.of(node(2), node(3), node(4)));
        };

        VpcVerdict verdict = new VpcRing(roster(4), oldAgents).probe();

        assertThat(verdict.ok()).isTrue();
        assertThat(verdict.paths()).hasSize(2);
    }

    @Test
    void whereNobodySaysAnythingNothingIsProven() throws Exception {
        VpcVerdict verdict = verdict(3, (_, _) -> new PathOutcome.NotTried("agent cannot be reached"));

        assertThat(verdict.ok()).isFalse();
        assertThat(verdict.why()).contains("agent cannot be reached");
    }
}
