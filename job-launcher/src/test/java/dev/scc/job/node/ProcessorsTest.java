package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.job.Mapping;
import dev.scc.job.RankSeat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorsTest {
    /** Of the domains of {@link #large}, and one that is in none. */
    private static final Rails RAILS = new Rails(
            List.of(rail("mlx5_0", 0), rail("mlx5_1", 2), rail("mlx5_2", 3), new Rails.Rail("rxe0", Optional.empty())),
            Map.of());

    private static Rails.Rail rail(String device, int numa) {
        return new Rails.Rail(device, Optional.of(numa));
    }

    /** Two sockets with four cores of two threads each; thread n of a core is n * 8 above the first. */
    private static Processors large() {
        List<Core> cores = IntStream.range(0, 8)
                .mapToObj(core -> new Core(core / 4, core / 2, List.of(core, core + 8)))
                .toList();
        return new Processors(() -> cores, () -> RAILS);
    }

    private static Mapping by(Mapping.By by) {
        return new Mapping(by, false);
    }

    @Test
    void eachRankIsBoundToACoreOrToItsJobsCoresInTheSameDomain() throws Exception {
        assertThat(large().take(by(Mapping.By.CORE), 3).cpus()).containsExactly("0,8", "1,9", "2,10");
        assertThat(large().take(by(Mapping.By.SOCKET), 3).cpus()).containsExactly("0-1,8-9", "4,12", "0-1,8-9");
        assertThat(large().take(by(Mapping.By.NUMA), 4).cpus()).containsExactly("0,8", "2,10", "4,12", "6,14");
        assertThat(large().take(by(Mapping.By.NODE), 2).cpus()).containsExactly("0-1,8-9", "0-1,8-9");
    }

    @Test
    void aRankPerRailHasACoreInItsDomain() throws Exception {
        Processors node = large();

        Processors.Share share = node.take(by(Mapping.By.RAIL), 3);

        assertThat(share.rails()).containsExactly("mlx5_0", "mlx5_1", "mlx5_2");
        assertThat(share.cores()).extracting(Core::numa).containsExactly(0, 2, 3);
        assertThat(share.cpus()).containsExactly("0,8", "4,12", "6,14");
        assertThat(node.seats(share, "mlx5_0"))
                .containsExactly(
                        new RankSeat(Optional.of(0), Optional.of("mlx5_0"), Optional.of("mlx5_0")),
                        new RankSeat(Optional.of(2), Optional.of("mlx5_1"), Optional.of("mlx5_1")),
                        new RankSeat(Optional.of(3), Optional.of("mlx5_2"), Optional.of("mlx5_2")));
        assertThatThrownBy(() -> node.take(by(Mapping.By.RAIL), 5))
                .isInstanceOf(Processors.NotEnough.class)
                .hasMessageContaining("4 RDMA devices, mlx5_0, mlx5_1, mlx5_2, rxe0, and the job wants 5 ranks there");
        assertThat(node.take(new Mapping(Mapping.By.RAIL, true), 5).rails())
                .containsExactly("mlx5_0", "mlx5_1", "mlx5_2", "rxe0", "mlx5_0");
    }

    @Test
    void aNodeWithOneDeviceHasNoRails() {
        Processors one = new Processors(
                () -> List.of(new Core(0, 0, List.of(0))), () -> new Rails(List.of(rail("rxe7", 0)), Map.of()));
        Processors none =
                new Processors(() -> List.of(new Core(0, 0, List.of(0))), () -> new Rails(List.of(), Map.of()));

        assertThatThrownBy(() -> one.take(new Mapping(Mapping.By.RAIL, true), 1))
                .isInstanceOf(Processors.NotEnough.class)
                .hasMessageContaining("one RDMA device only, rxe7");
        assertThatThrownBy(() -> none.take(by(Mapping.By.RAIL), 1)).hasMessageContaining("has no RDMA device");
    }

    @Test
    void ranksThatAreBoundToSeveralDomainsAreNearNoDevice() throws Exception {
        Processors node = large();

        List<RankSeat> seats = node.seats(node.take(by(Mapping.By.NODE), 3), "mlx5_0");

        assertThat(seats).containsOnly(new RankSeat(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void jobsShareNoCoreUnlessTheyAskForIt() throws Exception {
        Processors node = large();
        Processors.Share first = node.take(by(Mapping.By.CORE), 6);

        assertThatThrownBy(() -> node.take(by(Mapping.By.CORE), 3))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("8 cores, 2 of them without ranks")
                .hasMessageContaining("--oversubscribe");
        assertThat(node.take(by(Mapping.By.CORE), 2).cpus()).containsExactly("6,14", "7,15");
        assertThatThrownBy(() -> node.take(new Mapping(Mapping.By.CORE, true), 1))
                .isInstanceOf(Processors.NotEnough.class)
                .hasMessageContaining("all are held by jobs without --oversubscribe");
        node.giveBack(first);
        assertThat(node.take(by(Mapping.By.CORE), 6).cpus()).hasSize(6);
    }

    @Test
    void onlyJobsThatAllShareHaveTheSameCores() throws Exception {
        Mapping sharing = new Mapping(Mapping.By.CORE, true);
        Processors node = large();
        Processors.Share alone = node.take(by(Mapping.By.CORE), 6);

        Processors.Share crowd = node.take(sharing, 5);

        assertThat(crowd.cpus()).containsOnly("6,14", "7,15").hasSize(5);
        assertThat(node.take(sharing, 1).cpus()).containsExactly("7,15");
        assertThatThrownBy(() -> node.take(by(Mapping.By.CORE), 1)).isInstanceOf(Processors.NotEnough.class);
        node.giveBack(alone);
        assertThat(node.take(by(Mapping.By.CORE), 6).cores()).isEqualTo(alone.cores());
    }

    /** A job's core stays its own when one of its threads has gone. */
    @Test
    void coresAreLookedForAtEachTake() throws Exception {
        List<Core> now = new ArrayList<>(List.of(new Core(0, 0, List.of(0, 2))));
        Processors node = new Processors(() -> List.copyOf(now), () -> RAILS);
        node.take(by(Mapping.By.CORE), 1);
        now.set(0, new Core(0, 0, List.of(2)));

        assertThatThrownBy(() -> node.take(by(Mapping.By.CORE), 1)).isInstanceOf(Processors.NotEnough.class);
        now.add(new Core(0, 0, List.of(1)));
        assertThat(node.take(by(Mapping.By.CORE), 1).cpus()).containsExactly("1");
    }

    @Test
    void whatCannotBeReadIsSaidToTheJobThatWantsCores() {
        Processors node = new Processors(
                () -> {
                    throw new IOException("no sysfs");
                },
                () -> RAILS);

        assertThatThrownBy(() -> node.take(by(Mapping.By.CORE), 1)).hasMessage("no sysfs");
    }

    @Test
    void processorsThatAreOfflineAreNoneAndThreadsOfACoreAreFoundByTheirList(@TempDir Path system) throws Exception {
        for (int cpu = 0; cpu < 4; cpu++) {
            Path topology = Files.createDirectories(system.resolve("cpu/cpu" + cpu + "/topology"));
            Files.writeString(topology.resolve("core_id"), "0\n"); // The same on two dies.
            String name = cpu % 2 == 0 ? "core_cpus_list" : "thread_siblings_list";
            Files.writeString(topology.resolve(name), cpu % 2 + "," + (cpu % 2 + 2) + "\n");
        }
        Files.writeString(system.resolve("cpu/online"), "0-2\n");

        assertThat(Core.read(system, IntStream.range(0, 64).boxed().toList()))
                .containsExactly(new Core(0, 0, List.of(0, 2)), new Core(0, 0, List.of(1)));
    }

    @Test
    void whateverJobsComeAndGoNoTwoRanksHaveACoreAndAllComeBack() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Processors node = large();
        List<Processors.Share> shares = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            if (random.nextBoolean() && !shares.isEmpty()) {
                node.giveBack(shares.remove(random.nextInt(shares.size())));
            } else {
                try {
                    Mapping.By[] all = Mapping.By.values();
                    shares.add(node.take(by(all[random.nextInt(all.length)]), 1 + random.nextInt(4)));
                } catch (IOException e) {
                    assertThat(shares).as("seed " + seed).isNotEmpty();
                }
            }
            Set<Core> seen = new HashSet<>();
            shares.forEach(share -> share.cores()
                    .forEach(core ->
                            assertThat(seen.add(core)).as("seed " + seed).isTrue()));
        }
        shares.forEach(node::giveBack);
        assertThat(node.take(by(Mapping.By.CORE), 8).cores()).doesNotHaveDuplicates();
    }

    @Test
    void sysfsSaysWhichThreadsAreACoreAndWhereItIs(@TempDir Path system) throws Exception {
        for (int cpu = 0; cpu < 4; cpu++) {
            Path topology = Files.createDirectories(system.resolve("cpu/cpu" + cpu + "/topology"));
            Files.writeString(topology.resolve("physical_package_id"), cpu / 2 + "\n");
            Files.writeString(topology.resolve("core_cpus_list"), cpu / 2 == 0 ? "0-1\n" : "2-3\n");
            Path domain = Files.createDirectories(system.resolve("node/node" + cpu / 2));
            Files.writeString(domain.resolve("cpulist"), cpu / 2 == 0 ? "0-1\n" : "2,3\n");
        }

        assertThat(Core.read(system, List.of(0, 1, 3)))
                .containsExactly(new Core(0, 0, List.of(0, 1)), new Core(1, 1, List.of(3)));
        assertThat(CpuList.numbers(" 0-2,5\n")).containsExactly(0, 1, 2, 5);
        assertThat(Processors.ofThisMachine().take(by(Mapping.By.NODE), 1).cpus())
                .hasSize(1);
    }
}
