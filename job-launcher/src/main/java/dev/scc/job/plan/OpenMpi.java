package dev.scc.job.plan;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.job.JobSpec;
import dev.scc.job.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Open MPI 4: one {@code mpirun} on the lead node, which starts its daemons through our launch agent.
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
        parameters(plan, settings, facts).forEach((name, value) -> argv.addAll(List.of("--mca", name, value)));
        // The command's words are in the environment: mpirun would take a lone ":" among them for its own.
        argv.add(settings.rank().toString());
        return new Launch(plan.lead().node(), Optional.empty(), argv, Map.of());
    }

    private static String hosts(LaunchPlan plan) {
        return plan.placements().stream()
                .map(placement -> placement.member().node() + ":" + placement.count())
                .collect(Collectors.joining(","));
    }

    private static Map<String, String> parameters(
            LaunchPlan plan, LaunchSettings settings, Map<Member, NodeFacts> facts) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("plm", "rsh");
        parameters.put("plm_rsh_agent", settings.rsh().toString());
        parameters.put("oob_tcp_if_include", settings.vpcInterface());
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

    /**
     * What {@code scc-rank} and libfabric read in each rank; the interface names the GID, so it differs from segment to
     * segment.
     */
    static Map<String, String> environment(LaunchPlan plan, JobSpec spec, Roster roster, Member member) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SCC_RANK_WORDS", Integer.toString(spec.argv().size()));
        for (int word = 0; word < spec.argv().size(); word++) {
            environment.put("SCC_RANK_WORD_" + word, spec.argv().get(word));
        }
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
