package dev.scc.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.MpiFamily;
import dev.scc.job.Refusal;
import dev.scc.job.TestCluster;
import dev.scc.job.Transport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaunchPlannerTest {
    private static Roster nodes(int count, String device) {
        List<Member> members = IntStream.rangeClosed(1, count)
                .mapToObj(i -> TestCluster.member(i, "10.99.0." + (10 + i) + ":7070", device))
                .toList();
        return TestCluster.rosterOf(members);
    }

    private static JobSpec spec(Optional<Integer> ranks, Optional<Integer> perNode, boolean allowTcp) {
        return new JobSpec(List.of("app"), ranks, perNode, MpiChoice.AUTO, allowTcp, Map.of(), "/", false);
    }

    private static LaunchPlan accepted(Planned planned) {
        assertThat(planned).isInstanceOf(Planned.Accepted.class);
        return ((Planned.Accepted) planned).plan();
    }

    private static List<Integer> counts(Planned planned) {
        return accepted(planned).placements().stream().map(Placement::count).toList();
    }

    private static Planned plan(int nodes, Optional<Integer> ranks, Optional<Integer> perNode) {
        return LaunchPlanner.plan(nodes(nodes, "rxe0"), spec(ranks, perNode, false), MpiFamily.OPENMPI);
    }

    @Test
    void ranksAreSpreadEvenlyInBlocks() {
        assertThat(counts(plan(3, Optional.of(6), Optional.empty()))).containsExactly(2, 2, 2);
        assertThat(counts(plan(3, Optional.of(7), Optional.empty()))).containsExactly(3, 2, 2);
        assertThat(counts(plan(3, Optional.of(2), Optional.empty()))).containsExactly(1, 1);
    }

    @Test
    void perNodeFillsNodeAfterNode() {
        assertThat(counts(plan(3, Optional.of(5), Optional.of(4)))).containsExactly(4, 1);
        assertThat(counts(plan(3, Optional.empty(), Optional.of(2)))).containsExactly(2, 2, 2);
    }

    @Test
    void withoutNumbersThereIsOneRankOnEachNode() {
        assertThat(counts(plan(4, Optional.empty(), Optional.empty()))).containsExactly(1, 1, 1, 1);
    }

    @Test
    void moreRanksThanPerNodeAllowsAreRefusedAsUsage() {
        assertThat(plan(3, Optional.of(7), Optional.of(2)))
                .isEqualTo(new Planned.Refused(
                        new Refusal.TooMuch("-n 7 does not fit: demo has 3 nodes, and --per-node 2 allows 6 ranks;"
                                + " ask for fewer ranks or more per node")));
    }

    @Test
    void whatIsBeyondTheLimitsIsRefusedWhateverTheNumbers() {
        int huge = Integer.MAX_VALUE;

        assertThat(tooMuch(plan(3, Optional.of(huge), Optional.empty()))).contains("2147483647 ranks", "16384");
        assertThat(tooMuch(plan(3, Optional.empty(), Optional.of(1_431_655_765))))
                .contains("4294967295 ranks", "16384");
        assertThat(tooMuch(plan(3, Optional.of(5), Optional.of(huge)))).isEmpty();
        assertThat(tooMuch(plan(3, Optional.of(3 * 1_024 + 1), Optional.empty())))
                .contains("1025 ranks on a node", "1024");
        assertThat(tooMuch(plan(3, Optional.of(3 * 1_024), Optional.empty()))).isEmpty();
        assertThat(LaunchPlanner.nodes(nodes(3, "rxe0"), spec(Optional.empty(), Optional.of(huge), false)))
                .isEmpty();
    }

    private static String tooMuch(Planned planned) {
        return planned instanceof Planned.Refused(Refusal.TooMuch(String why)) ? why : "";
    }

    @Test
    void everyRankIsPlacedOnceInOrderOnNodesInOrder() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            int nodes = 1 + random.nextInt(20);
            int perNode = 1 + random.nextInt(8);
            int ranks = 1 + random.nextInt(nodes * perNode);
            Optional<Integer> limit = random.nextBoolean() ? Optional.of(perNode) : Optional.empty();

            LaunchPlan plan = accepted(plan(nodes, Optional.of(ranks), limit));

            assertThat(plan.placements().stream().flatMap(placement -> placement.ranks().stream()))
                    .as("seed %d: %d ranks on %d nodes, per node %s", seed, ranks, nodes, limit)
                    .isEqualTo(IntStream.range(0, ranks).boxed().toList());
            assertThat(plan.placements())
                    .as("seed %d", seed)
                    .extracting(placement -> placement.member().node().value())
                    .isEqualTo(IntStream.rangeClosed(1, plan.placements().size())
                            .mapToObj(node -> "n" + node)
                            .toList());
        }
    }

    @Test
    void openMpiOnSeveralNodesUsesRdma() {
        assertThat(accepted(plan(2, Optional.of(2), Optional.empty())).transport())
                .isEqualTo(Transport.RDMA);
    }

    @Test
    void mpichOnSoftwareRdmaIsRefusedUnlessTcpIsAllowed() {
        Roster roster = nodes(2, "rxe0");

        Planned without = LaunchPlanner.plan(roster, spec(Optional.of(2), Optional.empty(), false), MpiFamily.MPICH);
        Planned with = LaunchPlanner.plan(roster, spec(Optional.of(2), Optional.empty(), true), MpiFamily.MPICH);

        assertThat(without).isInstanceOfSatisfying(Planned.Refused.class, refused -> {
            assertThat(refused.why()).isInstanceOf(Refusal.NoRdma.class);
            assertThat(refused.why().why()).contains("MPICH", "rxe0", "n1");
        });
        assertThat(accepted(with).transport()).isEqualTo(Transport.TCP);
    }

    @Test
    void mpichOnHardwareUsesRdma() {
        Planned planned =
                LaunchPlanner.plan(nodes(2, "mlx5_0"), spec(Optional.of(2), Optional.empty(), false), MpiFamily.MPICH);

        assertThat(accepted(planned).transport()).isEqualTo(Transport.RDMA);
    }

    @Test
    void nodesWithoutRdmaDeviceAreRefusedUnlessTcpIsAllowed() {
        Planned planned =
                LaunchPlanner.plan(nodes(2, ""), spec(Optional.of(2), Optional.empty(), false), MpiFamily.OPENMPI);

        assertThat(planned)
                .isInstanceOfSatisfying(
                        Planned.Refused.class,
                        refused -> assertThat(refused.why().why()).contains("n1 has no RDMA device"));
    }

    @Test
    void oneNodeAndPlainCommandsNeedNoTransport() {
        assertThat(accepted(plan(1, Optional.of(4), Optional.empty())).transport())
                .isEqualTo(Transport.NONE);
        assertThat(accepted(LaunchPlanner.plan(
                                nodes(3, ""), spec(Optional.of(3), Optional.empty(), false), MpiFamily.NONE))
                        .transport())
                .isEqualTo(Transport.NONE);
    }
}
