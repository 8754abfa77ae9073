package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.host.NodeName;
import dev.scc.job.JobSpec;
import dev.scc.job.Transport;
import dev.scc.job.pmix.PmixFrames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Open MPI 4: its ranks are started directly and find each other through our PMIx servers, or by one {@code mpirun} on the lead
 * node, which starts its daemons through our launch agent.
 *
 * <p>RDMA goes through libfabric's verbs provider with the reliable-message layer on top. Everything else that could carry
 * messages between nodes is switched off, so that the job fails rather than falls back.
 */
final class OpenMpi {
    /** Software RDMA devices have small completion queues: with libfabric's defaults it cannot create them. */
    private static final int MESSAGE_QUEUE = 64;

    private static final int ENDPOINT_QUEUE = 256;

    private OpenMpi() {}

    static Launch launch(LaunchPlan plan, JobSpec spec, LaunchSettings settings, Map<Member, NodeFacts> facts) {
        List<String> argv = new ArrayList<>(List.of(settings.mpirun()));
        if (settings.asRoot()) {
            argv.add("--allow-run-as-root");
        }
        if (spec.found().stage().isPresent()) {
            argv.addAll(List.of("--wdir", "/")); // Its own is not that of the other nodes; ours goes to theirs.
        }
        argv.addAll(List.of("-np", Integer.toString(plan.ranks())));
        argv.addAll(List.of("--host", hosts(plan), "--map-by", "slot", "--bind-to", "none"));
        argv.addAll(List.of("--mca", "plm", "rsh"));
        argv.addAll(List.of("--mca", "plm_rsh_agent", settings.rsh().toString()));
        argv.addAll(List.of("--mca", "oob_tcp_if_include", settings.vpcInterface()));
        parameters(plan, settings, facts).forEach((name, value) -> argv.addAll(List.of("--mca", name, value)));
        // The command's words are in the environment: mpirun would take a lone ":" among them for its own.
        argv.add(settings.rank().toString());
        return new Launch(plan.lead().node(), Optional.empty(), argv, Map.of());
    }

    /**
     * The ranks themselves.
     *
     * @param served what the PMIx server of each node has for its ranks
     */
    static List<Launch> ranks(
            LaunchPlan plan,
            JobSpec spec,
            LaunchSettings settings,
            Map<Member, NodeFacts> facts,
            Map<NodeName, Map<String, String>> served) {
        Map<String, String> common = new LinkedHashMap<>();
        parameters(plan, settings, facts).forEach((name, value) -> common.put("OMPI_MCA_" + name, value));
        // Otherwise it believes to be alone: of the launchers that start ranks themselves this asks the least
        // (schizo/jsm).
        common.put("JSM_JSRUN_PORT", "0");
        common.putAll(Guards.againstOpenMpi());
        String size = Integer.toString(plan.ranks());
        common.putAll(Map.of("OMPI_COMM_WORLD_SIZE", size, "OMPI_UNIVERSE_SIZE", size));
        List<Launch> launches = new ArrayList<>();
        for (Placement placement : plan.placements()) {
            NodeName node = placement.member().node();
            for (int rank : placement.ranks()) {
                Map<String, String> environment = new LinkedHashMap<>(common);
                environment.putAll(served.getOrDefault(node, Map.of()));
                environment.put(PmixFrames.RANK, Integer.toString(rank));
                String local = Integer.toString(rank - placement.first());
                environment.put("OMPI_COMM_WORLD_RANK", Integer.toString(rank));
                environment.put("OMPI_COMM_WORLD_LOCAL_RANK", local);
                environment.put("OMPI_COMM_WORLD_NODE_RANK", local);
                environment.put("OMPI_COMM_WORLD_LOCAL_SIZE", Integer.toString(placement.count()));
                environment.put("PMI_ID", Integer.toString(rank)); // See Guards: for a program of MPICH.
                launches.add(new Launch(node, Optional.of(rank), spec.argv(), environment));
            }
        }
        return launches;
    }

    private static String hosts(LaunchPlan plan) {
        return plan.placements().stream()
                .map(placement -> placement.member().node() + ":" + placement.count())
                .collect(Collectors.joining(","));
    }

    private static Map<String, String> parameters(
            LaunchPlan plan, LaunchSettings settings, Map<Member, NodeFacts> facts) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("orte_tmpdir_base", settings.jobDirectory().toString());
        parameters.put("btl_vader_backing_directory", settings.jobDirectory().toString());
        if (crowded(plan, facts)) {
            // Otherwise waiting ranks spin and keep the core from those that they wait for.
            parameters.put("mpi_yield_when_idle", "1");
        }
        switch (plan.transport()) {
            case RDMA -> {
                parameters.put("pml", "cm");
                parameters.put("mtl", "ofi");
                parameters.put("mtl_ofi_provider_include", "verbs;ofi_rxm");
            }
            case TCP -> {
                parameters.put("pml", "ob1");
                parameters.put("btl", "tcp,self,vader");
                parameters.put("btl_tcp_if_include", settings.vpcInterface());
            }
            case NONE -> {
                parameters.put("pml", "ob1");
                parameters.put("btl", "self,vader");
            }
        }
        return parameters;
    }

    private static boolean crowded(LaunchPlan plan, Map<Member, NodeFacts> facts) {
        return plan.placements().stream().anyMatch(placement -> {
            NodeFacts node = facts.get(placement.member());
            return node != null && placement.count() > node.cores();
        });
    }

    /** What {@code scc-rank} reads. */
    static Map<String, String> words(JobSpec spec) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SCC_RANK_WORDS", Integer.toString(spec.argv().size()));
        for (int word = 0; word < spec.argv().size(); word++) {
            environment.put("SCC_RANK_WORD_" + word, spec.argv().get(word));
        }
        return environment;
    }

    /** What libfabric reads in each rank; the interface names the GID, so it differs from segment to segment. */
    static Map<String, String> environment(LaunchPlan plan, Roster roster, Member member) {
        Map<String, String> environment = new LinkedHashMap<>();
        if (plan.transport() != Transport.RDMA) {
            return environment;
        }
        environment.put("FI_VERBS_IFACE", roster.segment().link(member.rdmaNetdev()));
        for (String direction : List.of("TX", "RX")) {
            environment.put("FI_OFI_RXM_MSG_" + direction + "_SIZE", Integer.toString(MESSAGE_QUEUE));
            environment.put("FI_OFI_RXM_" + direction + "_SIZE", Integer.toString(ENDPOINT_QUEUE));
            environment.put("FI_VERBS_" + direction + "_SIZE", Integer.toString(MESSAGE_QUEUE));
        }
        environment.put("FI_UNIVERSE_SIZE", Integer.toString(Math.max(16, plan.ranks())));
        return environment;
    }
}
