package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.job.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorsTest {
    /** Two sockets with four cores of two threads each; thread n of a core is n * 8 above the first. */
    private static Processors large() {
        return new Processors(IntStream.range(0, 8)
                .mapToObj(core -> new Processors.Core(core / 4, core / 2, List.of(core, core + 8)))
                .toList());
    }

    private static Mapping by(Mapping.By by) {
        return new Mapping(by, false);
    }

    @Test
    void eachRankIsBoundToACoreOrToItsJobsCoresInTheSameDomain() throws Exception {
        assertThat(large().take(by(Mapping.By.CORE), 3).cpus()).containsExactly("0,8", "1,9", "2,10");
        assertThat(large().take(by(Mapping.By.SOCKET), 3).cpus()).containsExactly("0,1,8,9", "4,12", "0,1,8,9");
        assertThat(large().take(by(Mapping.By.NUMA), 4).cpus()).containsExactly("0,8", "2,10", "4,12", "6,14");
        assertThat(large().take(by(Mapping.By.NODE), 2).cpus()).containsExactly("0,1,8,9", "0,1,8,9");
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
        assertThat(node.take(new Mapping(Mapping.By.CORE, true), 9).cpus()).hasSize(9);
        node.giveBack(first);
        assertThatThrownBy(() -> node.take(by(Mapping.By.CORE), 1)).isInstanceOf(IOException.class);
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
            Set<Processors.Core> seen = new HashSet<>();
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
            Files.writeString(topology.resolve("core_id"), "0\n");
            Path domain = Files.createDirectories(system.resolve("node/node" + cpu / 2));
            Files.writeString(domain.resolve("cpulist"), cpu / 2 == 0 ? "0-1\n" : "2,3\n");
        }

        assertThat(Processors.read(system, List.of(0, 1, 3)))
                .containsExactly(new Processors.Core(0, 0, List.of(0, 1)), new Processors.Core(1, 1, List.of(3)));
        assertThat(Processors.numbers(" 0-2,5\n")).containsExactly(0, 1, 2, 5);
        assertThat(Processors.ofThisMachine().take(by(Mapping.By.NODE), 1).cpus())
                .hasSize(1);
    }
}
