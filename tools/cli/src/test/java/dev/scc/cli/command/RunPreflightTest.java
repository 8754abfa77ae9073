package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.doctor.Finding;
import dev.scc.fabric.segment.Segment;
import dev.scc.host.Cidr;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunPreflightTest {
    private static final Roster ROSTER = new Roster(
            new ClusterName("demo"),
            1,
            1,
            VpcNetwork.of("demo", new Vni(70), Cidr.parse("172.16.0.0/24")),
            Segment.of(new VlanId(70), Cidr.parse("10.70.0.0/24")),
            List.of(member(1), member(2), member(3)));

    private final List<String> remarks = new ArrayList<>();

    private static Member member(int number) {
        return new Member(
                new NodeName("n" + number),
                Ipv4.parse("10.99.0." + (10 + number)),
                "10.99.0." + (10 + number) + ":7070",
                Ipv4.parse("172.16.0." + number),
                Ipv4.parse("10.70.0." + number),
                "rxe0",
                "eth1");
    }

    private void check(MpiChoice mpi, boolean allowTcp, int ranks, Finding.Severity severity) throws Failure {
        JobSpec spec = new JobSpec(
                List.of("hostname"), Optional.of(ranks), Optional.empty(), mpi, allowTcp, Map.of(), "/", false);
        RunPreflight.of("run on demo", ROSTER, spec, remarks::add)
                .check(List.of(new Finding("port-down", severity, new NodeName("n2"), "it is down", "ip link set up")));
    }

    @ParameterizedTest
    @CsvSource({"OPENMPI", "MPICH", "TORCH"})
    void aJobThatIsKnownToNeedRdmaBetweenNodesIsRefusedWhereItDoesNotWork(MpiChoice mpi) {
        assertThatThrownBy(() -> check(mpi, false, 3, Finding.Severity.ERROR))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.status()).isEqualTo(ExitStatus.REFUSED))
                .hasMessageContaining("it is down");
        assertThat(remarks).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"AUTO,false,3", "NONE,false,3", "OPENMPI,true,3", "OPENMPI,false,1"})
    void oneThatMayDoWithoutIsStartedAndTheFindingSaid(MpiChoice mpi, boolean allowTcp, int ranks) throws Failure {
        check(mpi, allowTcp, ranks, Finding.Severity.ERROR);

        assertThat(remarks).singleElement().asString().contains("n2", "port-down", "it is down", "ip link set up");
    }

    @Test
    void aWarningIsOnlySaid() throws Failure {
        check(MpiChoice.MPICH, false, 3, Finding.Severity.WARNING);

        assertThat(remarks).hasSize(1);
    }

    private static Finding memlock(int node, String bytes) {
        return new Finding(
                "memlock", Finding.Severity.WARNING, new NodeName("n" + node), bytes + " bytes", "ulimit -l unlimited");
    }

    private RunPreflight preflight(MpiChoice mpi) {
        JobSpec spec =
                new JobSpec(List.of("hostname"), Optional.of(3), Optional.empty(), mpi, false, Map.of(), "/", false);
        return RunPreflight.of("run on demo", ROSTER, spec, remarks::add);
    }

    @Test
    void whatManyNodesHaveInCommonIsOneLine() throws Failure {
        preflight(MpiChoice.MPICH)
                .check(List.of(
                        memlock(2, "65536"),
                        new Finding("ecn-off", Finding.Severity.WARNING, new NodeName("n3"), "off", "echo 1"),
                        memlock(1, "65536"),
                        memlock(3, "65536")));

        assertThat(remarks)
                .containsExactly(
                        "n[1-3]: memlock: 65536 bytes (mend it there: ulimit -l unlimited)",
                        "n3: ecn-off: off (mend it there: echo 1)");
    }

    @Test
    void whereEvidenceDiffersThatOfOneIsSaid() throws Failure {
        preflight(MpiChoice.MPICH).check(List.of(memlock(1, "65536"), memlock(2, "4096"), memlock(3, "4096")));

        assertThat(remarks)
                .containsExactly(
                        "n[1-3]: memlock: on n1 65536 bytes (and 1 more, see scc doctor) (mend it there: ulimit"
                                + " -l unlimited)");
    }

    @Test
    void aRefusalNamesAllNodesOfItsRule() {
        List<Finding> down = List.of(
                new Finding("port-down", Finding.Severity.ERROR, new NodeName("n1"), "it is down", "ip link set up"),
                new Finding("port-down", Finding.Severity.ERROR, new NodeName("n3"), "it is down", "ip link set up"));

        assertThatThrownBy(() -> preflight(MpiChoice.MPICH).check(down))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.problem().node()).isEqualTo("n[1,3]"));
    }
}
