package dev.scc.job.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.host.NodeName;
import dev.scc.job.JobSpec;
import dev.scc.job.Launcher;
import dev.scc.job.MpiChoice;
import dev.scc.job.MpiFamily;
import dev.scc.job.RankSetting;
import dev.scc.job.TestCluster;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaunchesTest {
    private static final LaunchSettings SETTINGS = settings(false);
    private static final List<Member> MEMBERS = List.of(
            TestCluster.member(1, "a:7070", "rxe0"),
            TestCluster.member(2, "b:7070", "rxe0"),
            TestCluster.member(3, "c:7070", "rxe0"));

    private static LaunchSettings settings(boolean asRoot) {
        return new LaunchSettings(
                "eni0",
                "/usr/bin/mpirun.openmpi",
                Path.of("/x/scc-rsh"),
                Path.of("/x/scc-rank"),
                Path.of("/x/scc-pmix"),
                Path.of("/x/libscc-progress.so"),
                asRoot,
                Path.of("/run/scc/jobs/j"));
    }

    private static Launches launches(int ranks, MpiFamily family, boolean allowTcp, boolean prefix) {
        return launches(ranks, family, allowTcp, prefix, SETTINGS);
    }

    private static Launches launches(
            int ranks, MpiFamily family, boolean allowTcp, boolean prefix, LaunchSettings settings) {
        return launches(ranks, family, allowTcp, prefix, settings, MpiChoice.AUTO, List.of());
    }

    private static Launches launches(
            int ranks,
            MpiFamily family,
            boolean allowTcp,
            boolean prefix,
            LaunchSettings settings,
            MpiChoice choice,
            List<Member> withPmix) {
        Roster roster = TestCluster.rosterOf(MEMBERS);
        JobSpec spec = new JobSpec(
                List.of("./app", "-v"),
                Optional.of(ranks),
                Optional.empty(),
                choice,
                allowTcp,
                Map.of("A", "b"),
                "/home",
                prefix);
        LaunchPlan plan = ((Planned.Accepted) LaunchPlanner.plan(roster, spec, family)).plan();
        Map<Member, NodeFacts> facts = new LinkedHashMap<>();
        MEMBERS.forEach(member -> facts.put(
                member,
                new NodeFacts(
                        1,
                        4711,
                        Optional.of(3),
                        Optional.of(29_500),
                        Optional.of(104),
                        Optional.of(5),
                        withPmix.contains(member))));
        return new Launches(roster, plan, spec, settings, facts);
    }

    @Test
    void ranksAreToldWhereCheckpointsAreIfTheCallerHasSaidSo() {
        RankSetting setting = new RankSetting(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("/shared/run 7"));
        Roster roster = TestCluster.rosterOf(MEMBERS);
        JobSpec spec = JobSpec.of(List.of("app")).where(setting);
        LaunchPlan plan = ((Planned.Accepted) LaunchPlanner.plan(roster, spec, MpiFamily.NONE)).plan();

        assertThat(new Launches(roster, plan, spec, SETTINGS, Map.of()).environment(MEMBERS.getFirst()))
                .containsEntry("SCC_CHECKPOINT_DIR", "/shared/run 7");
        assertThat(launches(2, MpiFamily.NONE, true, false).environment(MEMBERS.getFirst()))
                .doesNotContainKey("SCC_CHECKPOINT_DIR");
        assertThat(setting.onlyPlanned().checkpoints()).isEmpty();
        assertThatThrownBy(() -> new RankSetting(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("run7")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"run7\" is no path from the root");
    }

    @Test
    void openMpiIsToldThatItMayRunAsRootOnlyIfItDoes() {
        Launch asRoot = launches(2, MpiFamily.OPENMPI, true, false, settings(true))
                .all(Map.of())
                .getFirst();
        Launch asUser =
                launches(2, MpiFamily.OPENMPI, true, false).all(Map.of()).getFirst();

        assertThat(asRoot.argv()).contains("--allow-run-as-root");
        assertThat(asUser.argv()).doesNotContain("--allow-run-as-root");
    }

    @Test
    void openMpiOverRdmaIsOneMpirunThatCannotFallBack() {
        Launches launches = launches(5, MpiFamily.OPENMPI, false, true);

        assertThat(launches.all(Map.of())).singleElement().satisfies(launch -> {
            assertThat(launch.node()).isEqualTo(new NodeName("n1"));
            assertThat(launch.rank()).isEmpty();
            assertThat(String.join(" ", launch.argv()))
                    .isEqualTo("/usr/bin/mpirun.openmpi -np 5 --host n1:2,n2:2,n3:1 --map-by slot"
                            + " --bind-to none --mca plm rsh --mca plm_rsh_agent /x/scc-rsh"
                            + " --mca oob_tcp_if_include eni0 --mca orte_tmpdir_base /run/scc/jobs/j"
                            + " --mca btl_vader_backing_directory /run/scc/jobs/j --mca mpi_yield_when_idle 1"
                            + " --mca pml cm --mca mtl ofi --mca mtl_ofi_provider_include verbs;ofi_rxm"
                            + " /x/scc-rank");
        });
        assertThat(launches.environment(MEMBERS.get(1)))
                .containsEntry("FI_VERBS_IFACE", "eth1.70")
                .containsEntry("FI_OFI_RXM_MSG_TX_SIZE", "64")
                .containsEntry("FI_OFI_RXM_RX_SIZE", "256")
                .containsEntry("FI_VERBS_RX_SIZE", "64")
                .containsEntry("FI_UNIVERSE_SIZE", "16")
                .containsEntry("SCC_NODE", "n2")
                .containsEntry("SCC_RANK_WORDS", "2")
                .containsEntry("SCC_RANK_WORD_0", "./app")
                .containsEntry("SCC_RANK_WORD_1", "-v")
                .containsEntry("A", "b");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "OPENMPI", "OPENMPI_PMIX"})
    void openMpiIsStartedDirectlyWhereAllItsNodesServePmix(MpiChoice choice) {
        Launches launches = launches(5, MpiFamily.OPENMPI, false, false, SETTINGS, choice, MEMBERS);
        List<Launch> all = launches.all(Map.of(
                new NodeName("n2"), Map.of("PMIX_NAMESPACE", "demo-1", "PMIX_RANK", "2", "PMIX_SERVER_URI4", "u")));

        assertThat(launches.launcher()).contains(Launcher.PMIX);
        assertThat(all)
                .extracting(Launch::rank)
                .extracting(Optional::orElseThrow)
                .containsExactly(0, 1, 2, 3, 4);
        assertThat(all.get(3).node()).isEqualTo(new NodeName("n2"));
        assertThat(all.get(3).argv()).containsExactly("./app", "-v");
        assertThat(all.get(3).environment())
                .containsEntry("PMIX_RANK", "3")
                .containsEntry("PMIX_SERVER_URI4", "u")
                .containsEntry("OMPI_COMM_WORLD_RANK", "3")
                .containsEntry("OMPI_COMM_WORLD_LOCAL_RANK", "1")
                .containsEntry("OMPI_COMM_WORLD_LOCAL_SIZE", "2")
                .containsEntry("OMPI_COMM_WORLD_SIZE", "5")
                .containsEntry("OMPI_MCA_pml", "cm")
                .containsEntry("OMPI_MCA_mtl", "ofi")
                .containsEntry("OMPI_MCA_mtl_ofi_provider_include", "verbs;ofi_rxm")
                .containsEntry("OMPI_MCA_ess_singleton_server", "file:" + Guards.OPENMPI_MARK)
                .doesNotContainKeys("OMPI_MCA_plm", "OMPI_MCA_plm_rsh_agent");
        assertThat(launches.environment(MEMBERS.get(1)))
                .containsEntry("FI_VERBS_IFACE", "eth1.70")
                .containsEntry("PMI_PORT", "127.0.0.1:4711")
                .doesNotContainKey("SCC_RANK_WORDS");
    }

    @Test
    void openMpiHasItsOwnLauncherOtherwise() {
        Launches missing = launches(5, MpiFamily.OPENMPI, true, false, SETTINGS, MpiChoice.AUTO, MEMBERS.subList(0, 2));
        Launches wanted = launches(5, MpiFamily.OPENMPI, true, false, SETTINGS, MpiChoice.OPENMPI_MPIRUN, MEMBERS);

        assertThat(missing.launcher()).contains(Launcher.MPIRUN);
        assertThat(missing.withoutPmix()).contains(new NodeName("n3"));
        assertThat(wanted.launcher()).contains(Launcher.MPIRUN);
        assertThat(wanted.all(Map.of()).getFirst().argv()).contains("/x/scc-rank");
        assertThat(launches(5, MpiFamily.MPICH, true, false).launcher()).isEmpty();
    }

    @Test
    void openMpiOverTcpStaysOnTheVpc() {
        Launches launches = launches(3, MpiFamily.OPENMPI, true, false);

        assertThat(String.join(" ", launches.all(Map.of()).getFirst().argv()))
                .contains("--mca pml ob1 --mca btl tcp,self,vader --mca btl_tcp_if_include eni0")
                .doesNotContain("--tag-output", "yield", "mtl");
        assertThat(launches.environment(MEMBERS.getFirst())).doesNotContainKey("FI_VERBS_IFACE");
    }

    @Test
    void mpichRanksAreStartedDirectlyAndToldWhereTheirServerIs() {
        Launches launches = launches(4, MpiFamily.MPICH, true, false);

        assertThat(launches.all(Map.of()))
                .extracting(Launch::node, Launch::rank)
                .extracting(Object::toString)
                .containsExactly("(n1, Optional[0])", "(n1, Optional[1])", "(n2, Optional[2])", "(n3, Optional[3])");
        assertThat(launches.all(Map.of()).get(2).environment())
                .isEqualTo(Map.of("PMI_PORT", "127.0.0.1:4711", "PMI_ID", "2"));
        assertThat(launches.processMapping()).isEqualTo("(vector,(0,1,2),(1,2,1))");
        assertThat(launches.environment(MEMBERS.getFirst()))
                .containsEntry("LD_PRELOAD", "/x/libscc-progress.so")
                .containsEntry("UCX_TLS", "tcp,self,sm")
                .containsEntry("UCX_NET_DEVICES", "eni0");
    }

    @Test
    void evenPlacementIsOneBlockOfTheMapping() {
        assertThat(launches(6, MpiFamily.MPICH, true, false).processMapping()).isEqualTo("(vector,(0,3,2))");
    }

    @Test
    void ranksOfTorchAreToldWhatTorchrunAndNcclRead() {
        Launches launches = launches(5, MpiFamily.TORCH, false, false);

        assertThat(launches.all(Map.of())).hasSize(5);
        assertThat(launches.all(Map.of()).get(3).node()).isEqualTo(new NodeName("n2"));
        assertThat(launches.all(Map.of()).get(3).environment())
                .isEqualTo(Map.of("SCC_RANK", "3", "RANK", "3", "ROLE_RANK", "3", "LOCAL_RANK", "1"));
        assertThat(launches.environment(MEMBERS.get(1)))
                .containsEntry("MASTER_ADDR", "172.16.0.1")
                .containsEntry("MASTER_PORT", "29500")
                .containsEntry("WORLD_SIZE", "5")
                .containsEntry("LOCAL_WORLD_SIZE", "2")
                .containsEntry("NODE_RANK", "1")
                .containsEntry("GROUP_RANK", "1")
                .containsEntry("GROUP_WORLD_SIZE", "3")
                .containsEntry("NCCL_SOCKET_IFNAME", "=eni0")
                .containsEntry("GLOO_SOCKET_IFNAME", "eni0")
                .containsEntry("NCCL_NET", "IB")
                .containsEntry("NCCL_IB_HCA", "=rxe0:1")
                .containsEntry("NCCL_IB_GID_INDEX", "3")
                .containsEntry("NCCL_IB_TC", "104")
                .containsEntry("NCCL_IB_SL", "5")
                .doesNotContainKeys("NCCL_IB_DISABLE", "OMPI_MCA_ess_singleton_server", "LD_PRELOAD");
    }

    @Test
    void ranksOfTorchOverTcpHaveNoOtherWay() {
        assertThat(launches(5, MpiFamily.TORCH, true, false).environment(MEMBERS.get(2)))
                .containsEntry("NCCL_NET", "Socket")
                .containsEntry("NCCL_IB_DISABLE", "1")
                .containsEntry("LOCAL_WORLD_SIZE", "1")
                .doesNotContainKey("NCCL_IB_HCA");
    }

    @Test
    void plainRanksKnowTheirNumberAndTheOthersAddresses() {
        Launches launches = launches(3, MpiFamily.NONE, false, false);

        assertThat(launches.all(Map.of())).hasSize(3);
        assertThat(launches.all(Map.of()).get(1).environment())
                .isEqualTo(Map.of("SCC_RANK", "1", "PMI_PORT", "127.0.0.1:4711", "PMI_ID", "1"));
        assertThat(launches.environment(MEMBERS.get(1)))
                .containsEntry("OMPI_MCA_ess_singleton_server", "file:" + Guards.OPENMPI_MARK)
                .containsEntry("SCC_SIZE", "3")
                .containsEntry("SCC_HOSTS", "n1,n2,n3")
                .containsEntry("SCC_VPC_ADDRESSES", "172.16.0.1,172.16.0.2,172.16.0.3")
                .containsEntry("SCC_RDMA_ADDRESSES", "10.70.0.1,10.70.0.2,10.70.0.3");
    }
}
