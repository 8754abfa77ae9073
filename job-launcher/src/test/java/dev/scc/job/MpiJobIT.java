package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.CommandFailed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both families of MPI, with their real libraries, on two agents of this machine. */
@Timeout(240)
class MpiJobIT {
    private static final Duration PROMPTLY = Duration.ofSeconds(20);

    private static Map<MpiFamily, Path> programs = Map.of();
    private TestCluster cluster;

    @BeforeAll
    static void compile() throws IOException, CommandFailed {
        programs = Map.of(
                MpiFamily.MPICH, TestPrograms.compile("ring", "mpicc.mpich"),
                MpiFamily.OPENMPI, TestPrograms.compile("ring", "mpicc.openmpi"));
    }

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(2);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            assertThat(cluster.leftovers()).isEmpty();
        } finally {
            cluster.stop();
        }
    }

    private static String program(MpiFamily family) {
        return Objects.requireNonNull(programs.get(family)).toString();
    }

    private TestCluster.Run run(MpiFamily family, int ranks, String... arguments) throws Exception {
        return run(family, MpiChoice.AUTO, ranks, arguments);
    }

    private TestCluster.Run run(MpiFamily family, MpiChoice choice, int ranks, String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(List.of(program(family)));
        argv.addAll(List.of(arguments));
        return cluster.run(new JobSpec(argv, Optional.of(ranks), Optional.empty(), choice, true, Map.of(), "/", false));
    }

    /** A way to start a job. */
    private static MpiFamily family(MpiChoice choice) {
        return choice == MpiChoice.MPICH ? MpiFamily.MPICH : MpiFamily.OPENMPI;
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI_PMIX", "OPENMPI_MPIRUN"})
    void ranksOnTwoNodesFindEachOther(MpiChoice choice) throws Exception {
        TestCluster.Run run = run(family(choice), choice, 4);

        assertThat(run.cause()).as(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output().lines())
                .containsExactlyInAnyOrder(
                        "rank 0 of 4, sum 10", "rank 1 of 4, sum 10", "rank 2 of 4, sum 10", "rank 3 of 4, sum 10");
        Receipt receipt = run.receipt().orElseThrow();
        assertThat(receipt.mpi()).isEqualTo(family(choice));
        assertThat(receipt.transport()).isEqualTo(Transport.TCP);
        assertThat(receipt.ranks()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI"})
    void severalRanksOnOneNodeShareItsMemory(MpiFamily family) throws Exception {
        TestCluster.Run run = cluster.run(new JobSpec(
                List.of(program(family)), Optional.of(4), Optional.of(4), MpiChoice.AUTO, false, Map.of(), "/", false));

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output().lines()).hasSize(4).allMatch(line -> line.endsWith("of 4, sum 10"));
        assertThat(run.receipt().orElseThrow().transport()).isEqualTo(Transport.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI"})
    void aProgramThatNobodySeesBeforehandIsToldHowToRunIt(MpiFamily family) throws Exception {
        TestCluster.Run run = cluster.run(TestCluster.spec(
                2, MpiChoice.AUTO, "sh", "-c", "p=" + program(family).replace("ring", "r''ing") + "; eval $p || true"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.cause().orElseThrow()).endsWith("say --mpi " + family.text());
        assertThat(run.output()).doesNotContain("of 1");
    }

    @Test
    void oneFamilyUnderTheLauncherOfTheOtherIsNoJob() throws Exception {
        TestCluster.Run mpich = cluster.run(TestCluster.spec(2, MpiChoice.OPENMPI_PMIX, program(MpiFamily.MPICH)));
        TestCluster.Run openMpi = cluster.run(TestCluster.spec(2, MpiChoice.MPICH, program(MpiFamily.OPENMPI)));

        assertThat(mpich.cause().orElseThrow()).endsWith("say --mpi mpich");
        assertThat(openMpi.cause().orElseThrow()).endsWith("say --mpi openmpi");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENMPI_MPIRUN", "OPENMPI_PMIX", "NONE"})
    void theWordsOfAJobAreItsOwn(MpiChoice mpi) throws Exception {
        String odd = "\uf7e9\uf7ff \u00e9 $x ;";

        TestCluster.Run run = cluster.run(
                TestCluster.spec(1, mpi, "sh", "-c", "printf '[%s]' \"$@\" | od -An -tx1", "sh", "a", ":", odd));

        assertThat(run.output().replaceAll("\\s", ""))
                .as(run.errors())
                .isEqualTo("5b615d5b3a5d5b" + "e9ff" + "20c3a9202478203b" + "5d");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENMPI_MPIRUN", "OPENMPI_PMIX"})
    void rankZeroReadsTheCallersInputToItsEnd(MpiChoice mpi) throws Exception {
        byte[] input = new byte[3 << 20];

        TestCluster.Run run = cluster.run(TestCluster.spec(2, mpi, "wc", "-c"), new ByteArrayInputStream(input));

        assertThat(run.output().lines().map(String::strip))
                .as(run.errors())
                .containsExactlyInAnyOrder("0", Integer.toString(input.length));
    }

    @Test
    void aCallerIsNotReadFasterThanItsJobReads() throws Exception {
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return read(new byte[1], 0, 1);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                read.addAndGet(length);
                return length;
            }
        };

        TestCluster.Run run = cluster.run(TestCluster.spec(1, MpiChoice.NONE, "sleep", "2"), endless);

        assertThat(run.exitCode()).isZero();
        // For each of the two connections on the way gRPC's window grows to 8 MiB and the kernel holds up to 10 MiB;
        // without windows it would be gigabytes.
        assertThat(read.get()).isLessThan(64 << 20);
    }

    @Test
    void linesOfRanksUnderMpirunStayWholeAndHaveTheirRank() throws Exception {
        JobSpec spec = new JobSpec(
                List.of(
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt 500 ]; do printf '%s-' $OMPI_COMM_WORLD_RANK; echo $i; i=$((i+1)); done"),
                Optional.of(4),
                Optional.empty(),
                MpiChoice.OPENMPI_MPIRUN,
                true,
                Map.of(),
                "/",
                true);

        TestCluster.Run run = cluster.run(spec);

        assertThat(run.output().lines()).hasSize(2_000).allMatch(line -> line.matches("\\[(\\d) n[12]] \\1-\\d+"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI"})
    void unevenPlacementWorks(MpiFamily family) throws Exception {
        TestCluster.Run run = run(family, 3);

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output().lines()).hasSize(3).allMatch(line -> line.endsWith("of 3, sum 6"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI"})
    void oneRankWorks(MpiFamily family) throws Exception {
        TestCluster.Run run = run(family, 1);

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.output()).isEqualTo("rank 0 of 1, sum 1\n");
        assertThat(run.receipt().orElseThrow().transport()).isEqualTo(Transport.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI_PMIX", "OPENMPI_MPIRUN"})
    void rankThatSegfaultsEndsTheJobAndIsNamed(MpiChoice choice) throws Exception {
        long begin = System.nanoTime();

        TestCluster.Run run = run(family(choice), choice, 4, "2", "segv", "2");

        assertThat(run.exitCode()).isEqualTo(139);
        assertThat(run.cause()).contains("rank 2 on n2 was killed by SIGSEGV (segmentation fault)");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PROMPTLY);
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI"})
    void rankThatExitsEarlyEndsTheJobAndItsStatusPassesThrough(MpiFamily family) throws Exception {
        TestCluster.Run run = run(family, 4, "2", "exit", "3", "17");

        assertThat(run.exitCode()).isEqualTo(17);
        assertThat(run.cause()).contains("rank 3 on n2 ended with exit status 17");
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI_PMIX", "OPENMPI_MPIRUN"})
    void abortEndsTheJobWithItsCode(MpiChoice choice) throws Exception {
        TestCluster.Run run = run(family(choice), choice, 4, "2", "abort", "1", "5");

        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.cause()).isPresent();
    }

    @Test
    void serverOfANodesRanksThatIsKilledEndsTheJobAndIsNamed() throws Exception {
        String kill =
                "[ $SCC_NODE = n1 ] || exec sleep 60; u=${PMIX_SERVER_URI4#pmix-server.}; kill -9 ${u%%;*}; sleep 60";

        TestCluster.Run run = cluster.run(TestCluster.spec(2, MpiChoice.OPENMPI_PMIX, "sh", "-c", kill));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.cause().orElseThrow()).startsWith("the job's PMIx server on n1 was killed by SIGKILL");
        assertThat(run.left()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"MPICH", "OPENMPI_PMIX"})
    void rankThatEndsWellWithoutFinalizeEndsTheJob(MpiChoice choice) throws Exception {
        TestCluster.Run run = run(family(choice), choice, 4, "2", "exit", "3", "0");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.cause()).contains("rank 3 on n2 ended without MPI_Finalize");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENMPI_MPIRUN", "OPENMPI_PMIX"})
    void missingExecutableUnderOpenMpiIsNamed(MpiChoice mpi) throws Exception {
        TestCluster.Run run = cluster.run(TestCluster.spec(2, mpi, "/no/such/program"));

        assertThat(run.exitCode()).isEqualTo(127);
        assertThat(run.cause().orElseThrow())
                .matches("rank [01] on n[12] could not be started: /no/such/program: No such file or directory");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENMPI_MPIRUN", "OPENMPI_PMIX"})
    void environmentReachesRanksUnderOpenMpiOnEveryNode(MpiChoice mpi) throws Exception {
        JobSpec spec = new JobSpec(
                List.of("sh", "-c", "echo $OMPI_COMM_WORLD_RANK $SCC_NODE $GREETING"),
                Optional.of(2),
                Optional.empty(),
                mpi,
                true,
                Map.of("GREETING", "good day = 1"),
                "/",
                false);

        TestCluster.Run run = cluster.run(spec);

        assertThat(run.output().lines()).containsExactlyInAnyOrder("0 n1 good day = 1", "1 n2 good day = 1");
    }

    @Test
    void outputOfOpenMpiIsTaggedWhenAskedFor() throws Exception {
        JobSpec spec = new JobSpec(
                List.of(program(MpiFamily.OPENMPI)),
                Optional.of(2),
                Optional.empty(),
                MpiChoice.AUTO,
                true,
                Map.of(),
                "/",
                true);

        TestCluster.Run run = cluster.run(spec);

        assertThat(run.output().lines())
                .containsExactlyInAnyOrder("[0 n1] rank 0 of 2, sum 3", "[1 n2] rank 1 of 2, sum 3");
    }

    @Test
    void mpichWithoutRdmaAndWithoutPermissionIsRefusedBeforeItStarts() throws Exception {
        JobSpec spec = new JobSpec(
                List.of(program(MpiFamily.MPICH)),
                Optional.of(2),
                Optional.empty(),
                MpiChoice.AUTO,
                false,
                Map.of(),
                "/",
                false);

        TestCluster.Run run = cluster.run(spec);

        assertThat(run.exitCode()).isEqualTo(6);
        assertThat(run.cause().orElseThrow()).contains("would not use RDMA");
        assertThat(run.started()).isEmpty();
        assertThat(run.receipt()).isEmpty();
    }
}
